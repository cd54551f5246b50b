"""What of space cannot be checked, because the catalogue lacks a figure."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Unproven
from clusterwright.design.proof import together
from clusterwright.design.racks import RackPlace
from clusterwright.design.space.weight import weigh
from clusterwright.load import LoadedSite


def find_unproven(
    loaded: LoadedSite,
    racks: Mapping[str, RackPlace],
    by_rack: Mapping[str, Sequence[Occupant]],
) -> tuple[Unproven, ...]:
    """Return limits of racks that nobody may take for checked; equal ones of racks in one row."""
    tile = loaded.site.facility.floor.tile is not None
    rows = (
        (name, check, reason)
        for name, rack in racks.items()
        for check, reason in _of_rack(rack, by_rack.get(name, ()), tile=tile)
    )
    return together("rack", rows)


def _of_rack(
    rack: RackPlace, inside: Sequence[Occupant], *, tile: bool
) -> Iterator[tuple[str, str]]:
    weight, own = weigh(rack, inside), rack.group.system or rack.group.model
    if inside and not rack.system:
        check = "it carries what stands in it"
        if rack.model.load_max_kg is None:
            yield check, f"the catalogue has no load_max_kg of {own}"
        elif weight.unknown_load:
            yield check, f"the catalogue has no weight_kg of {', '.join(weight.unknown_load)}"
    if tile and inside and weight.unknown:
        reason = f"the catalogue has no weight_kg of {', '.join(weight.unknown)}"
        yield "the floor's tiles bear it", reason
    built_in = (one for one in inside if not one.built_in)
    deep = dict.fromkeys(one.model for one in built_in if one.depth_mm is None)
    if deep and not rack.model.immersion:
        yield (
            "its devices and their cables fit its depth",
            (f"the catalogue has no depth_mm of {', '.join(deep)}"),
        )
    wet = dict.fromkeys(one.model for one in inside if one.immersible is None)
    if wet and rack.model.immersion:
        reason = f"the catalogue does not say whether {', '.join(wet)} may be immersed"
        yield "its devices stand the fluid", reason
