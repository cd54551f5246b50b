"""How long a cable between two racks is: an estimate by racks passed."""

from clusterwright.catalogue.entry import Cable

RACK_PITCH_M = 0.75
UP_AND_DOWN_M = 5.0
IN_ONE_RACK_M = 3.0


def estimate_length_m(racks_apart: int) -> float:
    """Return the length of a cable between racks so many places apart in the row."""
    return UP_AND_DOWN_M + RACK_PITCH_M * racks_apart if racks_apart else IN_ONE_RACK_M


def sold_length_m(racks_apart: int, cable: Cable) -> float:
    """Return the shortest length on sale that reaches."""
    wanted = estimate_length_m(racks_apart)
    return next((m for m in sorted(cable.lengths_m) if m >= wanted), max(cable.lengths_m))
