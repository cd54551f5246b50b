"""Names in a definition that name nothing, and names given twice."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from clusterwright.catalogue import Catalogue
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model import cooling_references, installation_problems, systems
from clusterwright.model.facility import Group, RackGroup
from clusterwright.model.floor import Row
from clusterwright.model.naming import missing as _missing
from clusterwright.model.naming import twice as _twice
from clusterwright.model.network_references import find_network_problems
from clusterwright.model.server_references import find_server_problems
from clusterwright.model.site import Site


def find_problems(site: Site, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Return every reference to nothing and every duplicate, in the order of the definition."""
    return tuple(
        chain(
            _catalogue(site, catalogue),
            systems.find_problems(site, catalogue),
            _racks(site),
            cooling_references.find_problems(site.facility, catalogue),
            _places(site),
            _pools(site),
            find_network_problems(site, catalogue),
            find_server_problems(site, catalogue),
            _holes(site),
            installation_problems.find_problems(site),
            _duplicates(site),
        )
    )


def _groups(site: Site) -> Iterator[tuple[DefinitionPath, Group]]:
    for i, unit in enumerate(site.compute):
        for j, group in enumerate(unit.groups):
            yield ("compute", i, "groups", j), group


def _catalogue(site: Site, catalogue: Catalogue) -> Iterator[Problem]:
    nodes = {name: server for name, server in catalogue.servers.items() if server.gpus}
    for i, racks in enumerate(site.facility.racks):
        where: DefinitionPath = ("facility", "racks", i)
        yield from _power(where, racks, site, catalogue)
    for path, group in _groups(site):
        if group.server:
            yield from _missing((*path, "server"), group.server, "GPU server model", nodes)
    for i, host in enumerate(site.management):
        where = ("management", i, "server")
        yield from _missing(where, host.server, "server model", catalogue.servers)
    driver = site.software.gpu_driver
    yield from _missing(("software", "gpu_driver"), driver, "driver release", catalogue.drivers)


def _power(
    where: DefinitionPath, racks: RackGroup, site: Site, catalogue: Catalogue
) -> Iterator[Problem]:
    if racks.pdus:
        pdu = (*where, "pdus", "model")
        yield from _missing(pdu, racks.pdus.model, "PDU model", catalogue.pdus)
    if racks.shelves:
        shelf = (*where, "shelves", "model")
        yield from _missing(
            shelf, racks.shelves.model, "power shelf model", catalogue.power_shelves
        )
    feeds = [feed.name for feed in site.facility.feeds]
    for k, name in enumerate(racks.feeds):
        yield from _missing((*where, "feeds", k), name, "feed", feeds)
    yield from _twice((*where, "feeds"), (), racks.feeds)


def _racks(site: Site) -> Iterator[Problem]:
    lists: list[tuple[DefinitionPath, Sequence[str]]] = [
        *(((*path, "racks"), group.racks) for path, group in _groups(site)),
    ]
    known = dict.fromkeys(site.facility.rack_names)
    for path, names in lists:
        for k, rack in enumerate(names):
            yield from _missing((*path, k), rack, "rack", known)
    for i, host in enumerate(site.management):
        yield from _missing(("management", i, "rack"), host.rack, "rack", known)


def _rows(site: Site) -> Iterator[tuple[DefinitionPath, Row]]:
    for i, row in enumerate(site.facility.floor.rows):
        yield ("facility", "floor", "rows", i, "racks"), row


def _places(site: Site) -> Iterator[Problem]:
    """Yield racks that stand nowhere, where the definition says where racks stand."""
    standing = {name for row in site.facility.floor.rows for name in row.racks}
    for i, group in enumerate(site.facility.racks if standing else ()):
        for k, name in enumerate(group.names):
            if name not in standing:
                yield Problem(
                    path=("facility", "racks", i, "names", k),
                    value=name,
                    rule=f"rack {name} stands in none of the floor's rows: add it to one of them",
                )


def _pools(site: Site) -> Iterator[Problem]:
    for path, group in _groups(site):
        yield from _missing((*path, "pool"), group.pool, "pool", site.pools)


def _holes(site: Site) -> Iterator[Problem]:
    for i, unit in enumerate(site.compute):
        at: DefinitionPath = ("compute", i, "holes")
        nodes = [f"{unit.name}-n{index}" for index in chain.from_iterable(unit.indices)]
        there = [name for name in unit.holes if name in nodes]
        for k, name in enumerate(unit.holes):
            if name not in nodes and re.fullmatch(rf"{unit.name}-n\d+", name):
                yield Problem(
                    path=(*at, k),
                    value=name,
                    rule=f"there is no {name}: {unit.name} has {len(nodes)} nodes, so leave it out",
                    remedy=((at, f"[{', '.join(dict.fromkeys(there))}]"),),
                )
                continue
            free = [node for node in nodes if node == name or node not in unit.holes]
            yield from _missing((*at, k), name, f"node of {unit.name}", free)
        yield from _twice(at, (), unit.holes)


def _duplicates(site: Site) -> Iterator[Problem]:
    facility: DefinitionPath = ("facility",)
    yield from _twice((*facility, "feeds"), (), [feed.name for feed in site.facility.feeds])
    yield from _racks_twice(site)
    cdus = cooling_references.list_cdus(site.facility)
    hosts = [host.name for host in site.management]
    yield from _twice(("management",), ("name",), hosts, taken=cdus)
    units = [unit.name for unit in site.compute]
    yield from _twice(("compute",), ("name",), units, taken=[*cdus, *hosts])
    stores = [one.name for one in site.storage]
    yield from _twice(("storage",), ("name",), stores, taken=[*cdus, *hosts, *units])


def _racks_twice(site: Site) -> Iterator[Problem]:
    seen: list[str] = []
    for i, group in enumerate(site.facility.racks):
        yield from _twice(("facility", "racks", i, "names"), (), group.names, taken=seen)
        seen += group.names
    rows = site.facility.floor.rows
    yield from _twice(("facility", "floor", "rows"), ("name",), [row.name for row in rows])
    seen = []
    for path, row in _rows(site):
        yield from _twice(path, (), row.racks, taken=seen)
        seen += row.racks
