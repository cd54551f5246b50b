"""What keeps storage from the leaves that it is asked to have."""

from collections.abc import Iterator

from clusterwright.design.fabric.clos import Clos
from clusterwright.design.fabric.joints import pool_cable
from clusterwright.design.fabric.pool import lay_out_pool, most_ports_per_leaf, uplink_range
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import names_in
from clusterwright.model.fabric import StorageFabric


def find_pool_problems(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    """Yield ports that storage lacks, and leaves, splits and cables that do not serve it."""
    if not isinstance(clos.defined, StorageFabric):
        return
    yield from _nodes_without_ports(loaded, clos)
    yield from _room(clos)
    yield from _split(loaded, clos, clos.defined)
    yield from _speeds(loaded, clos)


def _nodes_without_ports(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    for i, unit in enumerate(loaded.site.compute):
        for j, group in enumerate(unit.groups):
            if not clos.ports[group.server]:
                yield Problem(
                    path=("compute", i, "groups", j, "server"),
                    value=group.server,
                    rule=f"the catalogue gives {group.server} no port with role: storage, but the "
                    "site has a storage fabric: leave out fabrics.storage, or add the ports in a "
                    "model of your own",
                )


def _room(clos: Clos) -> Iterator[Problem]:
    pool, path = clos.ask.pool, (*clos.at, "appliances", "leaves")
    if pool is None:
        return
    layout, most = lay_out_pool(clos.ask, pool), most_ports_per_leaf(clos.ask, pool)
    if not most:
        yield Problem(
            path=(*clos.at, "switch"),
            value=clos.defined.switch,
            rule=f"a {clos.defined.switch} has no port for storage beside an uplink: choose a "
            "switch with more ports",
        )
    elif layout.downlinks > most or not uplink_range(clos.ask, layout):
        fewest = 2 * -(-pool.ports // (2 * most))
        yield Problem(
            path=path,
            value=str(pool.leaves),
            rule=f"{pool.ports} ports of storage are {layout.downlinks} on each of its leaves, of "
            f"which there are {layout.leaves}, but a {clos.defined.switch} takes {most} beside "
            f"uplinks for them: write leaves: {fewest}",
            remedy=((path, str(fewest)),),
        )


def _split(loaded: LoadedSite, clos: Clos, defined: StorageFabric) -> Iterator[Problem]:
    switch, asked = loaded.catalogue.switches[defined.switch], defined.appliances.breakout
    known = tuple(one.ports // switch.ports_per_cage for one in switch.breakouts)
    path = (*clos.at, "appliances", "breakout")
    if asked and known and asked not in known:
        best = max((n for n in known if n < asked), default=known[0])
        yield Problem(
            path=path,
            value=str(asked),
            rule=f"ports of {defined.switch} cannot be split by {asked}, but by "
            f"{' or '.join(map(str, known))}: write {best}",
            remedy=((path, str(best)),),
        )
    elif asked and asked < clos.breakout_above:
        yield Problem(
            path=path,
            value=str(asked),
            rule=f"breakout: {asked} splits ports less for storage than between switches: write "
            f"at least {clos.breakout_above}",
            remedy=((path, str(clos.breakout_above)),),
        )


def _speeds(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    """A link runs as fast as the port of the leaf is split; its cable and both ends must."""
    if clos.ask.pool is None:
        return
    split, asked, gbps = clos.ask.pool.split * clos.breakout_above, pool_cable(clos), clos.pool_gbps
    of_each = f" split by {split}" if split > 1 else ""
    ports = f"ports of {clos.defined.switch}{of_each} run at {gbps} Gb/s for storage"
    for name in names_in(asked.choice):
        carried = loaded.catalogue.cables[name].speed_gbps
        if carried != gbps:
            yield Problem(
                path=(*clos.at, "appliances", "cable"),
                value=name,
                rule=f"{name} carries {carried} Gb/s, but {ports}: choose a cable of that speed, "
                "or write auto",
                remedy=(((*clos.at, "appliances", "cable"), "auto"),),
            )
    slower = {
        (store.path, store.model, port.speed_gbps)
        for store in clos.pool
        for port in store.ports
        if port.speed_gbps is not None and port.speed_gbps != gbps
    }
    for path, model, speed_gbps in sorted(slower, key=str):
        fitting = clos.port_gbps / (speed_gbps or 1)
        better = (*clos.at, "appliances", "breakout")
        written = ".".join(map(str, better))
        helps = fitting in (1, 2, 4, 8) and fitting >= clos.breakout_above
        yield Problem(
            path=(*path[:2], "model"),
            value=model,
            rule=f"storage ports of {model} run at {speed_gbps:g} Gb/s, but {ports}: "
            + (f"write {written}: {fitting:g}" if helps else "choose another switch or model"),
            remedy=((better, f"{fitting:g}"),) if helps else (),
        )
