"""An installed host in a Pulumi program."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from clusterwright.provider.resources.pending import Pending


class OsInstall(pulumi.CustomResource):
    """The operating system of one host: installed once; another `again` installs it once more."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        host: str,
        host_address: str,
        user: str,
        method: str,
        image: str,
        answer_name: str,
        answer: str,
        boot_menu: str,
        digest: str,
        serve_address: str,
        serve_port: int,
        sha256: str = "",
        again: str = "",
        coolant: Mapping[str, Mapping[str, Any]] | None = None,
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "host": host,
            "hostAddress": host_address,
            "user": user,
            "method": method,
            "image": image,
            "sha256": sha256,
            "answerName": answer_name,
            "answer": answer,
            "bootMenu": boot_menu,
            "digest": digest,
            "again": again,
            "serveAddress": serve_address,
            "servePort": serve_port,
            "coolant": {loop: dict(one) for loop, one in (coolant or {}).items()},
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:hosts:OsInstall", name, inputs, opts)
