"""What keeps the in-band network from being built as asked."""

from collections.abc import Iterator
from dataclasses import replace

from clusterwright.design.networks.core_problems import find_core_problems
from clusterwright.design.networks.ethernet_problems import (
    Port,
    find_host_problems,
    find_switch_problems,
    find_uplink_problems,
)
from clusterwright.design.networks.inband import AT, Inband
from clusterwright.design.networks.pair_tree import (
    down_of_pairs,
    most_pairs_under_spines,
    size_pairs,
    three_tiers_allowed,
)
from clusterwright.design.networks.pairs import (
    count_cores,
    most_pairs,
    slots_per_leaf,
)
from clusterwright.design.networks.switch_ports import share_ports
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import CableChoice


def find_inband_problems(loaded: LoadedSite, inband: Inband) -> Iterator[Problem]:
    """Yield hosts without ports, speeds that do not match, and leaves or cores too few."""
    kind = list(find_switch_problems(loaded, AT, inband.switch, inband.defined.breakout))
    yield from kind
    yield from find_core_problems(loaded, inband)
    yield from _nodes_without_ports(loaded, inband)
    if not kind:
        yield from _cables(loaded, inband)
        if inband.size is None:
            yield (
                _uneven(inband)
                or _too_few_leaves(inband)
                or _too_few_cores(inband)
                or _too_few_tiers(inband)
                or _too_many_hosts(inband)
            )


def _nodes_without_ports(loaded: LoadedSite, inband: Inband) -> Iterator[Problem]:
    for i, unit in enumerate(loaded.site.compute):
        for j, group in enumerate(unit.groups):
            if not inband.node_ports[group.server]:
                yield Problem(
                    path=("compute", i, "groups", j, "server"),
                    value=group.server,
                    rule=f"the catalogue gives {group.server} no port with role: in-band, but the "
                    "in-band network has switches: leave out its switch, or add the ports in a "
                    "model of your own",
                )


def _cables(loaded: LoadedSite, inband: Inband) -> Iterator[Problem]:
    switch = loaded.catalogue.switches[inband.switch]
    ports = share_ports(switch, split=inband.defined.breakout, up=inband.defined.peer_links)
    cable = ((*AT, "cable"), inband.cable)
    hosts = list(_host_ports(loaded, inband))
    yield from find_host_problems(loaded, cable, inband.switch, ports.down_gbps, hosts)
    used = {"peer_cable": inband.peer_cable}
    if inband.ask.leaves != 2 or inband.ask.cores:
        used["uplink_cable"] = inband.uplink_cable
    chosen: list[tuple[DefinitionPath, CableChoice]] = [
        ((*AT, key), choice) for key, choice in used.items()
    ]
    if inband.defined.uplinks:
        chosen.append(((*AT, "uplinks", "cable"), inband.defined.uplinks.cable))
    for one in chosen:
        yield from find_uplink_problems(loaded, one, inband.switch, ports.up_gbps)


def _host_ports(loaded: LoadedSite, inband: Inband) -> Iterator[Port]:
    """Yield the ports of each model once."""
    for i, unit in enumerate(loaded.site.compute):
        for j, group in enumerate(unit.groups):
            path: DefinitionPath = ("compute", i, "groups", j, "server")
            for speed in {port.speed_gbps for port in inband.node_ports[group.server]}:
                yield _port(group.server, path, speed)
    for i, host in enumerate(loaded.site.management):
        for speed in {port.speed_gbps for port in inband.host_ports[host.name]}:
            yield _port(host.server, ("management", i, "server"), speed)
    models = {(*store.path[:2], "model"): store for store in inband.stores}
    for at, store in models.items():
        for speed in {port.speed_gbps for port in store.inband_ports}:
            yield _port(store.model, at, speed)


def _port(model: str, path: DefinitionPath, speed_gbps: float | None) -> Port:
    return Port(what="in-band ports", model=model, path=path, speed_gbps=speed_gbps)


def _uneven(inband: Inband) -> Problem | None:
    """Say that a leaf's uplinks cannot be shared out evenly over the cores."""
    uplinks, cores = inband.defined.leaf_uplinks, count_cores(inband.ask, 2)
    if not uplinks or not cores or uplinks % cores == 0 or inband.ask.tiers == 3:
        return None
    path, better = (*AT, "leaf_uplinks"), -(-uplinks // cores) * cores
    return Problem(
        path=path,
        value=str(uplinks),
        rule=f"{uplinks} uplinks of a leaf do not divide over {cores} cores, so some paths would "
        f"be slower than others: write {better}",
        remedy=((path, str(better)),),
    )


def _too_few_leaves(inband: Inband) -> Problem | None:
    ask = inband.ask
    if ask.leaves is None:
        return None
    enough = size_pairs(replace(ask, leaves=None))
    if enough is None or enough.pairs * 2 == ask.leaves:
        return None
    path = (*AT, "leaves")
    down, pairs = down_of_pairs(ask, ask.leaves // 2), ask.leaves // 2
    return Problem(
        path=path,
        value=str(ask.leaves),
        rule=f"{ask.leaves} leaves, {pairs} pairs, must each have {slots_per_leaf(ask, pairs)} "
        f"ports for hosts, but a {inband.switch} has {down} beside its uplinks: write leaves: "
        f"{enough.pairs * 2}",
        remedy=((path, str(enough.pairs * 2)),),
    )


def _too_few_cores(inband: Inband) -> Problem | None:
    """Say how many cores would join as many pairs as the hosts need."""
    ask = inband.ask
    enough = size_pairs(replace(ask, cores=None))
    if ask.cores is None or enough is None:
        return None
    path = (*AT, "cores")
    if enough.tree:
        return Problem(
            path=path,
            value=str(ask.cores),
            rule=f"hosts as built for take {enough.pairs} pairs of {inband.switch}, but "
            f"{ask.cores} cores join {most_pairs(ask)}, and no number of cores joins so many "
            "without spines: leave out cores",
            remedy=((path, "null"),),
        )
    return Problem(
        path=path,
        value=str(ask.cores),
        rule=f"hosts as built for take {enough.pairs} pairs of {inband.switch}, but {ask.cores} "
        f"cores join {most_pairs(ask)}: write cores: {enough.cores}",
        remedy=((path, str(enough.cores)),),
    )


def _too_few_tiers(inband: Inband) -> Problem | None:
    """Say that a third tier would join as many pairs as the hosts need."""
    ask = inband.ask
    enough = size_pairs(replace(ask, tiers=3))
    if ask.tiers != 2 or enough is None:
        return None
    path = (*AT, "tiers")
    return Problem(
        path=path,
        value="2",
        rule=f"hosts as built for take {enough.pairs} pairs of {inband.switch}, but in two tiers "
        f"{most_pairs(ask)} are joined: write tiers: 3",
        remedy=((path, "3"),),
    )


def _too_many_hosts(inband: Inband) -> Problem:
    ask = inband.ask
    spines = three_tiers_allowed(ask)
    most = most_pairs_under_spines(ask) if spines else max(1, most_pairs(ask))
    room = most * down_of_pairs(ask, most)
    wanted = ask.nodes + ask.switches + ask.hosts + ask.storage
    cores = count_cores(ask, most)
    joined = f"that {cores} cores join" if cores else "without cores"
    joined = "in three tiers" if spines else joined
    path = (*AT, "switch")
    return Problem(
        path=path,
        value=inband.switch,
        rule=f"hosts as built for take {wanted} ports on one side of the pairs of leaves, but "
        f"{most} pairs of {inband.switch} {joined} have {room}: choose a switch with more ports, "
        "or split them further",
    )
