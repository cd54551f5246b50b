"""The resources of a CDU: ThermalEquipment, its chassis, and the controls that both show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clusterwright.lab.facility import controller
from clusterwright.lab.facility.controller import Identity
from clusterwright.lab.facility.sensors import add_sensor
from clusterwright.lab.facility.tree import (
    ROOT,
    Body,
    Tree,
    Writable,
    healthy,
    link,
    number,
    one_of,
)

if TYPE_CHECKING:
    from clusterwright.lab.facility.cdu import Cdu

CDU = f"{ROOT}/ThermalEquipment/CDUs/1"
CHASSIS = "CDU"
MODES = ("Automatic", "Override", "Manual", "Disabled")
PUMPS = ("1", "2")
Read = Callable[[], Body]


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


CONTROLS = (
    Control(
        name="SupplyTemperature",
        excerpt="SupplyTemperatureControlCelsius",
        set_point="supply_temperature_c",
        mode="supply_temperature",
        kind="Temperature",
        units="Cel",
        low=15.0,
        high=45.0,
    ),
    Control(
        name="DifferentialPressure",
        excerpt="DeltaPressureControlkPa",
        set_point="differential_pressure_kpa",
        mode="differential_pressure",
        kind="PressurekPa",
        units="kPa",
        low=10.0,
        high=300.0,
    ),
    Control(
        name="Flow",
        excerpt="FlowControlLitersPerMinute",
        set_point="flow_lpm",
        mode="flow",
        kind="LiquidFlowLPM",
        units="L/min",
        low=1.0,
        high=400.0,
    ),
)
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


def place(cdu: "Cdu", username: str) -> None:
    """Place everything that this controller shows."""
    tree, identity = cdu.tree, _identity(cdu)
    controller.add_controller(tree, identity, username)
    chassis = controller.chassis(
        tree,
        identity,
        Controls=link(f"{ROOT}/Chassis/{CHASSIS}/Controls"),
        EnvironmentMetrics=link(f"{ROOT}/Chassis/{CHASSIS}/EnvironmentMetrics"),
        LeakDetectors=link(f"{ROOT}/Chassis/{CHASSIS}/LeakDetectors"),
    )
    readings = _add_sensors(cdu, chassis)
    for path in (f"{CDU}/EnvironmentMetrics", f"{chassis}/EnvironmentMetrics"):
        tree.add(path, lambda: _environment(readings))
    _add_controls(cdu, chassis)
    tree.add(f"{ROOT}/ThermalEquipment", _equipment())
    tree.add_collection(f"{ROOT}/ThermalEquipment/CDUs", "CoolingUnit", "CDUs")
    tree.add(CDU, _unit(identity))
    _add_pumps(cdu, chassis, readings["PumpSpeed"])
    _add_connectors(cdu, chassis, readings)
    _add_leak_detection(tree, chassis)


def _identity(cdu: "Cdu") -> Identity:
    return Identity(
        name=cdu.loop.controller.name,
        manager="CDU",
        chassis=CHASSIS,
        manufacturer="Clusterwright lab",
        model=cdu.loop.cdu_model,
        serial=f"EMU-{cdu.loop.cdu}".upper(),
        rack=cdu.loop.racks[0],
        services=("ThermalEquipment",),
    )


KINDS = {
    "Temp": "Temperature",
    "Temperature": "Temperature",
    "Flow": "LiquidFlowLPM",
    "Pressure": "PressurekPa",
    "Removed": "Heat",
    "Speed": "Percent",
    "Humidity": "Humidity",
}


def _add_sensors(cdu: "Cdu", chassis: str) -> Mapping[str, Read]:
    readings = {}
    for name, read in cdu.measured().items():
        kind = next(kind for ending, kind in KINDS.items() if name.endswith(ending))
        readings[name] = add_sensor(cdu.tree, chassis, name, kind, read)
    return readings


def _environment(readings: Mapping[str, Read]) -> Body:
    return {
        "@odata.type": "#EnvironmentMetrics.v1_5_0.EnvironmentMetrics",
        "Id": "EnvironmentMetrics",
        "Name": "Environment Metrics",
        "TemperatureCelsius": readings["SystemTemperature"](),
        "HumidityPercent": readings["SystemHumidity"](),
    }


def _writable(cdu: "Cdu", control: Control, prefix: str = "") -> dict[str, Writable]:
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


def _excerpt(cdu: "Cdu", control: Control, chassis: str) -> Body:
    return {
        **_set_point(cdu, control),
        "DataSourceUri": f"{chassis}/Controls/{control.name}",
    }


def _add_controls(cdu: "Cdu", chassis: str) -> None:
    path = f"{chassis}/Controls"
    cdu.tree.add_collection(path, "Control", "Controls")
    for control in (*CONTROLS, PUMP_SPEED):
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
    read = lambda: {**constant, **_set_point(cdu, control)}  # noqa: E731
    cdu.tree.add(path, read, writable=_writable(cdu, control))


def _add_pumps(cdu: "Cdu", chassis: str, speed: Read) -> None:
    cdu.tree.add_collection(f"{CDU}/Pumps", "Pump", "Pumps")
    excerpt = PUMP_SPEED.excerpt
    writable = _writable(cdu, PUMP_SPEED, f"{excerpt}/")

    def shown(pump: str) -> Body:
        return {
            "@odata.type": "#Pump.v1_2_0.Pump",
            "Id": pump,
            "Name": f"Pump {pump}",
            "PumpType": "Liquid",
            "Status": healthy(),
            "PumpSpeedPercent": speed(),
            excerpt: _excerpt(cdu, PUMP_SPEED, chassis),
        }

    for pump in PUMPS:
        cdu.tree.add(f"{CDU}/Pumps/{pump}", lambda pump=pump: shown(pump), writable=writable)


def _add_connectors(cdu: "Cdu", chassis: str, readings: Mapping[str, Read]) -> None:
    for side in ("Primary", "Secondary"):
        cdu.tree.add_collection(
            f"{CDU}/{side}CoolantConnectors", "CoolantConnector", f"{side} Coolant Connectors"
        )
    cdu.tree.add(
        f"{CDU}/PrimaryCoolantConnectors/1",
        lambda: {**_connector("Facility water"), **_flow_and_heat("Primary", readings)},
    )
    writable: dict[str, Writable] = {}
    for control in CONTROLS:
        writable |= _writable(cdu, control, f"{control.excerpt}/")

    def secondary() -> Body:
        return {
            **_connector(f"Loop {cdu.loop.name}"),
            "CoolingLoopName": cdu.loop.name,
            **_flow_and_heat("Secondary", readings),
            "DeltaPressurekPa": readings["SecondaryDeltaPressure"](),
            "RatedFlowLitersPerMinute": round(cdu.nominal_lpm, 2),
            **{control.excerpt: _excerpt(cdu, control, chassis) for control in CONTROLS},
        }

    cdu.tree.add(f"{CDU}/SecondaryCoolantConnectors/1", secondary, writable=writable)


def _connector(name: str) -> Body:
    return {
        "@odata.type": "#CoolantConnector.v1_3_0.CoolantConnector",
        "Id": "1",
        "Name": name,
        "CoolantConnectorType": "Pair",
        "Status": healthy(),
    }


def _flow_and_heat(side: str, readings: Mapping[str, Read]) -> Body:
    return {
        "FlowLitersPerMinute": readings[f"{side}Flow"](),
        "SupplyTemperatureCelsius": readings[f"{side}SupplyTemp"](),
        "ReturnTemperatureCelsius": readings[f"{side}ReturnTemp"](),
        "HeatRemovedkW": readings["HeatRemoved"](),
    }


def _add_leak_detection(tree: Tree, chassis: str) -> None:
    detector = f"{chassis}/LeakDetectors/Tray"
    tree.add_collection(f"{chassis}/LeakDetectors", "LeakDetector", "Leak Detectors")
    tree.add(
        detector,
        {
            "@odata.type": "#LeakDetector.v1_6_0.LeakDetector",
            "Id": "Tray",
            "Name": "Drip tray",
            "LeakDetectorType": "Moisture",
            "DetectorState": "OK",
            "Status": healthy(),
        },
    )
    excerpt = {"DataSourceUri": detector, "DeviceName": "Drip tray", "DetectorState": "OK"}
    group = {"GroupName": "CDU", "Status": {"Health": "OK"}, "Detectors": [excerpt]}
    tree.add(
        f"{CDU}/LeakDetection",
        {
            "@odata.type": "#LeakDetection.v1_2_0.LeakDetection",
            "Id": "LeakDetection",
            "Name": "Leak Detection",
            "Status": healthy(),
            "LeakDetectorGroups": [group],
        },
    )


def _equipment() -> Body:
    return {
        "@odata.type": "#ThermalEquipment.v1_2_0.ThermalEquipment",
        "Id": "ThermalEquipment",
        "Name": "Thermal Equipment",
        "Status": healthy(),
        "CDUs": link(f"{ROOT}/ThermalEquipment/CDUs"),
    }


def _unit(identity: Identity) -> Body:
    return {
        "@odata.type": "#CoolingUnit.v1_5_0.CoolingUnit",
        "Id": "1",
        "Name": identity.name,
        "EquipmentType": "CDU",
        "Manufacturer": identity.manufacturer,
        "Model": identity.model,
        "SerialNumber": identity.serial,
        "FirmwareVersion": "1.0.0",
        "Status": healthy(),
        "Location": {"Placement": {"Rack": identity.rack}},
        "Coolant": {"CoolantType": "Water", "AdditiveName": "Propylene glycol"},
        **{
            name: link(f"{CDU}/{name}")
            for name in (
                "Pumps",
                "PrimaryCoolantConnectors",
                "SecondaryCoolantConnectors",
                "EnvironmentMetrics",
                "LeakDetection",
            )
        },
        "Links": {"Chassis": [link(f"{ROOT}/Chassis/{CHASSIS}")]},
    }
