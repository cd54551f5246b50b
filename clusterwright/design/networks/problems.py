"""What keeps the networks of a site from being built as asked."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from clusterwright.design import fabric
from clusterwright.design.networks.inband_problems import find_inband_problems
from clusterwright.design.networks.networks import Networks
from clusterwright.design.networks.nvlink import find_domain_problems
from clusterwright.design.networks.oob_problems import find_oob_problems
from clusterwright.design.seats import Seat
from clusterwright.design.stores import Store
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite


def find_problems(
    loaded: LoadedSite, networks: Networks, nodes: Sequence[Seat], stores: Sequence[Store]
) -> Iterator[Problem]:
    """Yield every mistake in any of the networks."""
    yield from chain(*problems_by_network(loaded, networks, nodes, stores).values())


def problems_by_network(
    loaded: LoadedSite, networks: Networks, nodes: Sequence[Seat], stores: Sequence[Store]
) -> Mapping[str, Sequence[Problem]]:
    """Return every mistake by the network that it is in; under no name those of none."""
    found = {clos.name: list(fabric.find_problems(loaded, clos)) for clos in networks.fabrics}
    if networks.inband:
        found["inband"] = list(find_inband_problems(loaded, networks.inband))
    if networks.oob:
        known = None if found.get("inband") else networks.inband
        found["oob"] = list(find_oob_problems(loaded, networks.oob, known))
    found[""] = [
        *find_domain_problems(loaded, nodes),
        *_names(loaded, networks, nodes, stores),
    ]
    return found


def _names(
    loaded: LoadedSite, networks: Networks, nodes: Sequence[Seat], stores: Sequence[Store]
) -> Iterator[Problem]:
    """Yield names that an operator gave and that design gives to something else, too."""
    derived = {
        **{seat.name: "a node" for seat in nodes},
        **{
            one.name: f"a switch of the {_called(one.fabric)}"
            for one in networks.switches
            if one.present
        },
    }
    servers = {store.name: "a storage server" for store in stores}
    named = list(_given(loaded))
    given = {name for _, name in named}
    for path, name in named:
        if what := derived.get(name) or servers.get(name):
            yield _taken(path, name, what)
    for store in stores:
        if store.name in derived and store.name not in given:
            yield _taken((*store.path[:2], "name"), store.name, derived[store.name])


def _taken(path: DefinitionPath, name: str, what: str) -> Problem:
    return Problem(
        path=path,
        value=name,
        rule=f"{name} is the name of {what}, but a name means one thing: give this one another",
    )


def _called(network: str) -> str:
    return {"inband": "in-band network", "oob": "out-of-band network"}.get(
        network, f"{network.partition('-')[0]} fabric"
    )


def _given(loaded: LoadedSite) -> Iterator[tuple[DefinitionPath, str]]:
    for i, host in enumerate(loaded.site.management):
        yield ("management", i, "name"), host.name
    for i, loop in enumerate(loaded.site.facility.cooling.loops):
        for k, cdu in enumerate(loop.cdus):
            key = ("further_cdus", k - 1) if k else ("cdu",)
            yield ("facility", "cooling", "loops", i, *key, "name"), cdu.name
    if uplinks := loaded.site.fabrics.inband.uplinks:
        yield ("fabrics", "inband", "uplinks", "panel"), uplinks.panel
