"""What ports, cables and switches of the models chosen cannot do."""

from collections.abc import Iterator
from itertools import chain

from clusterwright.catalogue.entry import Cable, Switch
from clusterwright.design.fabric.clos import Clos
from clusterwright.design.fabric.node_speeds import known_speeds
from clusterwright.design.port_speeds import speeds_of
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import names_in

BREAKOUTS = (1, 2, 4, 8)


def find_link_problems(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    """Yield every way in which nodes, switches and cables do not go together."""
    yield from chain(_kind(loaded, clos), _breakouts(loaded, clos), _speeds(loaded, clos))
    yield from _splitters(loaded, clos)


def _splitters(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    """Yield cables that do not part a port, or a cage, into as many as share it."""
    port_gbps = clos.port_gbps // clos.defined.breakout
    for i, one in enumerate(clos.defined.attached):
        parts = 1 + len(one.shared_with)
        if one.cable and not _parts(loaded, clos, loaded.catalogue.cables[one.cable], parts):
            yield Problem(
                path=(*clos.at, "attached", i, "cable"),
                value=one.cable,
                rule=f"{parts} hosts share ports of {port_gbps} Gb/s, but {one.cable} does not "
                f"split one into {parts} of {port_gbps // parts} Gb/s: choose a fibre that does, "
                "or a cable that splits a cage",
            )


def _parts(loaded: LoadedSite, clos: Clos, cable: Cable, parts: int) -> bool:
    """Whether a fibre parts a port so, or the legs of a cable take all ports of a cage."""
    switch, split = loaded.catalogue.switches[clos.defined.switch], clos.defined.breakout
    if cable.links != parts:
        return False
    if cable.transceivers:
        return cable.speed_gbps * parts * split == clos.port_gbps
    lanes, rest = divmod(parts, switch.ports_per_cage)
    return not rest and cable.speed_gbps in speeds_of(switch, lanes)


def _kind(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    fabric = clos.defined
    kind = loaded.catalogue.switches[fabric.switch].fabric_kind
    if kind != fabric.kind:
        yield Problem(
            path=(*clos.at, "kind"),
            value=fabric.kind,
            rule=f"the fabric is {fabric.kind}, but a {fabric.switch} switches {kind}: write "
            f"kind: {kind}, or choose another switch",
            remedy=(((*clos.at, "kind"), kind),),
        )


def _breakouts(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    fabric = clos.defined
    known = known_breakouts(loaded.catalogue.switches[fabric.switch])
    for key in ("breakout", "uplink_breakout"):
        asked = getattr(fabric, key)
        if asked and asked not in known:
            best = max((n for n in known if n < asked), default=known[0])
            yield Problem(
                path=(*clos.at, key),
                value=str(asked),
                rule=f"ports of {fabric.switch} cannot be split by {asked}, but by "
                f"{' or '.join(map(str, known))}: write {best}",
                remedy=(((*clos.at, key), str(best)),),
            )


def known_breakouts(switch: Switch) -> tuple[int, ...]:
    """Return into how many links a port of the switch can be split: any, where nobody says."""
    return tuple(one.ports // switch.ports_per_cage for one in switch.breakouts) or BREAKOUTS


def _speeds(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    fabric = clos.defined
    port_gbps = loaded.catalogue.switches[fabric.switch].speed_gbps
    for key, name, breakout, slower, where in _cables(clos):
        cable = loaded.catalogue.cables[name]
        split = f" split by {breakout}" if breakout > 1 else ""
        if cable.speed_gbps not in (port_gbps // breakout, slower):
            yield Problem(
                path=(*clos.at, key),
                value=name,
                rule=f"{name} carries {cable.speed_gbps} Gb/s, but ports of {fabric.switch}{split} "
                f"run at {port_gbps // breakout} Gb/s{where}: choose a cable of that speed, or "
                "write auto",
                remedy=(((*clos.at, key), "auto"),),
            )
    for i, unit in enumerate(loaded.site.compute):
        for j, group in enumerate(unit.groups):
            speeds = {port.speed_gbps for port in clos.ports[group.server]} - {0}
            for speed in sorted(speeds - {clos.below_gbps}):
                path = ("compute", i, "groups", j, "server")
                yield _other_speed(path, group.server, speed, loaded, clos)


def _other_speed(
    path: DefinitionPath, server: str, speed: int, loaded: LoadedSite, clos: Clos
) -> Problem:
    fabric = clos.defined
    switch = loaded.catalogue.switches[fabric.switch]
    port_gbps = switch.speed_gbps
    breakout = next((n for n in known_breakouts(switch) if speed * n == port_gbps), None)
    planes = f" in each of {clos.ask.planes} planes" if clos.ask.planes > 1 else ""
    split = f" split by {fabric.breakout}" if fabric.breakout > 1 else ""
    slower = port_gbps // fabric.breakout
    splits = clos.name == "compute" and fabric.breakout in known_breakouts(switch)
    slows = splits and slower in _lower(loaded, server, speed, clos)
    at = ".".join(map(str, clos.at))
    advice = [
        *(
            [f"write {at}.breakout: {breakout}"]
            if breakout
            else ["choose another switch or server"]
        ),
        *([f"{at}.node_gbps: {slower} to run them slower"] if slows else []),
    ]
    path_of_remedy, value = ("breakout", breakout) if breakout else ("node_gbps", slower)
    return Problem(
        path=path,
        value=server,
        rule=f"{clos.name} ports of {server} run at {speed} Gb/s{planes}, but ports of "
        f"{fabric.switch}{split} at {port_gbps / fabric.breakout:g} Gb/s: {', or '.join(advice)}",
        remedy=(((*clos.at, path_of_remedy), str(value)),) if breakout or slows else (),
    )


def _lower(loaded: LoadedSite, server: str, speed: int, clos: Clos) -> set[int]:
    """Return what compute ports of a model can run at, too, where they run at so many Gb/s."""
    return {gbps for gbps in known_speeds(loaded, server, clos.ask.planes) if gbps < speed}


def _cables(clos: Clos) -> Iterator[tuple[str, str, int, int, str]]:
    """Yield key and name of each cable, the breakout of its ports, a lower speed, and where."""
    fabric = clos.defined
    above = clos.breakout_above
    for name in names_in(fabric.cable):
        yield "cable", name, fabric.breakout, clos.below_gbps, ""
    slowed = clos.below_gbps * fabric.breakout < clos.port_gbps
    if fabric.uplink_cable or above != fabric.breakout or slowed:
        for name in names_in(fabric.uplink_cable or fabric.cable):
            yield "uplink_cable", name, above, 0, " between switches"
