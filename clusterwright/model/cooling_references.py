"""Names in the definition of cooling and of the floor that name nothing, or are given twice."""

from collections.abc import Iterator

from clusterwright.catalogue import Catalogue
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model.facility import Facility
from clusterwright.model.loop import Cdu, Loop
from clusterwright.model.naming import missing, second, twice

COOLING: DefinitionPath = ("facility", "cooling")


def find_problems(facility: Facility, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield names of no coolant, CDU, rack or valve, and CDUs and air handlers named twice."""
    racks = dict.fromkeys(facility.rack_names)
    for path, loop in _loops(facility):
        yield from missing((*path, "coolant"), loop.coolant, "coolant", catalogue.coolants)
        for k, rack in enumerate(loop.racks):
            yield from missing((*path, "racks", k), rack, "rack", racks)
        for name in loop.valves:
            yield from missing(
                (*path, "valves", name),
                name,
                f"valve on loop {loop.name}",
                (loop.name, *loop.racks),
                replaceable=False,
            )
    for path, cdu in _cdus(facility):
        yield from missing((*path, "model"), cdu.model, "CDU model", catalogue.cdus)
        if cdu.rack:
            yield from missing((*path, "rack"), cdu.rack, "rack", racks)
    yield from _rows(facility, catalogue)
    yield from _named_twice(facility)


def list_cdus(facility: Facility) -> list[str]:
    """Return the names of all CDUs."""
    return [cdu.name for _, cdu in _cdus(facility)]


def _loops(facility: Facility) -> Iterator[tuple[DefinitionPath, Loop]]:
    for i, loop in enumerate(facility.cooling.loops):
        yield (*COOLING, "loops", i), loop


def _cdus(facility: Facility) -> Iterator[tuple[DefinitionPath, Cdu]]:
    for path, loop in _loops(facility):
        yield (*path, "cdu"), loop.cdu
        for k, cdu in enumerate(loop.further_cdus):
            yield (*path, "further_cdus", k), cdu


def _rows(facility: Facility, catalogue: Catalogue) -> Iterator[Problem]:
    standing = dict.fromkeys(facility.rack_names)
    for _, cdu in _cdus(facility):
        if (model := catalogue.cdus.get(cdu.model)) and not model.height_units:
            standing[cdu.name] = None
    for i, row in enumerate(facility.floor.rows):
        for k, name in enumerate(row.racks):
            path: DefinitionPath = ("facility", "floor", "rows", i, "racks", k)
            yield from missing(path, name, "rack or CDU on the floor", standing)


def _named_twice(facility: Facility) -> Iterator[Problem]:
    loops = [loop.name for loop in facility.cooling.loops]
    yield from twice((*COOLING, "loops"), ("name",), loops)
    seen: set[str] = set()
    for path, cdu in _cdus(facility):
        if cdu.name in seen:
            yield second((*path, "name"), cdu.name)
        seen.add(cdu.name)
    if facility.cooling.air:
        handlers = [handler.name for handler in facility.cooling.air.handlers]
        yield from twice((*COOLING, "air", "handlers"), ("name",), handlers)
