"""All networks of a site together: each sized on its own, over shared racks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clusterwright.design import fabric
from clusterwright.design.cabling import Joint
from clusterwright.design.fabric import (
    Clos,
    compute_fabric,
    find_open,
    list_joints,
    storage_fabric,
)
from clusterwright.design.networks.controllers import ports_by_rack
from clusterwright.design.networks.inband import (
    Inband,
    inband_network,
    with_management_switches,
)
from clusterwright.design.networks.inband_joints import list_inband_joints, list_node_joints
from clusterwright.design.networks.inband_switches import inband_places
from clusterwright.design.networks.oob import Oob, oob_network, oob_places
from clusterwright.design.networks.oob_joints import list_oob_joints
from clusterwright.design.networks.place import SwitchPlace, clos_places
from clusterwright.design.seats import Seat, taken
from clusterwright.design.stores import Store
from clusterwright.load import LoadedSite

ROUNDS = 8
"""In-band leaves need management ports, and management switches need in-band ports: their numbers
are found together, which takes two or three rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Networks:
    """The networks of a site; those that it has no switches for are None."""

    compute: Clos
    storage: Clos | None
    inband: Inband | None
    oob: Oob | None
    places: Mapping[str, tuple[SwitchPlace, ...]]
    """Switches by network, those to come included."""

    @property
    def switches(self) -> Iterator[SwitchPlace]:
        """Yield all switches: where racks are shared, those of networks that grow come last."""
        switches = [one for places in self.places.values() for one in places]
        yield from sorted(switches, key=lambda one: one.late)

    @property
    def names(self) -> Mapping[str, tuple[str | None, ...]]:
        """Every switch's name by network, None where one is yet to come.

        Unexpected ones come after those of storage, of which there are as many as were planned.
        """
        named = {
            network: tuple(one.name if one.present else None for one in places if not one.late)
            for network, places in self.places.items()
        }
        late = tuple(one.name for one in self.places["oob"] if one.late)
        return {**named, "storage": (*named["storage"], *late)}

    @property
    def fabrics(self) -> Iterator[Clos]:
        yield self.compute
        if self.storage:
            yield self.storage


def plan_networks(loaded: LoadedSite, seats: Sequence[Seat], stores: Sequence[Store]) -> Networks:
    """Return every network with its switches."""
    compute = compute_fabric(loaded)
    storage = storage_fabric(loaded, compute, stores)
    clos = {
        "compute": tuple(clos_places(compute)),
        "storage": tuple(clos_places(storage)) if storage else (),
    }
    inband = inband_network(loaded, stores)
    for _ in range(ROUNDS):
        leaves = tuple(inband_places(loaded, inband)) if inband else ()
        known = (*clos["compute"], *clos["storage"], *leaves)
        oob = oob_network(loaded, ports_by_rack(loaded, seats, stores, known))
        if inband is None or oob is None:
            break
        known_inband = with_management_switches(inband, len(oob.own), len(oob.added))
        if known_inband.ask == inband.ask:
            break
        inband = known_inband
    return Networks(
        compute=compute,
        storage=storage,
        inband=inband,
        oob=oob,
        places={
            "compute": clos["compute"],
            "inband": leaves,
            "oob": tuple(oob_places(loaded, oob)) if oob else (),
            "storage": clos["storage"],
        },
    )


def list_all_joints(
    loaded: LoadedSite,
    networks: Networks,
    seats: Sequence[Seat],
    without: Collection[str] = frozenset(),
) -> Iterator[Joint]:
    """Yield everything that is to be joined, network by network, but for some networks."""
    nodes = taken(seats)
    for clos in networks.fabrics:
        if clos.name in without:
            continue
        unknown = find_open(clos, seats)
        for joint in list_joints(clos, nodes):
            yield replace(joint, open=True) if joint.a.device in unknown else joint
    inband = None if "inband" in without else networks.inband
    if inband:
        yield from list_inband_joints(loaded, inband, nodes)
    if networks.oob and "oob" not in without:
        yield from list_oob_joints(loaded, networks.oob, inband)


def list_joints_to_come(
    loaded: LoadedSite,
    networks: Networks,
    seats: Sequence[Seat],
    without: Collection[str] = frozenset(),
) -> Iterator[Joint]:
    """Yield what the site is built for and what will be joined where that is known already."""
    for clos in networks.fabrics:
        if clos.name not in without:
            yield from fabric.list_joints_to_come(clos, seats)
    if networks.inband and "inband" not in without:
        holes = [seat for seat in seats if seat.hole]
        yield from list_node_joints(loaded, networks.inband, holes)
