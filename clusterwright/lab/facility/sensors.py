"""Sensors of a chassis: readings computed when they are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType

from clusterwright.lab.facility.fragments import status
from clusterwright.lab.facility.tree import Body, Tree, Writable

NOTHING: Mapping[str, Writable] = MappingProxyType({})

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
    critical: float = inf

    def health(self, reading: float) -> str:
        """Return what a reading means, in Redfish's words."""
        if reading >= self.critical:
            return "Critical"
        return "Warning" if reading >= self.caution else "OK"

    @property
    def shown(self) -> Body:
        """As a sensor shows it."""
        critical = {} if self.critical == inf else {"UpperCritical": {"Reading": self.critical}}
        return {"Thresholds": {"UpperCaution": {"Reading": self.caution}, **critical}}


def add_sensor(  # noqa: PLR0913
    tree: Tree,
    path: str,
    kind: str,
    read: Callable[[], float],
    *,
    context: str = "Chassis",
    threshold: Threshold | Callable[[], Threshold] | None = None,
    writable: Mapping[str, Writable] = NOTHING,
) -> Callable[[], Body]:
    """Place a sensor, and return what shows its reading elsewhere (an excerpt with its source)."""
    name = path.rpartition("/")[2]

    def shown() -> Body:
        reading = round(read(), 2)
        limit = threshold() if callable(threshold) else threshold
        return {
            "@odata.type": "#Sensor.v1_12_0.Sensor",
            "Id": name,
            "Name": name,
            "ReadingType": kind,
            "Reading": reading,
            "ReadingUnits": UNITS[kind],
            "PhysicalContext": context,
            "Status": status(limit.health(reading) if limit else "OK"),
            **(limit.shown if limit else {}),
        }

    tree.add(path, shown, writable=writable)
    return lambda: {"DataSourceUri": path, "Reading": round(read(), 2)}
