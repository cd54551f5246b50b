"""A coolant circuit in a Pulumi program."""

from collections.abc import Sequence

import pulumi

from clusterwright.provider.resources.pending import Pending


class CoolingLoop(pulumi.CustomResource):
    """The set points of a coolant circuit, held through its CDU; give pressure or flow."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        address: str,
        secret: str,
        supply_temperature_c: float,
        differential_pressure_kpa: float | None = None,
        flow_lpm: float | None = None,
        control_mode: str,
        in_service: bool = True,
        allow: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "address": address,
            "secret": secret,
            "supplyTemperatureC": supply_temperature_c,
            "differentialPressureKpa": differential_pressure_kpa,
            "flowLpm": flow_lpm,
            "controlMode": control_mode,
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:CoolingLoop", name, inputs, opts)
