"""The in-band network in plain numbers: pairs of leaves, and the cores that join them.

A host's bond takes a *slot*: the port of one number on both leaves of a pair. Slots are given out
so that every kind of host can grow without moving another: nodes from the first port up, evenly
over the pairs as built for; management switches from there up; management hosts and storage by
turns from the last one down. The latter three are dealt over the pairs in turn.

Two, four or more cores join the pairs, each leaf being linked to all of them. Where they have too
few ports, spines stand between: then pairs are the units of a fabric of three tiers (`pair_tree`).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from clusterwright.design.fabric.tree import Tree
from clusterwright.design.newcomers import Turns, take_turns


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsAsk:
    """What is asked: `ports` of a leaf as links between switches use them, slots by kind."""

    ports: int
    core_ports: int
    """Those of a core, and of a spine."""
    uplink_cages: int
    """Ports of a kind of their own that serve uplinks, if there are enough of them."""
    split: int
    cage_ports: int
    peer_links: int
    nodes: int
    switches: int
    hosts: int
    storage: int
    handover: int = 0
    leaves: int | None = None
    cores: int | None = None
    leaf_uplinks: int | None = None
    oversubscription: Fraction | None = None
    tiers: Literal["auto", 2, 3] = "auto"

    def whole(self, ports: int) -> int:
        """Round up to whole cages: links of switches and of hosts have cables of their own."""
        cage = self.split * self.cage_ports
        return -(-ports // cage) * cage


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """How many there are; `up` are a leaf's ports between switches, `down` those towards hosts."""

    pairs: int
    cores: int
    uplinks: int
    """Of a leaf, to all cores; without cores, to whoever is around the site."""
    down: int
    nodes_per_pair: int
    turns: Turns
    """Of management hosts and storage, over the ports of a leaf."""
    tree: Tree | None = None
    """What stands above the leaves in three tiers."""

    def node(self, ordinal: int) -> tuple[int, int]:
        """Return pair and port, both from 0."""
        return divmod(ordinal, self.nodes_per_pair)

    def switch(self, ordinal: int) -> tuple[int, int]:
        row, pair = divmod(ordinal, self.pairs)
        return pair, self.nodes_per_pair + row

    def host(self, ordinal: int) -> tuple[int, int]:
        row, pair = divmod(ordinal, self.pairs)
        return pair, self.down - 1 - self.turns.hosts[row]

    def storage(self, ordinal: int) -> tuple[int, int]:
        row, pair = divmod(ordinal, self.pairs)
        return pair, self.down - 1 - self.turns.stores[row]


def count_cores(ask: PairsAsk, pairs: int) -> int:
    """Return the cores that join so many pairs: two, or four where two have too few ports.

    More do only where a leaf has more uplinks than by default.
    """
    if ask.cores is not None or pairs == 1:
        return ask.cores or 0
    more = (8, 16, 32) if ask.leaf_uplinks or ask.oversubscription else ()
    fits = (n for n in (2, 4, *more) if _core_ports(ask, pairs, n) <= ask.core_ports)
    return next(fits, 4)


def count_uplinks(ask: PairsAsk, cores: int) -> int:
    """Return the uplinks of a leaf: whole shares for each core."""
    if not cores:
        return -(-ask.handover // 2)
    if ask.oversubscription:
        least = (ask.ports - ask.peer_links) / (1 + ask.oversubscription)
        return -(-least // cores) * cores
    return ask.leaf_uplinks or (4 if cores == 4 else 2 * cores)


def most_pairs(ask: PairsAsk) -> int:
    """Return how many pairs the cores have ports for."""
    if ask.cores == 0:
        return 1
    counts = range(1, ask.core_ports + 1)
    fit = [n for n in counts if _core_ports(ask, n, count_cores(ask, n)) <= ask.core_ports]
    return max(fit, default=0)


def slots_per_leaf(ask: PairsAsk, pairs: int) -> int:
    """Return the slots that each of so many pairs must have."""
    from_below = ask.whole(-(-ask.nodes // pairs)) + ask.whole(-(-ask.switches // pairs))
    return from_below + -(-ask.hosts // pairs) + -(-ask.storage // pairs)


def _core_ports(ask: PairsAsk, pairs: int, cores: int) -> int:
    """Return how many ports of each core are taken."""
    if not cores:
        return 0
    return 2 * pairs * -(-count_uplinks(ask, cores) // cores) + -(-ask.handover // cores)


def down_ports(ask: PairsAsk, uplinks: int) -> int:
    """Return the ports of a leaf towards hosts, as split."""
    up = uplinks + ask.peer_links
    left = ask.ports if up <= ask.uplink_cages else max(0, ask.ports - up)
    whole = left - left % ask.cage_ports if ask.split > 1 else left
    return ask.split * whole


def under_cores(ask: PairsAsk, pairs: int) -> Pairs | None:
    """Return so many pairs with the cores that join them, if that can be."""
    cores = count_cores(ask, pairs)
    uplinks = count_uplinks(ask, cores)
    down = down_ports(ask, uplinks)
    short = slots_per_leaf(ask, pairs) > down or _core_ports(ask, pairs, cores) > ask.core_ports
    if short or (cores and uplinks % cores):
        return None
    return with_pairs(ask, pairs, cores, uplinks)


def with_pairs(
    ask: PairsAsk, pairs: int, cores: int, uplinks: int, above: Tree | None = None
) -> Pairs:
    """Return the pairs with their slots given out."""
    down = down_ports(ask, uplinks)
    return Pairs(
        pairs=pairs,
        cores=cores,
        uplinks=uplinks,
        down=down,
        nodes_per_pair=max(1, ask.whole(-(-ask.nodes // pairs))),
        turns=take_turns(down, -(-ask.hosts // pairs)),
        tree=above,
    )
