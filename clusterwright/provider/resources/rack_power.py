"""A rack PDU in a Pulumi program."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from clusterwright.provider.resources.pending import Pending


class RackPower(pulumi.CustomResource):
    """The outlets of a rack PDU, On or Off by number; what is not named is left alone.

    `consumers` hang on it: by name, what they need, their cords by PDU, and their controller.
    `pdus` are the addresses of the other PDUs that they hang on.
    """

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        outlets: Mapping[str, str],
        delays_s: Mapping[str, int] | None = None,
        branch_alarms_amps: Mapping[str, float] | None = None,
        outlet_alarms_amps: Mapping[str, float] | None = None,
        consumers: Mapping[str, Mapping[str, Any]] | None = None,
        pdus: Mapping[str, str] | None = None,
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "outlets": dict(outlets),
            "delaysS": dict(delays_s or {}),
            "branchAlarmsAmps": dict(branch_alarms_amps or {}),
            "outletAlarmsAmps": dict(outlet_alarms_amps or {}),
            "consumers": {n: dict(one) for n, one in (consumers or {}).items()},
            "pdus": dict(pdus or {}),
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:RackPower", name, inputs, opts)
