"""A rack PDU in a Pulumi program."""

from collections.abc import Mapping, Sequence

import pulumi

from clusterwright.provider.resources.pending import Pending


class RackPower(pulumi.CustomResource):
    """The outlets of a rack PDU, On or Off by number; others are left alone."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        outlets: Mapping[str, str],
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "outlets": dict(outlets),
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:RackPower", name, inputs, opts)
