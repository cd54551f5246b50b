"""The Clos fabrics of a site: what its definition asks for, in plain numbers, and their sizes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import Server
from clusterwright.design.fabric.ask import FabricAsk, Grouping
from clusterwright.design.fabric.figures import (
    breakout_above,
    fraction,
    pool_figures,
    switch_figures,
    switches_above,
)
from clusterwright.design.fabric.guests import Guest, attached_guests
from clusterwright.design.fabric.node_ports import PlanePort, plane_ports, storage_ports
from clusterwright.design.fabric.size import FabricSize, size_fabric
from clusterwright.design.fabric.takers import ask_pool, ask_units, guest_of
from clusterwright.design.stores import Store
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.fabric import ClosFabric


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
    below_gbps: int
    """Of links to nodes."""
    pool_gbps: int
    """Of links to storage servers on leaves of their own."""
    ports: Mapping[str, Sequence[PlanePort]]
    guests: tuple[Guest, ...]
    pool: tuple[Store, ...] = ()

    @property
    def name(self) -> str:
        return self.ask.name

    @property
    def spine_switch(self) -> str:
        """The model of its spines and cores."""
        return self.defined.spine_switch or self.defined.switch

    @property
    def above_gbps(self) -> int:
        """Of links between switches."""
        return self.port_gbps // self.breakout_above

    @property
    def breakout_above(self) -> int:
        """Into how many links a port is split between switches."""
        return breakout_above(self.defined)


def compute_fabric(loaded: LoadedSite) -> Clos:
    """Return the fabric that joins the GPUs."""
    defined = loaded.site.fabrics.compute
    ports = {
        name: plane_ports(one, defined.planes, defined.node_gbps)
        for name, one in _servers(loaded).items()
    }
    guests = attached_guests(loaded, defined, "compute")
    groups, figures = defined.groups, switch_figures(loaded, defined, ports)
    ask = FabricAsk(
        ports=figures.ports,
        above=switches_above(loaded, defined),
        split=figures.split,
        cage_ports=figures.cage_ports,
        units=ask_units(loaded, ports, guests, [unit.build_for for unit in loaded.site.compute]),
        build_for_units=defined.build_for_units or 0,
        oversubscription=fraction(defined.oversubscription) * figures.slowed,
        shape=defined.shape,
        rails_per_leaf=defined.rails_per_leaf,
        nodes_per_leaf=defined.nodes_per_leaf,
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
        port_gbps=figures.port_gbps,
        below_gbps=figures.below_gbps,
        pool_gbps=figures.below_gbps,
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
    shared, figures = defined.appliances.leaves == 0, switch_figures(loaded, defined, ports)
    guests = attached_guests(loaded, defined, "storage")
    if shared:
        guests += tuple(guest_of(store) for store in stores)
    rooms = [unit.build_for for unit in loaded.site.compute]
    if compute.size:
        rooms = [max(1, unit.room) for unit in compute.size.units]
    pool = () if shared else tuple(store for store in stores if store.ports)
    pool_split, pool_gbps = pool_figures(loaded, defined, pool)
    pool_slowed = max(1, figures.port_gbps // (breakout_above(defined) * pool_split * pool_gbps))
    ask = FabricAsk(
        name="storage",
        ports=figures.ports,
        above=switches_above(loaded, defined),
        split=figures.split,
        cage_ports=figures.cage_ports,
        units=ask_units(loaded, ports, guests, rooms),
        build_for_units=defined.build_for_units or loaded.site.fabrics.compute.build_for_units or 0,
        oversubscription=fraction(defined.oversubscription) * figures.slowed,
        rails_per_leaf=defined.rails_per_leaf,
        reserved_leaf_ports=defined.reserved_leaf_ports,
        tiers=defined.tiers,
        pool=ask_pool(loaded, defined, pool, pool_split, pool_slowed),
    )
    return Clos(
        at=("fabrics", "storage"),
        defined=defined,
        ask=ask,
        size=size_fabric(ask),
        port_gbps=figures.port_gbps,
        below_gbps=figures.below_gbps,
        pool_gbps=pool_gbps,
        ports=ports,
        guests=guests,
        pool=pool,
    )


def _servers(loaded: LoadedSite) -> dict[str, Server]:
    names = [group.server for unit in loaded.site.compute for group in unit.groups]
    return {name: loaded.catalogue.servers[name] for name in names}
