"""What a PDU or a shelf measures: amperes of watts, energy over time, the highest current."""

from collections.abc import Callable

POWER_FACTOR = 0.95


class Meter:
    """The meter of one device. `distort` is what is wrong with it: nothing, as a rule."""

    def __init__(self, volts: float, clock_s: Callable[[], float]) -> None:
        self._volts, self._clock_s = volts, clock_s
        self._energy_kwh = 0.0
        self._looked_s = clock_s()
        self.peak_amps = 0.0
        self.distort: Callable[[float], float] = lambda reading: reading

    def amps(self, watts: float) -> float:
        """Return the current of a power."""
        return watts / self._volts / POWER_FACTOR

    def energy_kwh(self, watts: float) -> float:
        """Return the energy so far, if the power has been this since somebody last asked."""
        now_s = self._clock_s()
        elapsed_s, self._looked_s = now_s - self._looked_s, now_s
        self._energy_kwh += watts * elapsed_s / 3.6e6
        return self._energy_kwh

    def see_peak(self, amps: float) -> None:
        """Remember the highest current."""
        self.peak_amps = max(self.peak_amps, amps)

    def shown(self, read: Callable[[], float]) -> Callable[[], float]:
        """Return what is shown of a reading."""
        return lambda: self.distort(read())
