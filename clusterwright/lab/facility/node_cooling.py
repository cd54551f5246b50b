"""How warm a server is: sensors, ThermalSubsystem and EnvironmentMetrics of its chassis."""

from collections.abc import Callable
from typing import Protocol

from clusterwright.design.plan import Node
from clusterwright.lab.facility.sensors import add_sensor
from clusterwright.lab.facility.thermal import Coolant, gpu_temperature_c
from clusterwright.lab.facility.tree import Body, Tree, healthy, link


class Heated(Protocol):
    """Something that gives off the power it draws, `heat_watts` of it to what cools its GPUs."""

    @property
    def power_watts(self) -> float: ...
    @property
    def heat_watts(self) -> float: ...


def add_cooling(
    tree: Tree,
    chassis: str,
    node: Node,
    coolant: Callable[[], Coolant],
    server: Heated,
) -> None:
    """Place the temperatures; `coolant` is what takes the heat of the GPUs, liquid or air."""

    sensors = f"{chassis}/Sensors"

    def gpu() -> float:
        return gpu_temperature_c(coolant(), server.heat_watts, node.gpus.count)

    def outlet() -> float:
        return coolant().supply_c + coolant().rise_k(server.heat_watts)

    intake = add_sensor(
        tree, f"{sensors}/Intake", "Temperature", lambda: coolant().supply_c, context="Intake"
    )
    exhaust = add_sensor(tree, f"{sensors}/Exhaust", "Temperature", outlet, context="Exhaust")
    readings: list[tuple[str, Callable[[], Body]]] = [("Intake", intake), ("Exhaust", exhaust)]
    for index in range(node.gpus.count):
        name = f"GPU{index}Temp"
        read = add_sensor(tree, f"{sensors}/{name}", "Temperature", gpu, context="GPU")
        readings.append((name, read))
    _add_subsystem(tree, f"{chassis}/ThermalSubsystem", readings)
    tree.add(f"{chassis}/EnvironmentMetrics", lambda: _environment(chassis, intake(), server))


def _add_subsystem(tree: Tree, path: str, readings: list[tuple[str, Callable[[], Body]]]) -> None:
    tree.add(
        path,
        {
            "@odata.type": "#ThermalSubsystem.v1_5_0.ThermalSubsystem",
            "Id": "ThermalSubsystem",
            "Name": "Thermal Subsystem",
            "Status": healthy(),
            "ThermalMetrics": link(f"{path}/ThermalMetrics"),
        },
    )

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
    }
