"""A GPU server in a Pulumi program."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi

from clusterwright.provider.resources.pending import Pending

if TYPE_CHECKING:
    from clusterwright.access.bios_registry import Scalar


class Node(pulumi.CustomResource):
    """A GPU server's power, boot source and BIOS attributes, held through its BMC."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        power_state: str,
        boot: Mapping[str, str],
        bios: "Mapping[str, Scalar]",
        in_service: bool,
        allow: Sequence[str],
        serial: str | None = None,
        coolant: Mapping[str, Mapping[str, Any]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "powerState": power_state,
            "boot": dict(boot),
            "bios": dict(bios),
            "coolant": {loop: dict(one) for loop, one in (coolant or {}).items()},
            "inService": in_service,
            "allow": list(allow),
            "serial": serial,
            "pending": None,
        }
        super().__init__("clusterwright:facility:Node", name, inputs, opts)
