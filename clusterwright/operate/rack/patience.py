"""How long a run waits for what."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Times of real devices; tests and benchmarks shorten them."""

    inrush_scale: float = 1.0
    """Of the delays between outlets in the plan."""
    outlet_s: float = 30.0
    """Until the relay of an outlet has moved."""
    controller_s: float = 600.0
    """Until a controller answers that has just got power."""
    settle_s: float = 1200.0
    """Until a server has taken settings that need a reset."""
    loop_s: float = 300.0
    """Until a loop has reached its set point."""
    cord_s: float = 30.0
    """Until a server notices that a cord has lost or got power."""
    boot_s: float = 900.0
    """Until a host takes a login that has been switched on."""
    poll_s: float = 1.0
    poll_at_most_s: float = 10.0
    """Between two looks that cost a device more than an answer, as a login at a switch does."""
    neighbour_s: float = 40.0
    """Until a switch has heard who is at its ports: LLDP speaks every 30 seconds."""
    greeting_s: float = 3.0
    """For a switch or a host to take a connection."""
    evidence_s: float = 15.0
    """For all logs of one device."""

    def evenly_s(self) -> Iterator[float]:
        """Yield the pauses between looks that cost nothing."""
        return repeat(self.poll_s)

    def ever_longer_s(self) -> Iterator[float]:
        """Yield pauses that grow: what has not happened soon takes its time."""
        pause_s = self.poll_s
        while True:
            yield pause_s
            pause_s = min(_LONGER * pause_s, max(self.poll_s, self.poll_at_most_s))


_LONGER = 1.5
