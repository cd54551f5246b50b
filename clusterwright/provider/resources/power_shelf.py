"""A power shelf in a Pulumi program."""

from collections.abc import Mapping, Sequence

import pulumi

from clusterwright.provider.resources.pending import Pending


class PowerShelf(pulumi.CustomResource):
    """The rectifiers and outputs of a power shelf; None is left alone."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        supplies: int,
        needed: int | None = None,
        capacity_watts: int | None = None,
        outputs: Mapping[str, str] | None = None,
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "supplies": supplies,
            "needed": needed,
            "capacityWatts": capacity_watts,
            "outputs": dict(outputs or {}),
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:PowerShelf", name, inputs, opts)
