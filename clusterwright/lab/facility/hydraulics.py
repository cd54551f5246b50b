"""What pumps, filters and a valve make of a set point: pressure, flow, and the speed for it.

The pressure that pumps give goes with the square of their speed; a filter takes a part of it.
"""

from dataclasses import dataclass
from math import sqrt

CLEAN_FILTER_KPA = 15.0
CLOGGED_FILTER_KPA = 95.0
FILTER_WARNING_KPA, FILTER_CRITICAL_KPA = 50.0, 80.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pumping:
    """How a CDU pumps now: `share` is what the running pumps can give of what is needed."""

    most_kpa: float
    share: float
    filter_kpa: float
    valve_percent: float

    @property
    def _lost_kpa(self) -> float:
        return self.filter_kpa - CLEAN_FILTER_KPA

    def speed_for(self, pressure_kpa: float) -> float:
        """Return the speed, in percent, at which the loop gets this pressure, or comes closest."""
        if self.share <= 0:
            return 0.0
        return min(100.0, 100 * sqrt((pressure_kpa + self._lost_kpa) / self.most_kpa))

    def pressure_at(self, speed_percent: float) -> float:
        """Return the pressure that is left for the loop."""
        given = self.most_kpa * (speed_percent / 100) ** 2 * self.share**2
        return max(0.0, given - self._lost_kpa) * (self.valve_percent / 100) ** 2
