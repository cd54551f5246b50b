"""A coolant circuit in a Pulumi program."""

from collections.abc import Mapping, Sequence

import pulumi

from clusterwright.provider.resources.pending import Pending


class CoolingLoop(pulumi.CustomResource):
    """A coolant circuit, held through its CDU; give pressure or flow, None is left alone.

    `limits` is what everything on it bears: warmestC, leastLpm, leastKpa, leastPumps.
    """

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
        unit: str | None = None,
        pumps: int | None = None,
        valves: Mapping[str, str] | None = None,
        limits: Mapping[str, float | None] | None = None,
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
            "unit": unit,
            "pumps": pumps,
            "valves": dict(valves or {}),
            "limits": {key: one for key, one in (limits or {}).items() if one is not None},
            "inService": in_service,
            "allow": list(allow),
            "pending": None,
        }
        super().__init__("clusterwright:facility:CoolingLoop", name, inputs, opts)
