"""Racks that are bought whole: what they say of themselves, a definition need not repeat."""

from collections.abc import Iterator

from clusterwright.catalogue import Catalogue
from clusterwright.catalogue.entry import RackSystem
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model.facility import Group, RackGroup
from clusterwright.model.naming import missing
from clusterwright.model.power import RackShelves
from clusterwright.model.site import Site


def fill_in(site: Site, catalogue: Catalogue) -> Site:
    """Return the site with the cabinet of every system, and the nodes of every group in one."""
    facility = site.facility.model_copy(
        update={"racks": tuple(_filled_racks(group, catalogue) for group in site.facility.racks)}
    )
    systems = _systems(site, catalogue)
    units = tuple(
        unit.model_copy(update={"groups": tuple(_filled(g, systems) for g in unit.groups)})
        for unit in site.compute
    )
    return site.model_copy(update={"facility": facility, "compute": units})


def find_problems(site: Site, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield groups that say too little, or other than the racks that they stand in."""
    yield from _of_racks(site, catalogue)
    systems = _systems(site, catalogue)
    for i, unit in enumerate(site.compute):
        for j, group in enumerate(unit.groups):
            yield from _of_group(("compute", i, "groups", j), group, systems)


def _of_racks(site: Site, catalogue: Catalogue) -> Iterator[Problem]:
    for i, group in enumerate(site.facility.racks):
        at: DefinitionPath = ("facility", "racks", i)
        if group.system is None:
            yield from missing((*at, "model"), group.model, "rack model", catalogue.racks)
        else:
            systems = catalogue.rack_systems
            yield from missing((*at, "system"), group.system, "rack system", systems)


def _filled_racks(group: RackGroup, catalogue: Catalogue) -> RackGroup:
    system = catalogue.rack_systems.get(group.system or "")
    if system is None:
        return group
    parts = system.power_shelves
    shelves = RackShelves(model=parts.model, count=parts.count)
    return group.model_copy(update={"model": system.rack, "shelves": shelves})


def _systems(site: Site, catalogue: Catalogue) -> dict[str, RackSystem]:
    return {
        name: system
        for group in site.facility.racks
        if (system := catalogue.rack_systems.get(group.system or ""))
        for name in group.names
    }


def _filled(group: Group, systems: dict[str, RackSystem]) -> Group:
    system = systems.get(group.racks[0])
    if system is None:
        return group
    trays = system.compute_trays
    count = trays.count * len(group.racks)
    return group.model_copy(
        update={"server": group.server or trays.model, "count": group.count or count}
    )


def _of_group(
    at: DefinitionPath, group: Group, systems: dict[str, RackSystem]
) -> Iterator[Problem]:
    whole = [name for name in group.racks if name in systems]
    if not whole:
        yield from _missing(at, group)
    elif len({id(systems.get(name)) for name in group.racks}) > 1:
        other = next(n for n in group.racks if systems.get(n) is not systems[whole[0]])
        yield Problem(
            path=(*at, "racks", group.racks.index(other)),
            value=other,
            rule=f"rack {other} is not of the system of rack {whole[0]}: give it a group of its "
            "own",
        )
    else:
        yield from _other_than(at, group, systems[whole[0]])


def _missing(at: DefinitionPath, group: Group) -> Iterator[Problem]:
    for key in ("server", "count"):
        if not getattr(group, key):
            yield Problem(path=(*at, key), value="", rule=f"{key} is missing: write it")


def _other_than(at: DefinitionPath, group: Group, system: RackSystem) -> Iterator[Problem]:
    trays = system.compute_trays
    count = trays.count * len(group.racks)
    for key, value, due in (
        ("server", group.server, trays.model),
        ("count", str(group.count), str(count)),
    ):
        if value not in ("", "0", due):
            yield Problem(
                path=(*at, key),
                value=value,
                rule=f"{value} is not what stands in {len(group.racks)} racks of {system.title}: "
                f"{trays.count} {trays.model} in each: leave out {key}, or write {due}",
                remedy=(((*at, key), due),),
            )
