"""The resources of a CDU: ThermalEquipment, its chassis, and what both show."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from clusterwright.lab.facility import cdu_connectors, cdu_parts, controller
from clusterwright.lab.facility.cdu_controls import add_controls
from clusterwright.lab.facility.fragments import healthy, link, status
from clusterwright.lab.facility.identity import Identity, serial_of
from clusterwright.lab.facility.leak_detection import add_leak_detection
from clusterwright.lab.facility.sensors import add_sensor
from clusterwright.lab.facility.tree import ROOT, Body

if TYPE_CHECKING:
    from clusterwright.lab.facility.cdu import Cdu

EQUIPMENT = f"{ROOT}/ThermalEquipment"
CDU, LOOP = f"{EQUIPMENT}/CDUs/1", f"{EQUIPMENT}/CoolingLoops/1"
CHASSIS = f"{ROOT}/Chassis/CDU"
Read = Callable[[], Body]
READING_TYPES = {
    "Temp": "Temperature",
    "Temperature": "Temperature",
    "Flow": "LiquidFlowLPM",
    "Pressure": "PressurekPa",
    "Removed": "Heat",
    "Speed": "Percent",
    "Humidity": "Humidity",
    "Position": "Percent",
    "Level": "Percent",
}
"""What a sensor reads, by how its name ends."""


def place(cdu: "Cdu") -> None:
    """Place everything that this controller shows."""
    tree, identity = cdu.tree, _identity(cdu)
    controller.add_controller(cdu.service, identity, cdu.parts)
    chassis = controller.chassis(
        tree,
        identity,
        lambda: status(cdu.health),
        Controls=link(f"{CHASSIS}/Controls"),
        EnvironmentMetrics=link(f"{CHASSIS}/EnvironmentMetrics"),
        LeakDetectors=link(f"{CHASSIS}/LeakDetectors"),
    )
    readings = _add_sensors(cdu, chassis)
    for path in (f"{CDU}/EnvironmentMetrics", f"{chassis}/EnvironmentMetrics"):
        tree.add(path, lambda: _environment(readings))
    add_controls(cdu, chassis)
    tree.add(EQUIPMENT, _equipment())
    tree.add_collection(f"{EQUIPMENT}/CDUs", "CoolingUnit", "CDUs")
    cdu_parts.add_unit(cdu, identity, CDU)
    cdu_parts.add_pumps(cdu, f"{CDU}/Pumps", chassis, readings["PumpSpeed"])
    cdu_parts.add_filters(cdu, f"{CDU}/Filters", readings["FilterDeltaPressure"])
    cdu_parts.add_reservoirs(cdu, f"{CDU}/Reservoirs", readings["CoolantLevel"])
    cdu_connectors.add_connectors(cdu, CDU, chassis, readings)
    cdu_connectors.add_loop(cdu, LOOP, readings["CoolantLevel"])
    tree.add_collection(f"{chassis}/LeakDetectors", "LeakDetector", "Leak Detectors")
    cdu.leak.place(tree)
    add_leak_detection(tree, f"{CDU}/LeakDetection", [cdu.leak])


def _identity(cdu: "Cdu") -> Identity:
    return Identity(
        name=cdu.loop.controller.name,
        address=str(cdu.loop.controller.address),
        manager="CDU",
        chassis="CDU",
        manufacturer=cdu.model.manufacturer or "Clusterwright lab",
        model=cdu.loop.cdu_model,
        serial=serial_of(cdu.loop.cdu, cdu.service.machine),
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


def _equipment() -> Body:
    return {
        "@odata.type": "#ThermalEquipment.v1_2_0.ThermalEquipment",
        "Id": "ThermalEquipment",
        "Name": "Thermal Equipment",
        "Status": healthy(),
        "CDUs": link(f"{EQUIPMENT}/CDUs"),
        "CoolingLoops": link(f"{EQUIPMENT}/CoolingLoops"),
    }
