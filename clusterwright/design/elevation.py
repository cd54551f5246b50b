"""Where in its rack each device sits."""

from collections.abc import Mapping, Sequence

from clusterwright.design.occupants import Occupant
from clusterwright.design.plan import Mount


def mount_all(occupants: Sequence[Occupant], rack_height_units: int) -> Mapping[str, Mount]:
    """Stack devices from the floor in the order given, and those that belong on top downwards."""
    floor: dict[str, int] = {}
    ceiling: dict[str, int] = {}
    mounts: dict[str, Mount] = {}
    for one in occupants:
        if one.from_top:
            lowest = ceiling.get(one.rack, rack_height_units + 1) - one.height_units
            ceiling[one.rack] = lowest
        else:
            lowest = floor.get(one.rack, 1)
            floor[one.rack] = lowest + one.height_units
        mounts[one.name] = Mount(rack=one.rack, lowest_unit=lowest, height_units=one.height_units)
    return mounts
