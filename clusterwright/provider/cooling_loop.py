"""CoolingLoop: the set points that a CDU holds. Pump speed is measured, not declared."""

from typing import Annotated, Self

from pydantic import ValidationInfo, model_validator

from clusterwright.access import cooling_loop as access
from clusterwright.access.cooling_loop import LoopState
from clusterwright.provider.device import Translation, device_kind
from clusterwright.provider.inputs import DECLARED, DeviceInputs, one_of, within


class CoolingLoopInputs(DeviceInputs):
    """A coolant circuit as its CDU shall hold it."""

    supply_temperature_c: Annotated[float, within(2, 60, "°C")]
    differential_pressure_kpa: Annotated[float | None, within(1, 600, "kPa")] = None
    flow_lpm: Annotated[float | None, within(1, 10_000, "l/min")] = None
    control_mode: Annotated[str, one_of("Automatic", "Manual", "Override", "Disabled")]

    @model_validator(mode="after")
    def _one_quantity_drives_the_pumps(self, info: ValidationInfo) -> Self:
        given = [self.differential_pressure_kpa, self.flow_lpm]
        if info.context == DECLARED and given.count(None) != 1:
            raise ValueError(
                f"differentialPressureKpa is {given[0]} and flowLpm is {given[1]}, "
                "but exactly one of them drives the pumps: give one"
            )
        return self


def _desired(inputs: CoolingLoopInputs) -> LoopState:
    return LoopState(
        supply_temperature_c=inputs.supply_temperature_c,
        differential_pressure_kpa=inputs.differential_pressure_kpa,
        flow_lpm=inputs.flow_lpm,
        control_mode=inputs.control_mode,
    )


def _live(inputs: CoolingLoopInputs, actual: LoopState) -> CoolingLoopInputs:
    declared = inputs.model_fields_set & {"differential_pressure_kpa", "flow_lpm"}
    return inputs.model_copy(
        update={
            "supply_temperature_c": actual.supply_temperature_c,
            "control_mode": actual.control_mode,
            **{name: getattr(actual, name) for name in declared},
        }
    )


def _imported(address: str, secret: str, actual: LoopState) -> CoolingLoopInputs:
    return CoolingLoopInputs(
        address=address,
        secret=secret,
        supply_temperature_c=actual.supply_temperature_c,
        differential_pressure_kpa=actual.differential_pressure_kpa,
        flow_lpm=actual.flow_lpm,
        control_mode=actual.control_mode,
    )


def _consequence(_inputs: CoolingLoopInputs, changed: frozenset[str]) -> str:
    held = changed - {"inService", "allow"}
    return "changes the coolant of every node on the loop" if held else ""


COOLING_LOOP = device_kind(
    type_name="clusterwright:facility:CoolingLoop",
    model=CoolingLoopInputs,
    access=access,
    translation=Translation(desired=_desired, live=_live, imported=_imported),
    consequence=_consequence,
)
