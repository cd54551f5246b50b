"""Which switches a lab has, and what is plugged into them: as the plan says, and no more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Interface

from clusterwright.design.plan import Link, LinkEnd, SitePlan, Switch

ETHERNET = ("oob", "inband")
OUT_OF_BAND = "oob"
OOB_BRIDGE = "oob"
"""The lab's own end of the network: its gateway."""
BRIDGE = "bridge"
"""What joins the ports of a switch."""
ROOT_PORT = "lab"
"""Where a switch meets the lab's own network: no port of the plan, so no name of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port of a switch. One that `bridges` forwards frames; others only say who they are."""

    name: str
    bridges: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabSwitch:
    """One switch of the lab. `access` are the ports of controllers."""

    switch: Switch
    interface: IPv4Interface
    """Of its management, on the out-of-band network."""
    management: str
    """The port that has this address; empty where its bridge has."""
    ports: tuple[Port, ...]
    access: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.switch.name

    @property
    def managed(self) -> str:
        """What has its address, and the MAC that it was delivered with."""
        return self.management or BRIDGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Switches, cables between them, and the port of each device that has a controller."""

    switches: tuple[LabSwitch, ...]
    cables: tuple[tuple[LinkEnd, LinkEnd], ...]
    roots: tuple[str, ...]
    """Switches that are joined to the lab's own network."""
    controllers: Mapping[str, LinkEnd]


def wiring_of(plan: SitePlan) -> Wiring:
    """Return the switches of the Ethernet networks; none where no out-of-band one is planned."""
    if not any(switch.fabric == OUT_OF_BAND for switch in plan.switches):
        return Wiring(switches=(), cables=(), roots=(), controllers={})
    planned = {one.name: one for one in plan.switches if one.fabric in ETHERNET}
    links = [link for link in plan.links if link.fabric in ETHERNET]
    between = [one for one in links if {one.a.device, one.b.device} <= planned.keys()]
    controllers = dict(_controllers(plan, links, planned))
    carrying, roots = _tree(between, planned)
    cables = tuple((link.a, link.b) for link in between)
    ports = _ports(cables, controllers, carrying, roots)
    return Wiring(
        switches=tuple(
            LabSwitch(
                switch=switch,
                interface=IPv4Interface((switch.address, plan.oob.prefix.prefixlen)),
                management=_management(switch, between),
                ports=tuple(ports[name]),
                access=tuple(end.port for end in controllers.values() if end.device == name),
            )
            for name, switch in planned.items()
        ),
        cables=cables,
        roots=roots,
        controllers=controllers,
    )


def _controllers(
    plan: SitePlan, links: list[Link], planned: Mapping[str, Switch]
) -> Iterator[tuple[str, LinkEnd]]:
    """Yield each device with a controller, and the first port that it is plugged into."""
    devices = {
        *(node.name for node in plan.nodes),
        *(pdu.name for pdu in plan.pdus),
        *(shelf.name for shelf in plan.power_shelves),
        *(loop.cdu for loop in plan.loops),
    }
    seen = set[str]()
    for link in links:
        name = link.a.device
        if link.fabric == OUT_OF_BAND and name in devices - seen and link.b.device in planned:
            seen.add(name)
            yield name, link.b


def _tree(
    between: list[Link], planned: Mapping[str, Switch]
) -> tuple[frozenset[LinkEnd], tuple[str, ...]]:
    """Return the ends that carry frames, and the switches at which the lab's network begins.

    Both uplinks of a switch would be a loop: this machine's kernel may know no bonds.
    """
    ends, roots = set[LinkEnd](), dict[str, None]()
    for name, switch in planned.items():
        if switch.fabric != OUT_OF_BAND:
            continue
        uplink = next((one for one in between if _is_uplink(one) and one.a.device == name), None)
        if uplink:
            ends |= {uplink.a, uplink.b}
        roots[uplink.b.device if uplink else name] = None
    ends |= {one.b for one in between if not _is_uplink(one) and one.fabric == OUT_OF_BAND}
    return frozenset(ends), tuple(roots)


def _ports(
    cables: tuple[tuple[LinkEnd, LinkEnd], ...],
    controllers: Mapping[str, LinkEnd],
    carrying: frozenset[LinkEnd],
    roots: tuple[str, ...],
) -> Mapping[str, list[Port]]:
    ends = [end for cable in cables for end in cable]
    ports: dict[str, list[Port]] = {end.device: [] for end in (*ends, *controllers.values())}
    for end in ends:
        ports[end.device].append(Port(name=end.port, bridges=end in carrying))
    for end in controllers.values():
        ports[end.device].append(Port(name=end.port, bridges=True))
    for name in roots:
        ports.setdefault(name, []).append(Port(name=ROOT_PORT, bridges=True))
    return ports


def _management(switch: Switch, between: list[Link]) -> str:
    own = (
        link.a.port
        for link in between
        if link.a.device == switch.name and link.fabric == OUT_OF_BAND and not _is_uplink(link)
    )
    return next(own, "") if switch.fabric != OUT_OF_BAND else ""


def _is_uplink(link: Link) -> bool:
    return link.tier == "uplink"
