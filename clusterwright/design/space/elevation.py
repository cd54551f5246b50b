"""Where in its rack each device sits."""

from collections.abc import Mapping, Sequence

from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Mount
from clusterwright.design.racks import RackPlace


def mount_all(racks: Mapping[str, RackPlace], occupants: Sequence[Occupant]) -> Mapping[str, Mount]:
    """Stack devices from the floor in the order given, and those that belong on top downwards."""
    floor: dict[str, int] = {}
    ceiling: dict[str, int] = {}
    mounts: dict[str, Mount] = {}
    for one in occupants:
        if one.from_top:
            lowest = (
                ceiling.get(one.rack, racks[one.rack].model.height_units + 1) - one.height_units
            )
            ceiling[one.rack] = lowest
        else:
            lowest = floor.get(one.rack, 1)
            floor[one.rack] = lowest + one.height_units
        mounts[one.name] = Mount(rack=one.rack, lowest_unit=lowest, height_units=one.height_units)
    return mounts
