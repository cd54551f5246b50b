"""The resources of a CDU: ThermalEquipment, its chassis, and the controls that both show."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from clusterwright.lab.facility import controller
from clusterwright.lab.facility.cdu_controls import (
    PUMP_SPEED,
    add_controls,
    controls_of,
    excerpt_of,
    writes_of,
)
from clusterwright.lab.facility.controller import Identity
from clusterwright.lab.facility.sensors import add_sensor
from clusterwright.lab.facility.tree import (
    ROOT,
    Body,
    Tree,
    Writable,
    healthy,
    link,
)

if TYPE_CHECKING:
    from clusterwright.lab.facility.cdu import Cdu

CDU = f"{ROOT}/ThermalEquipment/CDUs/1"
CHASSIS = "CDU"
PUMPS = ("1", "2")
Read = Callable[[], Body]
READING_TYPES = {
    "Temp": "Temperature",
    "Temperature": "Temperature",
    "Flow": "LiquidFlowLPM",
    "Pressure": "PressurekPa",
    "Removed": "Heat",
    "Speed": "Percent",
    "Humidity": "Humidity",
}
"""What a sensor reads, by how its name ends."""


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
    add_controls(cdu, chassis)
    tree.add(f"{ROOT}/ThermalEquipment", _equipment())
    tree.add_collection(f"{ROOT}/ThermalEquipment/CDUs", "CoolingUnit", "CDUs")
    tree.add(CDU, {**_unit(identity), "CoolingCapacityWatts": cdu.model.capacity_watts})
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
        chassis_links={"CoolingUnits": [link(CDU)]},
    )


def _add_sensors(cdu: "Cdu", chassis: str) -> Mapping[str, Read]:
    readings = {}
    for name, read in cdu.measured().items():
        kind = next(kind for ending, kind in READING_TYPES.items() if name.endswith(ending))
        readings[name] = add_sensor(cdu.tree, f"{chassis}/Sensors/{name}", kind, read)
    return readings


def _environment(readings: Mapping[str, Read]) -> Body:
    return {
        "@odata.type": "#EnvironmentMetrics.v1_5_0.EnvironmentMetrics",
        "Id": "EnvironmentMetrics",
        "Name": "Environment Metrics",
        "TemperatureCelsius": readings["SystemTemperature"](),
        "HumidityPercent": readings["SystemHumidity"](),
    }


def _add_pumps(cdu: "Cdu", chassis: str, speed: Read) -> None:
    cdu.tree.add_collection(f"{CDU}/Pumps", "Pump", "Pumps")
    writable = writes_of(cdu, PUMP_SPEED, f"{PUMP_SPEED.excerpt}/")
    for pump in PUMPS:
        shown = partial(_pump, cdu, chassis, speed, pump)
        cdu.tree.add(f"{CDU}/Pumps/{pump}", shown, writable=writable)


def _pump(cdu: "Cdu", chassis: str, speed: Read, pump: str) -> Body:
    return {
        "@odata.type": "#Pump.v1_2_0.Pump",
        "Id": pump,
        "Name": f"Pump {pump}",
        "PumpType": "Liquid",
        "Status": healthy(),
        "PumpSpeedPercent": speed(),
        PUMP_SPEED.excerpt: excerpt_of(cdu, PUMP_SPEED, chassis),
    }


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
    controls = controls_of(cdu.model)
    for control in controls:
        writable |= writes_of(cdu, control, f"{control.excerpt}/")

    def secondary() -> Body:
        return {
            **_connector(f"Loop {cdu.loop.name}"),
            "CoolingLoopName": cdu.loop.name,
            **_flow_and_heat("Secondary", readings),
            "DeltaPressurekPa": readings["SecondaryDeltaPressure"](),
            "RatedFlowLitersPerMinute": round(cdu.nominal_lpm, 2),
            **{control.excerpt: excerpt_of(cdu, control, chassis) for control in controls},
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
