"""Who takes the ports of leaves, in plain numbers: units with their guests, and storage."""

from collections.abc import Iterable, Mapping, Sequence

from clusterwright.design.fabric.ask import GuestAsk, PoolAsk, UnitAsk
from clusterwright.design.fabric.guests import Guest
from clusterwright.design.fabric.node_ports import PlanePort
from clusterwright.design.port_speeds import speeds_of
from clusterwright.design.stores import Store
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import CableChoice, names_in
from clusterwright.model.fabric import StorageFabric


def ask_units(
    loaded: LoadedSite,
    ports: Mapping[str, Sequence[PlanePort]],
    guests: Sequence[Guest],
    built: Sequence[int],
) -> tuple[UnitAsk, ...]:
    """Return every unit with what its guests take; `built` are the nodes each is built for."""
    taken: list[list[GuestAsk]] = [[] for _ in built]
    for guest in guests:
        taken[guest.unit] += [guest.takes] * len(guest.ports)
    return tuple(
        UnitAsk(
            name=unit.name,
            build_for=built[ordinal],
            rails=max(_rails(ports[group.server]) for group in unit.groups) or 1,
            guests=tuple(taken[ordinal]),
        )
        for ordinal, unit in enumerate(loaded.site.compute)
    )


def _rails(ports: Sequence[PlanePort]) -> int:
    return max((port.rail for port in ports), default=0)


def guest_of(store: Store) -> Guest:
    """Return a storage server that shares the leaves of nodes."""
    return Guest(
        host=store.name, kind="storage", unit=store.unit, ports=store.ports, present=store.present
    )


def ask_pool(
    loaded: LoadedSite, defined: StorageFabric, stores: Sequence[Store], split: int, slowed: int
) -> PoolAsk | None:
    """Return the storage servers on leaves of their own, whose ports are split and run slower."""
    wanted = defined.appliances
    ports = max(sum(len(store.ports) for store in stores), wanted.build_for_ports or 0)
    if not ports or wanted.leaves == 0:
        return None
    cables = [loaded.catalogue.cables[name] for name in names_in(wanted.cable or defined.cable)]
    return PoolAsk(
        ports=ports,
        split=split,
        slowed=slowed,
        leaves=wanted.leaves,
        cage_cables=any(cable.links > 1 and not cable.transceivers for cable in cables),
    )


def link_gbps(
    loaded: LoadedSite,
    switch: str,
    split: int,
    choice: CableChoice,
    hosts: Iterable[float | None],
) -> int:
    """Return what ports of a switch, split so often, run at towards these hosts.

    That is their highest speed, or a lower one that they know, where the cable named for it and
    all hosts run at that one. The fibres of a splitter take a port that is split.
    """
    model = loaded.catalogue.switches[switch]
    highest = max(1, model.speed_gbps // split)
    cables = [loaded.catalogue.cables[name] for name in names_in(choice)]
    wanted = {cable.speed_gbps for cable in cables}
    known = wanted.intersection(speeds_of(model, split))
    splitting = any(cable.links > 1 and cable.transceivers for cable in cables)
    if splitting or len(wanted) != 1 or wanted != known or {gbps for gbps in hosts if gbps} - known:
        return highest
    return round(min(known))
