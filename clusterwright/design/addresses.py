"""Addresses from the prefixes: one for each name, by a rule under which growth moves none.

A prefix is cut into zones, and a zone is filled from both ends, by one kind of device each: so
either kind can grow as long as there is room. First of the hosts come the gateway, nine management
hosts, then the nodes of each unit as built for; a host has the same place in both prefixes.

In a prefix of several hundreds, no address ends in .0 or .255: some clients take those for a
network or a broadcast, whatever the prefix.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from clusterwright.design.newcomers import MANAGEMENT_HOSTS
from clusterwright.design.power import power_devices
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite

BLOCK = 256
"""Addresses that differ in their last number alone."""
FIRST_NODE = 1 + MANAGEMENT_HOSTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A part of a prefix, in 32nds of it, and the kinds that fill it from below and from above."""

    up: str
    down: str
    begin: int
    end: int

    def places(self, prefix: IPv4Network) -> range:
        """Return its places among all usable addresses of the prefix, in their order."""
        first, stop = (prefix.num_addresses * cut // 32 for cut in (self.begin, self.end))
        if prefix.num_addresses <= BLOCK:
            return range(max(first, 1) - 1, min(stop, prefix.num_addresses - 1) - 1)
        return range(_usable_before(first), _usable_before(stop))

    def taken(self, places: "Places") -> int:
        """Return how many addresses both kinds take, those for what may come included."""
        return len(places[self.up]) + len(places.get(self.down, ()))


INBAND_ZONES = (Zone(up="hosts", down="storage servers", begin=0, end=32),)
BOARDS = "board controllers"
BOARD_SLOTS = ("hgx", "dpu1", "dpu2", "dpu3")
"""Addresses that a node's place has for controllers besides its BMC, whatever server is there."""
OOB_ZONES = (
    Zone(up="hosts", down="compute switches", begin=0, end=16),
    Zone(up="PDUs", down="oob switches", begin=16, end=28),
    Zone(up="storage servers", down="storage switches", begin=28, end=30),
    Zone(up="CDUs", down="inband switches", begin=30, end=32),
)

OOB_ZONES_WITH_BOARDS = (
    Zone(up="hosts", down="", begin=0, end=4),
    Zone(up=BOARDS, down="compute switches", begin=4, end=16),
    *OOB_ZONES[1:],
)
"""Nothing has another address than without; hosts only have less room."""

Places = Mapping[str, Sequence[str | None]]
"""Names by kind in the order in which they take addresses; None keeps one for what may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Every address of the site by name: of hosts in-band, of controllers out-of-band."""

    inband: Mapping[str, IPv4Address]
    oob: Mapping[str, IPv4Address]
    by_rule: Mapping[str, IPv4Address]
    """What those would have whose address the definition chooses."""
    inband_places: Places
    oob_places: Places


def allot(
    loaded: LoadedSite, switches: Mapping[str, Sequence[str | None]], stores: Sequence[str | None]
) -> Addresses:
    """Allot every address; `switches` are by network. `find_problems` says whether they fit."""
    fabrics = loaded.site.fabrics
    inband: Places = {"hosts": _hosts(loaded), "storage servers": stores}
    oob: Places = {
        "hosts": [_bmc(name) for name in _hosts(loaded)],
        "PDUs": list(_power(loaded)),
        **{f"{network} switches": names for network, names in switches.items()},
        "CDUs": [cdu.name for loop in loaded.site.facility.cooling.loops for cdu in loop.cdus],
        "storage servers": [_bmc(name) for name in stores],
        BOARDS: list(_boards(loaded)),
    }
    by_rule = (
        _number(fabrics.inband.prefix, INBAND_ZONES, inband),
        _number(fabrics.oob.prefix, _oob_zones(oob), oob),
    )
    pins = loaded.site.pins.addresses
    return Addresses(
        inband={**by_rule[0], **{n: pins[n] for n in pins if n in by_rule[0]}},
        oob={**by_rule[1], **{n: pins[n] for n in pins if n in by_rule[1]}},
        by_rule={name: one[name] for one in by_rule for name in pins if name in one},
        inband_places=inband,
        oob_places=oob,
    )


def _bmc(name: str | None) -> str | None:
    return name and f"{name}-bmc"


def _hosts(loaded: LoadedSite) -> list[str | None]:
    management = [host.name for host in loaded.site.management]
    return [
        None,
        *management,
        *([None] * (MANAGEMENT_HOSTS - len(management))),
        *(
            f"{unit.name}-n{index}"
            for unit in loaded.site.compute
            for index in range(1, unit.build_for + 1)
        ),
    ]


def board_name(node: str, role: str) -> str:
    """Return the name of a node's controller of this role: su1-n1-hgx, su1-n1-dpu1-bmc."""
    return f"{node}-{role}" if role == "hgx" else f"{node}-{role}-bmc"


def _boards(loaded: LoadedSite) -> Iterator[str | None]:
    """Yield as many for every place of a unit, so that another server there moves no other."""
    roles = {name: one.controllers for name, one in loaded.catalogue.servers.items()}
    units = loaded.site.compute
    has = [any(roles[group.server] for group in unit.groups) for unit in units]
    for unit, later in zip(units, (any(has[n:]) for n in range(len(has))), strict=True):
        there: list[Sequence[str]] = [()] * unit.build_for
        for group, indices in zip(unit.groups, unit.indices, strict=True):
            there[indices.start - 1 : indices.stop - 1] = [roles[group.server]] * len(indices)
        for n, own in enumerate(there if later else (), start=1):
            for role in BOARD_SLOTS:
                yield board_name(f"{unit.name}-n{n}", role) if role in own else None


def _oob_zones(places: Places) -> Sequence[Zone]:
    return OOB_ZONES_WITH_BOARDS if places[BOARDS] else OOB_ZONES


def _power(loaded: LoadedSite) -> Iterator[str | None]:
    """Yield PDUs and power shelves rack by rack; those of a rack to come are as many."""
    by_rack = power_devices(loaded)
    for group in loaded.site.facility.racks:
        for rack in group.names:
            yield from by_rack[rack]
        each = len(by_rack[group.names[0]])
        yield from [None] * ((group.places - len(group.names)) * each)


def _usable_before(number: int) -> int:
    """Return how many numbers below this one end neither in .0 nor in .255."""
    blocks, rest = divmod(number, BLOCK)
    return blocks * (BLOCK - 2) + max(0, rest - 1)


def _usable(prefix: IPv4Network, place: int) -> IPv4Address:
    """Return the usable address at a place: the first one, at 0, is the gateway's."""
    block, rest = divmod(place, BLOCK - 2)
    return IPv4Address(int(prefix.network_address) + block * BLOCK + rest + 1)


def _number(prefix: IPv4Network, zones: Sequence[Zone], places: Places) -> dict[str, IPv4Address]:
    numbered = {}
    for zone in zones:
        its_own = zone.places(prefix)
        for kind, start, step in (
            (zone.up, its_own.start, 1),
            (zone.down, its_own.stop - 1, -1),
        ):
            for n, name in enumerate(places.get(kind, ())):
                if name:
                    numbered[name] = _usable(prefix, start + step * n)
    return numbered


def find_problems(loaded: LoadedSite, addresses: Addresses) -> Iterator[Problem]:
    """Yield every prefix that is too small, and prefixes that overlap."""
    fabrics, management = loaded.site.fabrics, loaded.site.management
    yield from _too_small("inband", fabrics.inband.prefix, INBAND_ZONES, addresses.inband_places)
    oob = addresses.oob_places
    yield from _too_small("oob", fabrics.oob.prefix, _oob_zones(oob), oob)
    if fabrics.inband.prefix.overlaps(fabrics.oob.prefix):
        path = ("fabrics", "oob", "prefix")
        beside = _next(fabrics.inband.prefix, fabrics.oob.prefix.prefixlen)
        yield Problem(
            path=path,
            value=str(fabrics.oob.prefix),
            rule=f"{fabrics.oob.prefix} overlaps {fabrics.inband.prefix} of the in-band network: "
            "an address must mean one thing: choose another prefix",
            remedy=((path, str(beside)),) if beside else (),
        )
    if len(management) > MANAGEMENT_HOSTS:
        yield Problem(
            path=("management",),
            value=str(len(management)),
            rule=f"{len(management)} management hosts, but addresses are kept for "
            f"{MANAGEMENT_HOSTS}: use at most {MANAGEMENT_HOSTS}",
        )


def _next(prefix: IPv4Network, length: int) -> IPv4Network | None:
    """Return the first prefix of that length after this one, if it is private like this one."""
    size = 2 ** (32 - length)
    start = -(-(int(prefix.broadcast_address) + 1) // size) * size
    after = IPv4Network((start, length)) if start + size <= 2**32 else None
    return after if after and after.is_private == prefix.is_private else None


def _too_small(
    network: str, prefix: IPv4Network, zones: Sequence[Zone], places: Places
) -> Iterator[Problem]:
    def fits(zone: Zone, wanted: IPv4Network) -> bool:
        return zone.taken(places) <= len(zone.places(wanted))

    short = next((zone for zone in zones if not fits(zone, prefix)), None)
    if short is None:
        return
    shorter = (IPv4Network((0, n)) for n in range(prefix.prefixlen, -1, -1))
    length = next(p.prefixlen for p in shorter if all(fits(zone, p) for zone in zones))
    path = ("fabrics", network, "prefix")
    better = IPv4Network((int(prefix.network_address), length), strict=False)
    kinds = " and ".join(kind for kind in (short.up, short.down) if places.get(kind))
    yield Problem(
        path=path,
        value=str(prefix),
        rule=f"{prefix} has {len(short.places(prefix))} addresses for {kinds}, but the site as "
        f"built for needs {short.taken(places)}: use a /{length} or larger",
        remedy=((path, str(better)),),
    )
