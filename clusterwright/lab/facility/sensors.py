"""Sensors of a chassis: readings computed when they are read."""

from collections.abc import Callable

from clusterwright.lab.facility.tree import Body, Tree, healthy

UNITS = {
    "Temperature": "Cel",
    "Power": "W",
    "LiquidFlowLPM": "L/min",
    "PressurekPa": "kPa",
    "Percent": "%",
    "Humidity": "%",
    "Voltage": "V",
    "Current": "A",
    "Heat": "kW",
}


def add_sensor(
    tree: Tree, path: str, kind: str, read: Callable[[], float], *, context: str = "Chassis"
) -> Callable[[], Body]:
    """Place a sensor, and return what shows its reading elsewhere (an excerpt with its source)."""
    name = path.rpartition("/")[2]

    def shown() -> Body:
        return {
            "@odata.type": "#Sensor.v1_12_0.Sensor",
            "Id": name,
            "Name": name,
            "ReadingType": kind,
            "Reading": round(read(), 2),
            "ReadingUnits": UNITS[kind],
            "PhysicalContext": context,
            "Status": healthy(),
        }

    tree.add(path, shown)
    return lambda: {"DataSourceUri": path, "Reading": round(read(), 2)}
