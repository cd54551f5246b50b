"""The in-band network of a site: who is on it, how large it is, and its switches' names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from clusterwright.design.host_ports import HostPort, first, ports_for
from clusterwright.design.networks.pair_tree import size_pairs
from clusterwright.design.networks.pairs import Pairs, PairsAsk
from clusterwright.design.newcomers import MANAGEMENT_HOSTS
from clusterwright.design.stores import Store
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import AUTO, CableChoice
from clusterwright.model.ethernet import InbandNetwork

AT: DefinitionPath = ("fabrics", "inband")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inband:
    """The network as asked and sized, and the ports that hosts bring, by model or by name.

    `node_slots` are those of each node of a unit.
    """

    switch: str
    defined: InbandNetwork
    ask: PairsAsk
    size: Pairs | None
    node_ports: Mapping[str, tuple[HostPort, ...]]
    host_ports: Mapping[str, tuple[HostPort, ...]]
    node_slots: tuple[int, ...]
    node_offsets: tuple[int, ...]
    expected_hosts: int
    """Slots that are kept for management hosts."""
    stores: tuple[Store, ...]

    def added_switch(self, size: Pairs, ordinal: int) -> tuple[int, int]:
        """Return the slot of a management switch that nobody expected: it is after the hosts'."""
        return size.host(self.expected_hosts + ordinal)

    @property
    def core_switch(self) -> str:
        """The model of its cores and spines."""
        return self.defined.core_switch or self.switch

    @property
    def cable(self) -> CableChoice:
        return self.defined.cable or AUTO

    @property
    def uplink_cable(self) -> CableChoice:
        return self.defined.uplink_cable or self.cable

    @property
    def peer_cable(self) -> CableChoice:
        return self.defined.peer_cable or self.uplink_cable


def inband_network(loaded: LoadedSite, stores: Sequence[Store]) -> Inband | None:
    """Return the network before its management switches are known, if its switches are planned."""
    defined = loaded.site.fabrics.inband
    if defined.switch is None:
        return None
    node_ports = {
        group.server: ports_for(loaded.catalogue.servers[group.server], "in-band")
        for unit in loaded.site.compute
        for group in unit.groups
    }
    host_ports = _host_ports(loaded)
    node_slots = tuple(
        max(slots(node_ports[group.server]) for group in unit.groups)
        for unit in loaded.site.compute
    )
    built = [unit.build_for for unit in loaded.site.compute]
    taken = [n * each for n, each in zip(built, node_slots, strict=True)]
    to_come = (loaded.site.fabrics.compute.build_for_units or 0) - len(built)
    host_slots = max(map(slots, host_ports.values()), default=1) or 1
    expected_hosts = MANAGEMENT_HOSTS * host_slots
    switch = loaded.catalogue.switches[defined.switch]
    handover = defined.uplinks.links if defined.uplinks else 0
    ask = PairsAsk(
        ports=switch.ports,
        core_ports=loaded.catalogue.switches[defined.core_switch or defined.switch].ports,
        uplink_cages=_uplink_cages(loaded, defined.switch),
        split=defined.breakout,
        cage_ports=switch.ports_per_cage,
        peer_links=defined.peer_links,
        nodes=sum(taken) + max(0, to_come) * max(taken),
        switches=0,
        hosts=expected_hosts,
        storage=sum(slots(store.inband_ports) for store in stores),
        handover=handover,
        leaves=defined.leaves,
        cores=defined.cores,
        leaf_uplinks=defined.leaf_uplinks,
        oversubscription=_fraction(defined.oversubscription),
        tiers=defined.tiers,
    )
    return Inband(
        switch=defined.switch,
        defined=defined,
        ask=ask,
        size=size_pairs(ask),
        node_ports=node_ports,
        host_ports=host_ports,
        node_slots=node_slots,
        node_offsets=tuple(sum(taken[:i]) for i in range(len(taken))),
        expected_hosts=expected_hosts,
        stores=tuple(store for store in stores if store.inband_ports),
    )


def with_management_switches(inband: Inband, own: int, added: int) -> Inband:
    """Return the network with room for so many management switches."""
    ask = replace(inband.ask, switches=own, hosts=inband.expected_hosts + added)
    return replace(inband, ask=ask, size=size_pairs(ask))


def slots(ports: Sequence[HostPort]) -> int:
    """Return how many slots a bond of these ports takes: two ports end at two leaves."""
    return -(-len(ports) // 2)


def _host_ports(loaded: LoadedSite) -> dict[str, tuple[HostPort, ...]]:
    asked = {one.host: one.ports for one in loaded.site.fabrics.inband.attached}
    known = {
        host.name: ports_for(loaded.catalogue.servers[host.server], "in-band")
        for host in loaded.site.management
    }
    return {name: first(asked.get(name, len(ports)), ports, "ETH") for name, ports in known.items()}


def _uplink_cages(loaded: LoadedSite, model: str) -> int:
    switch = loaded.catalogue.switches[model]
    faster = (c for c in switch.further_cages if c.speed_gbps > switch.speed_gbps)
    return next((cages.cages * cages.ports_per_cage for cages in faster), 0)


def _fraction(ratio: float | None) -> Fraction | None:
    return None if ratio is None else Fraction(ratio).limit_denominator(1000)


def leaf_name(pair: int, side: int) -> str:
    """Name a leaf; both count from 0."""
    return f"inband-leaf{2 * pair + side + 1}"


def core_name(core: int) -> str:
    return f"inband-core{core + 1}"


def spine_name(group: int, spine: int) -> str:
    """Name a spine, where there are three tiers; both count from 0."""
    return f"inband-g{group + 1}-spine{spine + 1}"


def spine_names(size: Pairs) -> list[list[str]]:
    """Return the names of all spines by group."""
    tree = size.tree
    groups, spines = (tree.groups, tree.spines) if tree else (0, 0)
    return [[spine_name(group, spine) for spine in range(spines)] for group in range(groups)]
