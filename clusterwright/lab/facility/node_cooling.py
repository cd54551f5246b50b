"""How warm a server is: sensors, ThermalSubsystem and EnvironmentMetrics of its chassis."""

from collections.abc import Callable
from typing import Protocol

from clusterwright.lab.facility.fragments import link, status
from clusterwright.lab.facility.heat import Heat
from clusterwright.lab.facility.leak_detection import LeakDetector, add_leak_detection
from clusterwright.lab.facility.power_limit import PowerLimit
from clusterwright.lab.facility.sensors import Threshold, add_sensor
from clusterwright.lab.facility.thermal import Coolant
from clusterwright.lab.facility.tree import Body, Tree


class Heated(Protocol):
    """Something that gives off the power it draws, `heat_watts` of it to what cools its GPUs."""

    heat: Heat
    limit: PowerLimit
    leak: LeakDetector | None

    @property
    def gpus(self) -> int: ...
    @property
    def coolant(self) -> Coolant: ...
    @property
    def power_watts(self) -> float: ...
    @property
    def heat_watts(self) -> float: ...


Readings = list[tuple[str, Callable[[], Body]]]


def add_cooling(tree: Tree, chassis: str, server: Heated) -> None:
    """Place temperatures, leak detection and what else belongs to a server's cooling."""
    sensors = f"{chassis}/Sensors"

    def outlet_c() -> float:
        return server.coolant.supply_c + server.coolant.rise_k(server.heat_watts)

    readings: Readings = [
        (name, add_sensor(tree, f"{sensors}/{name}", "Temperature", read, context=name))
        for name, read in (("Intake", lambda: server.coolant.supply_c), ("Exhaust", outlet_c))
    ]
    heat = server.heat
    limits = Threshold(caution=heat.limits.warning_c, critical=heat.limits.slowdown_c)
    for index in range(server.gpus):
        name = f"GPU{index}Temp"
        read = add_sensor(
            tree,
            f"{sensors}/{name}",
            "Temperature",
            lambda: heat.temperature_c,
            context="GPU",
            threshold=limits,
        )
        readings.append((name, read))
    _add_subsystem(tree, f"{chassis}/ThermalSubsystem", readings, server)
    server.limit.place(tree, chassis)
    tree.add(
        f"{chassis}/EnvironmentMetrics",
        lambda: _environment(chassis, readings[0][1](), server),
        writable=server.limit.writable("PowerLimitWatts/"),
    )


def _add_subsystem(tree: Tree, path: str, readings: Readings, server: Heated) -> None:
    links = {"ThermalMetrics": link(f"{path}/ThermalMetrics")}
    if server.leak:
        detectors = server.leak.path.rpartition("/")[0]
        tree.add_collection(detectors, "LeakDetector", "Leak Detectors")
        server.leak.place(tree)
        links["LeakDetection"] = add_leak_detection(tree, f"{path}/LeakDetection", [server.leak])
    constant = {
        "@odata.type": "#ThermalSubsystem.v1_5_0.ThermalSubsystem",
        "Id": "ThermalSubsystem",
        "Name": "Thermal Subsystem",
        **links,
    }
    tree.add(path, lambda: {**constant, "Status": status(server.heat.health)})

    def metrics() -> Body:
        return {
            "@odata.type": "#ThermalMetrics.v1_3_2.ThermalMetrics",
            "Id": "ThermalMetrics",
            "Name": "Thermal Metrics",
            "TemperatureReadingsCelsius": [
                {**read(), "DeviceName": name} for name, read in readings
            ],
        }

    tree.add(f"{path}/ThermalMetrics", metrics)


def _environment(chassis: str, intake: Body, server: Heated) -> Body:
    return {
        "@odata.type": "#EnvironmentMetrics.v1_5_0.EnvironmentMetrics",
        "Id": "EnvironmentMetrics",
        "Name": "Environment Metrics",
        "TemperatureCelsius": intake,
        "PowerWatts": {
            "DataSourceUri": f"{chassis}/Sensors/TotalPower",
            "Reading": round(server.power_watts, 2),
        },
        "PowerLimitWatts": server.limit.excerpt(chassis),
    }
