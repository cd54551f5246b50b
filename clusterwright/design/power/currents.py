"""The currents of three lines, out of what hangs on each phase."""

from collections.abc import Mapping
from math import cos, hypot, radians, sin

LINES = ("L1", "L2", "L3")
_DELTA = ("L1-L2", "L2-L3", "L3-L1")
_LEAD = radians(30)
"""A voltage between two lines leads that of the first line by so much."""


def line_amps(by_phase: Mapping[str, float]) -> Mapping[str, float]:
    """Return the current of each line of a three-phase supply.

    Keys are the phases of outlets: L1 (to neutral) or L1-L2 (between lines). All loads are taken to
    have one power factor. A line carries its own outlets in phase, those to the next line 30° ahead
    and those from the line before 30° behind; so equal currents I between the lines give √3 × I.
    """
    amps = {}
    for ordinal, line in enumerate(LINES):
        ahead = by_phase.get(_DELTA[ordinal], 0.0)
        behind = by_phase.get(_DELTA[ordinal - 1], 0.0)
        in_phase = by_phase.get(line, 0.0) + (ahead + behind) * cos(_LEAD)
        amps[line] = hypot(in_phase, (ahead - behind) * sin(_LEAD))
    return amps
