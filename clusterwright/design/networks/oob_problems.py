"""What keeps the out-of-band network from being built as asked."""

from collections.abc import Iterator

from clusterwright.design.cabling.reach import shown
from clusterwright.design.networks.ethernet_problems import (
    Port,
    find_host_problems,
    find_switch_problems,
)
from clusterwright.design.networks.inband import Inband
from clusterwright.design.networks.inband_switches import leaf_ports
from clusterwright.design.networks.oob import AT, Oob, uplink_cable
from clusterwright.design.networks.speeds import carried_gbps, link_gbps
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import AUTO


def find_oob_problems(loaded: LoadedSite, oob: Oob, inband: Inband | None) -> Iterator[Problem]:
    """Yield management switches with too few ports, and speeds that do not match."""
    kind = list(find_switch_problems(loaded, AT, oob.switch, 1))
    yield from kind
    yield from _ports(loaded, oob)
    yield from _back_to_back(loaded)
    if not kind:
        cable = ((*AT, "cable"), loaded.site.fabrics.oob.cable or AUTO)
        bmcs = list(_bmcs(loaded))
        yield from find_host_problems(loaded, cable, oob.switch, oob.ports.down_gbps, bmcs)
        yield from _uplinks(loaded, oob, inband)


def _ports(loaded: LoadedSite, oob: Oob) -> Iterator[Problem]:
    asked, room = loaded.site.fabrics.oob.racks_per_switch, len(oob.ports.down)
    if room == 0:
        yield Problem(
            path=(*AT, "switch"),
            value=oob.switch,
            rule=f"a {oob.switch} has no port left beside its uplinks: choose another switch",
        )
        return
    yield from _own_switches(oob)
    full = [one for one in oob.served if one.ports > room and len(one.racks) > 1]
    if asked is None or not full:
        return
    path, worst = (*AT, "racks_per_switch"), max(full, key=lambda one: one.ports)
    fit = next(n for n in range(asked - 1, 0, -1) if n == 1 or _all_fit(oob, n, room))
    yield Problem(
        path=path,
        value=str(asked),
        rule=f"racks {worst.racks[0]} to {worst.racks[-1]} have {worst.ports} ports for "
        f"management, but a {oob.switch} has {room}: write racks_per_switch: {fit}, or leave it "
        "out",
        remedy=((path, str(fit)),),
    )


def _own_switches(oob: Oob) -> Iterator[Problem]:
    """Yield racks whose own switches have too few ports for what else was put into them."""
    for one in oob.served:
        room = one.switches * one.room
        if one.built_in and one.ports > room:
            yield Problem(
                path=(*AT, "switch"),
                value=oob.switch,
                rule=f"rack {one.rack} has {one.ports} ports for management, but the "
                f"{one.switches} {one.model} that come with it have {room}: put fewer hosts or "
                "switches into it",
            )


def _all_fit(oob: Oob, racks: int, room: int) -> bool:
    """Whether every so many racks in a row have ports for one switch."""
    ports = [count for one in oob.served if not one.built_in for count in one.by_rack]
    return all(sum(ports[i : i + racks]) <= room for i in range(0, len(ports), racks))


def _back_to_back(loaded: LoadedSite) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, pair in enumerate(loaded.site.fabrics.oob.back_to_back):
        for k, host in enumerate(pair):
            if host in seen:
                yield Problem(
                    path=(*AT, "back_to_back", i, k),
                    value=host,
                    rule=f"{host} is joined back to back twice, but it has one port for that: "
                    "name another host",
                )
            seen.add(host)


def _bmcs(loaded: LoadedSite) -> Iterator[Port]:
    named: list[tuple[DefinitionPath, str]] = [
        *(
            (("compute", i, "groups", j, "server"), group.server)
            for i, unit in enumerate(loaded.site.compute)
            for j, group in enumerate(unit.groups)
        ),
        *(
            (("management", i, "server"), one.server)
            for i, one in enumerate(loaded.site.management)
        ),
        *((("storage", i, "model"), one.model) for i, one in enumerate(loaded.site.storage)),
    ]
    for path, model in named:
        server = loaded.catalogue.servers.get(model)
        for port in server.ports if server else ():
            if port.role == "management":
                yield Port(
                    what="management ports", model=model, path=path, speed_gbps=port.speed_gbps
                )


def _uplinks(loaded: LoadedSite, oob: Oob, inband: Inband | None) -> Iterator[Problem]:
    if inband is None or inband.size is None:
        return
    down_gbps = leaf_ports(loaded, inband, inband.size).down_gbps
    shared = [gbps for gbps in oob.ports.up_gbps if gbps in down_gbps]
    choice, path = uplink_cable(loaded)
    if not shared:
        yield Problem(
            path=(*AT, "switch"),
            value=oob.switch,
            rule=f"uplinks of {oob.switch} and ports of {inband.switch} share no speed: choose "
            "another switch",
        )
    elif link_gbps(shared, None, carried_gbps(loaded, choice)) is None:
        yield Problem(
            path=path,
            value=shown(choice),
            rule=f"{shown(choice)} carries less than the {min(shared):g} Gb/s at which uplinks of "
            f"{oob.switch} and ports of {inband.switch} can run: write auto",
            remedy=((path, "auto"),),
        )
