"""CoolingLoop: set points, unit, pumps and valves. Pump speed is measured, not declared."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, ValidationInfo, model_validator

from clusterwright.access import cooling_loop as access
from clusterwright.access.cooling_loop import LoopState
from clusterwright.access.guard import POWER_CYCLE
from clusterwright.access.interlock import LoopLimits
from clusterwright.provider.device import device_kind
from clusterwright.provider.disruption import told
from clusterwright.provider.field_by_field import field_by_field
from clusterwright.provider.inputs import DECLARED, DeviceInputs, Inputs, one_of, within
from clusterwright.provider.site import Site

_SET = ("supply_temperature_c", "differential_pressure_kpa", "flow_lpm", "control_mode")
_FIELDS = (*_SET, "unit", "pumps", "valves")


class LimitsInputs(Inputs):
    """What everything on the loop bears; what is not given is not known, and not risked."""

    warmest_c: float | None = None
    least_lpm: float | None = None
    least_kpa: float | None = None
    least_pumps: int | None = None


class CoolingLoopInputs(DeviceInputs):
    """A coolant circuit as its CDU shall hold it."""

    supply_temperature_c: Annotated[float, within(2, 60, "°C")]
    differential_pressure_kpa: Annotated[float | None, within(1, 600, "kPa")] = None
    flow_lpm: Annotated[float | None, within(1, 10_000, "l/min")] = None
    control_mode: Annotated[str, one_of("Automatic", "Manual", "Override", "Disabled")]
    unit: Annotated[str, one_of("Enabled", "Disabled")] | None = None
    """Whether the CDU works at all."""

    pumps: Annotated[int | None, within(0, 100, "pumps")] = None
    """How many of its pumps are enabled."""

    valves: dict[str, Annotated[str, one_of("Open", "Closed")]] = Field(default_factory=dict)
    """Open or Closed by name: that of a rack, or of the loop."""

    limits: LimitsInputs | None = None
    """Within these, less coolant needs no maintenance."""

    @model_validator(mode="after")
    def _one_quantity_drives_the_pumps(self, info: ValidationInfo) -> Self:
        given = [self.differential_pressure_kpa, self.flow_lpm]
        if info.context == DECLARED and given.count(None) != 1:
            raise ValueError(
                f"differentialPressureKpa is {given[0]} and flowLpm is {given[1]}, "
                "but exactly one of them drives the pumps: give one"
            )
        return self


def _means(_site: Site, inputs: CoolingLoopInputs) -> Mapping[str, Any]:
    return {"limits": LoopLimits(**inputs.limits.model_dump())} if inputs.limits else {}


def _consequence(inputs: CoolingLoopInputs, changed: frozenset[str]) -> str:
    stops = [f"valve {name} closes" for name, state in inputs.valves.items() if state == "Closed"]
    stops += ["the CDU stops"] if inputs.unit == "Disabled" else []
    if stops and changed & {"valves", "unit"}:
        return told(inputs, POWER_CYCLE, ", ".join(stops), "what the loop cools")
    held = changed - {"inService", "allow", "limits"}
    return "changes the coolant of every node on the loop" if held else ""


COOLING_LOOP = device_kind(
    type_name="clusterwright:facility:CoolingLoop",
    model=CoolingLoopInputs,
    access=access,
    translation=field_by_field(CoolingLoopInputs, LoopState, *_FIELDS),
    consequence=_consequence,
    means=_means,
)
