"""The set points of a CDU, as Control resources and as excerpts elsewhere."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clusterwright.catalogue.entry import Cdu as CduModel
from clusterwright.lab.facility.checks import number, one_of
from clusterwright.lab.facility.fragments import healthy
from clusterwright.lab.facility.tree import Body, Writable

if TYPE_CHECKING:
    from clusterwright.lab.facility.cdu import Cdu

PRESSURE_MAX_KPA, FLOW_MAX_LPM = 300.0, 400.0
SUPPLY_MIN_C, SUPPLY_MAX_C = 17.0, 45.0
"""Where the catalogue gives no limit."""
MODES = ("Automatic", "Override", "Manual", "Disabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A set point with its mode. `excerpt` is its property in the secondary coolant connector."""

    name: str
    excerpt: str
    set_point: str
    mode: str
    kind: str
    units: str
    low: float
    high: float
    context: str = "LiquidOutlet"


PUMP_SPEED = Control(
    name="PumpSpeed",
    excerpt="SpeedControlPercent",
    set_point="pump_speed_percent",
    mode="pump",
    kind="Percent",
    units="%",
    low=0.0,
    high=100.0,
    context="Pump",
)


VALVE = Control(
    name="ValvePosition",
    excerpt="ValvePositionControlPercent",
    set_point="valve_percent",
    mode="valve",
    kind="Valve",
    units="%",
    low=0.0,
    high=100.0,
)


def _or(figure: float | None, otherwise: float) -> float:
    return otherwise if figure is None else figure


def controls_of(model: CduModel) -> tuple[Control, ...]:
    """Return the set points that a CDU of this model holds, within its limits."""
    return (
        Control(
            name="SupplyTemperature",
            excerpt="SupplyTemperatureControlCelsius",
            set_point="supply_temperature_c",
            mode="supply_temperature",
            kind="Temperature",
            units="Cel",
            low=_or(model.supply_temperature_min_c, SUPPLY_MIN_C),
            high=_or(model.supply_temperature_max_c, SUPPLY_MAX_C),
        ),
        Control(
            name="DifferentialPressure",
            excerpt="DeltaPressureControlkPa",
            set_point="differential_pressure_kpa",
            mode="differential_pressure",
            kind="PressurekPa",
            units="kPa",
            low=10.0,
            high=model.differential_pressure_max_kpa or PRESSURE_MAX_KPA,
        ),
        Control(
            name="Flow",
            excerpt="FlowControlLitersPerMinute",
            set_point="flow_lpm",
            mode="flow",
            kind="LiquidFlowLPM",
            units="L/min",
            low=1.0,
            high=model.flow_max_lpm or FLOW_MAX_LPM,
        ),
        VALVE,
    )


def writes_of(cdu: "Cdu", control: Control, prefix: str = "") -> dict[str, Writable]:
    """Return what PATCH may change of a control, or of its excerpt under `prefix`."""
    return {
        f"{prefix}SetPoint": Writable(
            check=number(control.low, control.high),
            write=lambda value: cdu.memory.update(**{control.set_point: float(value)}),
        ),
        f"{prefix}ControlMode": Writable(
            check=one_of(*MODES), write=lambda mode: cdu.set_mode(control.mode, mode)
        ),
    }


def _set_point(cdu: "Cdu", control: Control) -> Body:
    return {
        "SetPoint": getattr(cdu.memory.state, control.set_point),
        "ControlMode": getattr(cdu.memory.state, f"{control.mode}_mode"),
        "AllowableMin": control.low,
        "AllowableMax": control.high,
    }


def excerpt_of(cdu: "Cdu", control: Control, chassis: str) -> Body:
    """Return the control as other resources show it."""
    return {
        **_set_point(cdu, control),
        "DataSourceUri": f"{chassis}/Controls/{control.name}",
    }


def add_controls(cdu: "Cdu", chassis: str) -> None:
    """Place the chassis' controls."""
    path = f"{chassis}/Controls"
    cdu.tree.add_collection(path, "Control", "Controls")
    for control in (*controls_of(cdu.model), PUMP_SPEED):
        _add_control(cdu, f"{path}/{control.name}", control)


def _add_control(cdu: "Cdu", path: str, control: Control) -> None:
    constant = {
        "@odata.type": "#Control.v1_7_0.Control",
        "Id": control.name,
        "Name": control.name,
        "ControlType": control.kind,
        "SetPointType": "Single",
        "SetPointUnits": control.units,
        "PhysicalContext": control.context,
        "Status": healthy(),
    }

    def read() -> Body:
        return {**constant, **_set_point(cdu, control)}

    cdu.tree.add(path, read, writable=writes_of(cdu, control))
