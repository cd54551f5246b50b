"""Sensors of a chassis: readings computed when they are read."""

from collections.abc import Callable
from dataclasses import dataclass

from clusterwright.lab.facility.tree import Body, Tree, status

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
    "EnergykWh": "kW.h",
    "LiquidLevel": "cm",
    "Frequency": "Hz",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Readings above which a sensor warns, and calls it critical."""

    caution: float
    critical: float

    def health(self, reading: float) -> str:
        """Return what a reading means, in Redfish's words."""
        if reading >= self.critical:
            return "Critical"
        return "Warning" if reading >= self.caution else "OK"

    @property
    def shown(self) -> Body:
        """As a sensor shows it."""
        return {
            "Thresholds": {
                "UpperCaution": {"Reading": self.caution},
                "UpperCritical": {"Reading": self.critical},
            }
        }


def add_sensor(  # noqa: PLR0913
    tree: Tree,
    path: str,
    kind: str,
    read: Callable[[], float],
    *,
    context: str = "Chassis",
    threshold: Threshold | None = None,
) -> Callable[[], Body]:
    """Place a sensor, and return what shows its reading elsewhere (an excerpt with its source)."""
    name = path.rpartition("/")[2]

    def shown() -> Body:
        reading = round(read(), 2)
        return {
            "@odata.type": "#Sensor.v1_12_0.Sensor",
            "Id": name,
            "Name": name,
            "ReadingType": kind,
            "Reading": reading,
            "ReadingUnits": UNITS[kind],
            "PhysicalContext": context,
            "Status": status(threshold.health(reading) if threshold else "OK"),
            **(threshold.shown if threshold else {}),
        }

    tree.add(path, shown)
    return lambda: {"DataSourceUri": path, "Reading": round(read(), 2)}
