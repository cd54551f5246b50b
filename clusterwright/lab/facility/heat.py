"""How warm GPUs get, and what they do about it: warn, throttle, and at last give up."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, isnan

from clusterwright.catalogue.entry import Gpu

WARNING_C = 80.0
SLOWDOWN_C, SHUTDOWN_C = 89.0, 95.0
"""An H100's, for models of which the catalogue knows no figure."""
RELIEF_K = 3.0
"""How far below its slowdown temperature a GPU runs at full speed again."""
THROTTLED = 0.5
"""What a throttled GPU draws, as a part of what it would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Temperatures of one GPU model."""

    slowdown_c: float
    shutdown_c: float
    warning_c: float = WARNING_C


def limits_of(gpu: Gpu | None) -> Limits:
    """Return the temperatures of a model, or an H100's where they are not known."""
    return Limits(
        slowdown_c=float((gpu and gpu.slowdown_c) or SLOWDOWN_C),
        shutdown_c=float((gpu and gpu.shutdown_c) or SHUTDOWN_C),
    )


class Heat:
    """The GPUs of one node: they follow what cools them with a delay of `lag_s`."""

    def __init__(
        self,
        limits: Limits,
        *,
        settled_c: Callable[[], float],
        clock_s: Callable[[], float],
        lag_s: float,
    ) -> None:
        """`settled_c` is what the temperature would come to if everything stayed as it is."""
        self.limits = limits
        self._settled_c, self._clock_s, self._lag_s = settled_c, clock_s, lag_s
        self._temperature_c = self._goes_to_c = float("nan")
        self._looked_s = clock_s()
        self.throttled = False

    @property
    def temperature_c(self) -> float:
        """The temperature of a GPU now."""
        self._advance()
        return self._temperature_c

    def look(self) -> None:
        """Take note of what cools it now."""
        self._advance()

    @property
    def health(self) -> str:
        """OK, Warning or Critical, in Redfish's words."""
        if self.temperature_c >= self.limits.slowdown_c:
            return "Critical"
        return "Warning" if self._temperature_c >= self.limits.warning_c else "OK"

    @property
    def is_too_hot(self) -> bool:
        """Whether the GPUs shut the server down to save themselves."""
        return self.temperature_c >= self.limits.shutdown_c

    @property
    def factor(self) -> float:
        """What the GPUs draw, as a part of what their load asks for."""
        return THROTTLED if self.throttled else 1.0

    def _advance(self) -> None:
        now_s = self._clock_s()
        elapsed_s, self._looked_s = now_s - self._looked_s, now_s
        # Since the last look it went to where it was going then.
        goes_to_c, self._goes_to_c = self._goes_to_c, self._settled_c()
        if self._lag_s <= 0 or isnan(goes_to_c):
            self._temperature_c = self._goes_to_c
        else:
            left = exp(-elapsed_s / self._lag_s)
            self._temperature_c = goes_to_c + (self._temperature_c - goes_to_c) * left
        if self._temperature_c >= self.limits.slowdown_c:
            self.throttled = True
        elif self._temperature_c < self.limits.slowdown_c - RELIEF_K:
            self.throttled = False
