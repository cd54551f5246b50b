"""The reaction of a device to a leak in a Pulumi program."""

from collections.abc import Sequence

import pulumi

from clusterwright.provider.resources.pending import Pending


class LeakPolicy(pulumi.CustomResource):
    """What a server or a CDU does by itself when it finds a leak."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        reaction: str,
        delay_s: int = 0,
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "reaction": reaction,
            "delayS": delay_s,
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:LeakPolicy", name, inputs, opts)
