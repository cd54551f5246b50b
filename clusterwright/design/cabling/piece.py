"""Which links one piece of cable carries."""

from collections import Counter
from collections.abc import Sequence

from clusterwright.catalogue.entry import Cable
from clusterwright.design.cabling.run import Run
from clusterwright.design.cabling.socket import Place
from clusterwright.design.plan import LinkEnd

Plug = tuple[str, str, int]
"""Device, cage, and which port of it; -1 where the plug fills the cage."""


def name_pieces(cable: Cable, runs: Sequence[Run]) -> tuple[str, ...] | None:
    """Name the piece that each run belongs to after the plug that no other piece has.

    None where the links do not come together as the cable has its plugs. The name stays whatever
    else is built: it is that of the lower end, or of a splitter's single plug.
    """
    if cable.links == 1:
        return tuple([f"{run.joint.a.device}:{run.joint.a.port}" for run in runs])
    if beyond(cable, runs):
        return None
    ends = [_plugs(cable, run) for run in runs]
    return tuple(_name(one) for one, _ in ends) if _come_together(cable, ends) else None


def beyond(cable: Cable, runs: Sequence[Run]) -> Run | None:
    """Return a run at a port that a plug does not serve: the cage is split into more than it is."""
    if cable.transceivers or cable.links == 1:
        return None
    ports = ((run, max(run.a.port, run.b.port)) for run in runs)
    return next((run for run, port in ports if port >= cable.links), None)


def _come_together(cable: Cable, ends: Sequence[tuple[Plug, Plug]]) -> bool:
    """Whether no plug has more links than it carries, and none belongs to two pieces."""
    plugs = cable.b.count if cable.b else 1
    pairs, ones = Counter(ends), Counter(one for one, _ in ends)
    others = Counter(other for _, other in pairs)
    apart = plugs == 1 and len(pairs) > len(ones)
    return (
        not apart
        and max(ones.values()) <= cable.links
        and max(pairs.values()) <= cable.links // plugs
        and max(others.values()) == 1
    )


def _plugs(cable: Cable, run: Run) -> tuple[Plug, Plug]:
    """Return the plug that stands alone at its side, and the one at the other side."""
    joint, fibre = run.joint, bool(cable.transceivers)
    if fibre:
        below = run.a.lane is not None
        one, other = (
            (_port(joint.a, run.a, cable.links), _port(joint.b, run.b, 1)),
            (_port(joint.b, run.b, cable.links), _port(joint.a, run.a, 1)),
        )[0 if below else 1]
        return one, other
    a, b = (joint.a.device, run.a.cage, -1), (joint.b.device, run.b.cage, -1)
    single = cable.a.connector if cable.a else None
    if cable.b and cable.b.count > 1 and run.b.socket.connector in (single, None):
        return b, a
    return a, b


def _port(end: LinkEnd, place: Place, links: int) -> Plug:
    """Return the fibre's plug: where a port is not named by lanes, they are counted on."""
    return end.device, place.cage, place.port if place.lane is not None else place.port // links


def _name(plug: Plug) -> str:
    device, cage, port = plug
    return f"{device}:{cage}" if port < 0 else f"{device}:{cage}/{port + 1}"
