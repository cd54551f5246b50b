"""Names in the networks of a definition that name nothing."""

from collections.abc import Iterator, Sequence
from itertools import chain

from clusterwright.catalogue import Catalogue
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model.cabling import CableChoice, names_in
from clusterwright.model.fabric import ClosFabric
from clusterwright.model.naming import missing
from clusterwright.model.site import Site

Named = tuple[DefinitionPath, str | None]
"""A name that may be left out, and where it stands."""


def find_network_problems(site: Site, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield every model, rack, host and unit that a network or storage names and nobody knows."""
    known = {**catalogue.servers, **catalogue.storage}
    hosts = [host.name for host in site.management]
    yield from _each(_switches(site), "switch model", list(catalogue.switches))
    yield from _each(_cables(site), "cable", list(catalogue.cables))
    yield from _each(_racks(site), "rack", site.facility.rack_names)
    yield from _each(_hosts(site), "management host", hosts)
    yield from _each(_units(site), "scalable unit", [unit.name for unit in site.compute])
    models: list[Named] = [(("storage", i, "model"), s.model) for i, s in enumerate(site.storage)]
    yield from _each(models, "server or storage model", list(known))


def _each(named: Sequence[Named], what: str, known: Sequence[str]) -> Iterator[Problem]:
    have = dict.fromkeys(known)
    for path, name in named:
        if name is not None:
            yield from missing(path, name, what, have)


def _fabrics(site: Site) -> dict[str, ClosFabric]:
    fabrics = {"compute": site.fabrics.compute, "storage": site.fabrics.storage}
    return {key: fabric for key, fabric in fabrics.items() if fabric}


def _switches(site: Site) -> list[Named]:
    return [
        *(
            (("fabrics", key, switch), getattr(fabric, switch))
            for key, fabric in _fabrics(site).items()
            for switch in ("switch", "spine_switch")
        ),
        (("fabrics", "inband", "switch"), site.fabrics.inband.switch),
        (("fabrics", "inband", "core_switch"), site.fabrics.inband.core_switch),
        (("fabrics", "oob", "switch"), site.fabrics.oob.switch),
    ]


def _cables(site: Site) -> list[Named]:
    inband, oob = site.fabrics.inband, site.fabrics.oob
    chosen: list[tuple[DefinitionPath, CableChoice | None]] = [
        (("fabrics", key, cable), getattr(fabric, cable))
        for key, fabric in {**_fabrics(site), "inband": inband, "oob": oob}.items()
        for cable in ("cable", "uplink_cable")
    ]
    if site.fabrics.storage:
        path = ("fabrics", "storage", "appliances", "cable")
        chosen.append((path, site.fabrics.storage.appliances.cable))
    chosen.append((("fabrics", "inband", "peer_cable"), inband.peer_cable))
    if inband.uplinks:
        chosen.append((("fabrics", "inband", "uplinks", "cable"), inband.uplinks.cable))
    chosen += [
        (("fabrics", key, "attached", i, "cable"), one.cable)
        for key, fabric in _fabrics(site).items()
        for i, one in enumerate(fabric.attached)
    ]
    return [one for path, choice in chosen if choice for one in _named(path, choice)]


def _named(path: DefinitionPath, choice: CableChoice) -> Iterator[Named]:
    for k, name in enumerate(names_in(choice)):
        yield path if isinstance(choice, str) else (*path, k), name


def _racks(site: Site) -> list[Named]:
    inband, oob = site.fabrics.inband, site.fabrics.oob
    lists: list[tuple[DefinitionPath, Sequence[str]]] = [
        *((("fabrics", key, "racks"), fabric.racks) for key, fabric in _fabrics(site).items()),
        *(
            (("fabrics", key, "spine_racks"), fabric.spine_racks)
            for key, fabric in _fabrics(site).items()
        ),
        (("fabrics", "inband", "racks"), inband.racks),
        (("fabrics", "oob", "racks"), oob.racks),
        *((("storage", i, "racks"), one.racks) for i, one in enumerate(site.storage)),
    ]
    named: list[Named] = [((*path, k), r) for path, racks in lists for k, r in enumerate(racks)]
    if inband.uplinks:
        named.append((("fabrics", "inband", "uplinks", "rack"), inband.uplinks.rack))
    return named


def _hosts(site: Site) -> list[Named]:
    attached = chain(
        (
            (key, i, one.host)
            for key, f in _fabrics(site).items()
            for i, one in enumerate(f.attached)
        ),
        (("inband", i, one.host) for i, one in enumerate(site.fabrics.inband.attached)),
    )
    return [
        *((("fabrics", key, "attached", i, "host"), host) for key, i, host in attached),
        *(
            (("fabrics", key, "attached", i, "shared_with", k), host)
            for key, fabric in _fabrics(site).items()
            for i, one in enumerate(fabric.attached)
            for k, host in enumerate(one.shared_with)
        ),
        *(
            (("fabrics", "oob", "back_to_back", i, k), host)
            for i, pair in enumerate(site.fabrics.oob.back_to_back)
            for k, host in enumerate(pair)
        ),
    ]


def _units(site: Site) -> list[Named]:
    return [
        *(
            (("fabrics", key, "attached", i, "unit"), one.unit)
            for key, fabric in _fabrics(site).items()
            for i, one in enumerate(fabric.attached)
        ),
        *((("storage", i, "unit"), one.unit) for i, one in enumerate(site.storage)),
    ]
