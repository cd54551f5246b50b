"""What stands in racks and on the floor and is no host, switch, PDU or shelf of the plan."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Equipment, FloorPlace, Mount
from clusterwright.load import LoadedSite


def plan_equipment(
    loaded: LoadedSite,
    occupants: Sequence[Occupant],
    mounts: Mapping[str, Mount],
    floor: Mapping[str, FloorPlace],
) -> tuple[Equipment, ...]:
    """Return CDUs and the built-in parts of racks, those on the floor first.

    Management switches that come with a rack are switches of the plan, if their network is planned.
    """
    others = loaded.site.fabrics.oob.switch is None
    in_racks = [one for one in occupants if others or not _built_in_switch(one)]
    return (*_on_the_floor(loaded, floor), *_in_racks(in_racks, mounts))


def _on_the_floor(loaded: LoadedSite, floor: Mapping[str, FloorPlace]) -> Iterator[Equipment]:
    for loop in loaded.site.facility.cooling.loops:
        for cdu in loop.cdus:
            model = loaded.catalogue.cdus[cdu.model]
            if cdu.name in floor:
                yield Equipment(
                    name=cdu.name,
                    kind="cdu",
                    model=cdu.model,
                    mount=None,
                    floor=floor[cdu.name],
                    weight_kg=model.weight_kg,
                    power_watts=model.power_max_watts or 0,
                    liquid_watts=0,
                )


def _in_racks(occupants: Sequence[Occupant], mounts: Mapping[str, Mount]) -> Iterator[Equipment]:
    for one in occupants:
        if one.kind in ("cdu", "nvlink-switch") or _built_in_switch(one):
            yield Equipment(
                name=one.name,
                kind=one.kind,
                model=one.model,
                mount=mounts[one.name],
                floor=None,
                weight_kg=one.weight_kg,
                power_watts=one.power_watts,
                liquid_watts=one.liquid_watts,
            )


def _built_in_switch(one: Occupant) -> bool:
    return one.built_in and one.kind == "switch"
