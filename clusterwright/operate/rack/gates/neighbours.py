"""Where the ports of a switch lead, against the plan: one sentence for each cable."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clusterwright.access.switch import Neighbour, SwitchState
from clusterwright.design.plan import Link, LinkEnd, SitePlan, Switch
from clusterwright.operate.rack.verdict import Check, failed, passed, unproven

LEADS = "port {port} is up and leads to its planned neighbour"
MUTE = "its ports to hosts and devices lead to their planned neighbours"
ETHERNET = ("oob", "inband")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cable:
    """A cable as one of its switches has it."""

    port: str
    far: LinkEnd
    uplink: bool


def cables_of(plan: SitePlan, switch: Switch) -> tuple[Cable, ...]:
    """Return the planned cables of a switch."""
    return tuple(
        Cable(port=own.port, far=far, uplink=link.tier == "uplink" and own == link.a)
        for link in plan.links
        for own, far in _ends(link)
        if own.device == switch.name
    )


def uplinks(cables: Iterable[Cable]) -> tuple[Cable, ...]:
    """Return those by which an out-of-band switch is reached."""
    return tuple(cable for cable in cables if cable.uplink)


def between_switches(plan: SitePlan, cables: Iterable[Cable]) -> tuple[Cable, ...]:
    """Return those to other switches of the Ethernet networks: these say who they are."""
    switches = {one.name for one in plan.switches if one.fabric in ETHERNET}
    return tuple(cable for cable in cables if cable.far.device in switches)


def compare(switch: str, cables: Iterable[Cable], state: SwitchState) -> Iterator[Check]:
    """Say of each cable whether it is where it shall be."""
    planned = {(cable.far.device, cable.far.port): cable.port for cable in cables}
    for cable in cables:
        yield _compare(switch, cable, state, planned)


def mute(switch: str, cables: Iterable[Cable]) -> Iterator[Check]:
    """Say of the other cables that nobody has looked where they end."""
    if count := len(tuple(cables)):
        reason = f"hosts and devices at the other end of {count} cables do not say who they are"
        yield unproven(switch, MUTE, reason)


def _compare(
    switch: str, cable: Cable, state: SwitchState, planned: Mapping[tuple[str, str], str]
) -> Check:
    sentence, far = LEADS.format(port=cable.port), port_words(cable.far.device, cable.far.port)
    if cable.port not in state.up:
        return failed(
            switch,
            sentence,
            f"port {cable.port} of {switch} has no link, but {far} is planned there",
            f"see that the cable from port {cable.port} of {switch} to {far} is plugged in at "
            "both ends, and that both ports are switched on",
        )
    met = state.neighbours.get(cable.port)
    if met is None:
        return failed(
            switch,
            sentence,
            f"port {cable.port} of {switch} has a link, but nobody there says who it is; "
            f"{far} is planned there",
            f"follow the cable from port {cable.port} of {switch}; if it ends at {far}, switch "
            f"LLDP on at {cable.far.device}",
        )
    if met == Neighbour(device=cable.far.device, port=cable.far.port):
        return passed(switch, sentence, far)
    seen = port_words(met.device or "a device without a name", met.port)
    return failed(
        switch,
        sentence,
        f"port {cable.port} of {switch} leads to {seen}, but {far} is planned there",
        _remedy(switch, cable, planned.get((met.device, met.port), "")),
    )


def _remedy(switch: str, cable: Cable, belongs_at: str) -> str:
    if belongs_at:
        one, other = sorted((cable.port, belongs_at))
        return f"exchange the cables in ports {one} and {other} of {switch}"
    far = port_words(cable.far.device, cable.far.port)
    return f"plug the far end of the cable in port {cable.port} of {switch} into {far}"


def port_words(device: str, port: str) -> str:
    """Return how findings and remedies call a port."""
    return f"port {port} of {device}"


def _ends(link: Link) -> tuple[tuple[LinkEnd, LinkEnd], tuple[LinkEnd, LinkEnd]]:
    return (link.a, link.b), (link.b, link.a)
