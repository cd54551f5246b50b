"""One device's firmware in a Pulumi program."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from clusterwright.provider.resources.pending import Pending


class Firmware(pulumi.CustomResource):
    """The versions that shall run on one device's components, by their ids in its inventory."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        components: Mapping[str, Mapping[str, str | int]],
        downgrade: bool = False,
        cords: Sequence[Mapping[str, str | int]] = (),
        coolant: Mapping[str, Mapping[str, Any]] | None = None,
        host: Mapping[str, str] | None = None,
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "components": {part: dict(one) for part, one in components.items()},
            "downgrade": downgrade,
            "cords": [dict(cord) for cord in cords],
            "coolant": {loop: dict(one) for loop, one in (coolant or {}).items()},
            "host": dict(host) if host else None,
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:Firmware", name, inputs, opts)
