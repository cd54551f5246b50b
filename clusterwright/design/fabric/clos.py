"""The Clos fabrics of a site: what its definition asks for, in plain numbers, and their sizes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from clusterwright.catalogue.entry import Server
from clusterwright.design.fabric.ask import FabricAsk, Grouping, PoolAsk, UnitAsk
from clusterwright.design.fabric.guests import Guest, attached_guests
from clusterwright.design.fabric.node_ports import PlanePort, plane_ports, storage_ports
from clusterwright.design.fabric.size import FabricSize, size_fabric
from clusterwright.design.stores import Store
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.fabric import ClosFabric, StorageFabric


@dataclass(frozen=True, slots=True, kw_only=True)
class Clos:
    """One fabric as defined, asked and sized; no size where its tiers cannot join all leaves.

    `ports` has what each server model puts into it. `pool` are the storage servers on leaves of
    their own; those that share the leaves of nodes are among the guests.
    """

    at: DefinitionPath
    defined: ClosFabric
    ask: FabricAsk
    size: FabricSize | None
    port_gbps: int
    """Of its switches, unsplit."""
    ports: Mapping[str, Sequence[PlanePort]]
    guests: tuple[Guest, ...]
    pool: tuple[Store, ...] = ()

    @property
    def name(self) -> str:
        return self.ask.name

    @property
    def breakout_above(self) -> int:
        """Into how many links a port is split between switches."""
        return breakout_above(self.defined)


class _Figures(NamedTuple):
    ports: int
    split: int
    cage_ports: int


def breakout_above(fabric: ClosFabric) -> int:
    """Return into how many links a port is split between switches."""
    return fabric.uplink_breakout or fabric.breakout


def compute_fabric(loaded: LoadedSite) -> Clos:
    """Return the fabric that joins the GPUs."""
    defined = loaded.site.fabrics.compute
    ports = {name: plane_ports(one, defined.planes) for name, one in _servers(loaded).items()}
    guests = attached_guests(loaded, defined, "compute")
    groups, figures = defined.groups, _switch_figures(loaded, defined)
    ask = FabricAsk(
        ports=figures.ports,
        split=figures.split,
        cage_ports=figures.cage_ports,
        units=_units(loaded, ports, guests, [unit.build_for for unit in loaded.site.compute]),
        build_for_units=defined.build_for_units or 0,
        oversubscription=_fraction(defined.oversubscription),
        shape=defined.shape,
        rails_per_leaf=defined.rails_per_leaf,
        reserved_leaf_ports=defined.reserved_leaf_ports,
        tiers=3 if groups else defined.tiers,
        grouping=Grouping(units=groups.units, leaves=groups.leaves) if groups else None,
        planes=defined.planes,
    )
    return Clos(
        at=("fabrics", "compute"),
        defined=defined,
        ask=ask,
        size=size_fabric(ask),
        port_gbps=loaded.catalogue.switches[defined.switch].speed_gbps,
        ports=ports,
        guests=guests,
    )


def storage_fabric(loaded: LoadedSite, compute: Clos, stores: Sequence[Store]) -> Clos | None:
    """Return the fabric between nodes and storage, if the site has one.

    It has the nodes that the compute fabric has room for: where UFM displaces one, it is missed
    here, too.
    """
    defined = loaded.site.fabrics.storage
    if defined is None:
        return None
    ports = {name: storage_ports(one) for name, one in _servers(loaded).items()}
    shared, figures = defined.appliances.leaves == 0, _switch_figures(loaded, defined)
    guests = attached_guests(loaded, defined, "storage")
    if shared:
        guests += tuple(_guest(store) for store in stores)
    rooms = [unit.build_for for unit in loaded.site.compute]
    if compute.size:
        rooms = [max(1, unit.room) for unit in compute.size.units]
    pool = () if shared else tuple(store for store in stores if store.ports)
    ask = FabricAsk(
        name="storage",
        ports=figures.ports,
        split=figures.split,
        cage_ports=figures.cage_ports,
        units=_units(loaded, ports, guests, rooms),
        build_for_units=defined.build_for_units or loaded.site.fabrics.compute.build_for_units or 0,
        oversubscription=_fraction(defined.oversubscription),
        rails_per_leaf=defined.rails_per_leaf,
        reserved_leaf_ports=defined.reserved_leaf_ports,
        tiers=defined.tiers,
        pool=_pool(defined, pool),
    )
    return Clos(
        at=("fabrics", "storage"),
        defined=defined,
        ask=ask,
        size=size_fabric(ask),
        port_gbps=loaded.catalogue.switches[defined.switch].speed_gbps,
        ports=ports,
        guests=guests,
        pool=pool,
    )


def _guest(store: Store) -> Guest:
    return Guest(
        host=store.name, kind="storage", unit=store.unit, ports=store.ports, present=store.present
    )


def _pool(defined: StorageFabric, stores: Sequence[Store]) -> PoolAsk | None:
    wanted = defined.appliances
    ports = max(sum(len(store.ports) for store in stores), wanted.build_for_ports or 0)
    if not ports or wanted.leaves == 0:
        return None
    split = max(1, (wanted.breakout or defined.breakout) // breakout_above(defined))
    return PoolAsk(ports=ports, split=split, leaves=wanted.leaves)


def _servers(loaded: LoadedSite) -> dict[str, Server]:
    names = [group.server for unit in loaded.site.compute for group in unit.groups]
    return {name: loaded.catalogue.servers[name] for name in names}


def _units(
    loaded: LoadedSite,
    ports: Mapping[str, Sequence[PlanePort]],
    guests: Sequence[Guest],
    built: Sequence[int],
) -> tuple[UnitAsk, ...]:
    taken = [0] * len(built)
    for guest in guests:
        taken[guest.unit] += len(guest.ports)
    return tuple(
        UnitAsk(
            name=unit.name,
            build_for=built[ordinal],
            rails=max(_rails(ports[group.server]) for group in unit.groups) or 1,
            guest_ports=taken[ordinal],
        )
        for ordinal, unit in enumerate(loaded.site.compute)
    )


def _rails(ports: Sequence[PlanePort]) -> int:
    return max((port.rail for port in ports), default=0)


def _fraction(ratio: float) -> Fraction:
    return Fraction(ratio).limit_denominator(1000)


def _switch_figures(loaded: LoadedSite, fabric: ClosFabric) -> _Figures:
    switch, above = loaded.catalogue.switches[fabric.switch], breakout_above(fabric)
    return _Figures(
        ports=switch.ports * above,
        split=fabric.breakout // above,
        cage_ports=switch.ports_per_cage * above,
    )
