"""As few pairs of in-band leaves as do: under cores alone, or under spines and cores."""

from math import ceil

from clusterwright.design.fabric.ask import Above
from clusterwright.design.fabric.tree import Tree, group, most_groups, three_tiers
from clusterwright.design.networks.pairs import (
    Pairs,
    PairsAsk,
    count_cores,
    count_uplinks,
    down_ports,
    most_pairs,
    slots_per_leaf,
    under_cores,
    with_pairs,
)


def size_pairs(ask: PairsAsk) -> Pairs | None:
    """Return as few pairs as do, or as many as asked for; nothing where these do not do."""
    found = None if ask.tiers == 3 else _in_two_tiers(ask)
    return found or (_in_three_tiers(ask) if three_tiers_allowed(ask) else None)


def three_tiers_allowed(ask: PairsAsk) -> bool:
    """Whether spines may stand between leaves and cores: nobody says that they do not."""
    return ask.tiers != 2 and ask.cores is None


def _in_two_tiers(ask: PairsAsk) -> Pairs | None:
    wanted = [ask.leaves // 2] if ask.leaves else range(1, most_pairs(ask) + 1)
    return next((found for pairs in wanted if (found := under_cores(ask, pairs))), None)


def _in_three_tiers(ask: PairsAsk) -> Pairs | None:
    uplinks = spine_links(ask)
    wanted = [ask.leaves // 2] if ask.leaves else range(1, most_pairs_under_spines(ask) + 1)
    down = down_ports(ask, uplinks)
    pairs = next((n for n in wanted if slots_per_leaf(ask, n) <= down), None)
    above = _tree(ask, pairs, uplinks) if pairs else None
    if pairs is None or above is None:
        return None
    return with_pairs(ask, pairs, above.core_groups * above.cores, uplinks, above)


def _tree(ask: PairsAsk, pairs: int, uplinks: int) -> Tree | None:
    """Return what stands above the pairs; cores keep as many ports as lead out of the site."""
    if -(-pairs // (ask.core_ports // 4)) > most_groups(ask.core_ports):
        return None
    for kept in range(ask.handover + 1):
        above = three_tiers(
            units=pairs,
            grouping=group("node-aligned", units=pairs, leaves=2, room=ask.core_ports // 2),
            sets=1,
            uplinks=range(uplinks, uplinks + 1),
            spine=Above(ports=ask.core_ports),
            kept=kept,
        )
        if above and ask.handover <= kept * above.core_groups * above.cores:
            return above
    return None


def spine_links(ask: PairsAsk) -> int:
    """Return the uplinks of a leaf under spines: by default as many as under four cores."""
    if ask.oversubscription:
        return ceil((ask.ports - ask.peer_links) / (1 + ask.oversubscription))
    return ask.leaf_uplinks or 4


def most_pairs_under_spines(ask: PairsAsk) -> int:
    """Return how many pairs three tiers join: a core has a port for each group."""
    return most_groups(ask.core_ports) * (ask.core_ports // 4)


def down_of_pairs(ask: PairsAsk, pairs: int) -> int:
    """Return the ports towards hosts that a leaf of so many pairs has."""
    high = ask.tiers == 3 or (three_tiers_allowed(ask) and pairs > most_pairs(ask))
    uplinks = spine_links(ask) if high else count_uplinks(ask, count_cores(ask, pairs))
    return down_ports(ask, uplinks)
