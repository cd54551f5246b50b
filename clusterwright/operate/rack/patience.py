"""How long a run waits for what."""

from dataclasses import dataclass


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
    neighbour_s: float = 40.0
    """Until a switch has heard who is at its ports: LLDP speaks every 30 seconds."""
    greeting_s: float = 3.0
    """For a switch or a host to take a connection."""
    evidence_s: float = 15.0
    """For all logs of one device."""
