"""Racks with what stands in them, added up for the plan."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.culprits import by_rack
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Gap, Mount, Pdu, Rack, SideMount
from clusterwright.design.racks import RackPlace
from clusterwright.design.space.weight import weigh


def plan_racks(
    racks: Mapping[str, RackPlace],
    occupants: Sequence[Occupant],
    mounts: Mapping[str, Mount],
    pdus: Sequence[Pdu],
) -> tuple[Rack, ...]:
    """Return each rack with the sum of what is there now."""
    inside = by_rack([one for one in occupants if one.present])
    sides: dict[str, list[str]] = {}
    for pdu in pdus:
        sides.setdefault(pdu.rack, []).append(pdu.name)
    return tuple(
        _rack(rack, inside.get(name, ()), mounts, sides.get(name, ()))
        for name, rack in racks.items()
    )


def _rack(
    rack: RackPlace, inside: Sequence[Occupant], mounts: Mapping[str, Mount], pdus: Sequence[str]
) -> Rack:
    watts = sum(o.power_watts for o in inside)
    liquid_watts = sum(o.liquid_watts for o in inside)
    weight = weigh(rack, inside)
    tank = rack.model.immersion is not None
    return Rack(
        name=rack.name,
        model=rack.group.model,
        row=rack.row,
        place=rack.place,
        x_mm=rack.x_mm,
        y_mm=rack.y_mm,
        width_mm=rack.model.width_mm,
        depth_mm=rack.model.depth_mm,
        front=rack.front,
        height_units=rack.model.height_units,
        power_watts=watts,
        power_limit_watts=rack.power_limit_watts,
        liquid_watts=liquid_watts,
        air_watts=watts - liquid_watts,
        weight_kg=None if weight.unknown else round(weight.total_kg, 1),
        tank=tank,
        gaps=() if tank else tuple(_gaps(rack.model.height_units, inside, mounts)),
        sides=tuple(_side(name, k) for k, name in enumerate(pdus)),
    )


def _gaps(height: int, inside: Sequence[Occupant], mounts: Mapping[str, Mount]) -> Iterator[Gap]:
    """Yield runs of empty units from the floor upwards."""
    free = 1
    for mount in sorted((mounts[one.name] for one in inside), key=lambda at: at.lowest_unit):
        if mount.lowest_unit > free:
            yield Gap(lowest_unit=free, height_units=mount.lowest_unit - free)
        free = mount.lowest_unit + mount.height_units
    if free <= height:
        yield Gap(lowest_unit=free, height_units=height + 1 - free)


def _side(name: str, ordinal: int) -> SideMount:
    """Left and right by turns, so that the cords of both feeds are short."""
    return SideMount(device=name, side="right" if ordinal % 2 else "left", place=ordinal // 2 + 1)
