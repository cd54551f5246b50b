"""Addresses from the prefixes: one for each name, by a rule under which growth moves none.

First of the hosts come the gateway, nine management hosts, then the nodes of each unit as built
for; a host has the same place in both prefixes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from clusterwright.design.newcomers import MANAGEMENT_HOSTS
from clusterwright.design.power import power_devices
from clusterwright.design.zones import (
    BOARDS,
    INBAND_ZONES,
    Places,
    Zone,
    number_all,
    oob_zones,
)
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite

FIRST_NODE = 1 + MANAGEMENT_HOSTS


BOARD_SLOTS = ("hgx", "dpu1", "dpu2", "dpu3")
"""Addresses that a node's place has for controllers besides its BMC, whatever server is there."""


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
        number_all(fabrics.inband.prefix, INBAND_ZONES, inband),
        number_all(fabrics.oob.prefix, oob_zones(oob), oob),
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
    roles = {name: tuple(one.controllers) for name, one in loaded.catalogue.servers.items()}
    units = loaded.site.compute
    has = [any(roles[group.server] for group in unit.groups) for unit in units]
    for unit, later in zip(units, (any(has[n:]) for n in range(len(has))), strict=True):
        there: list[Sequence[str]] = [()] * unit.build_for
        for group, indices in zip(unit.groups, unit.indices, strict=True):
            there[indices.start - 1 : indices.stop - 1] = [roles[group.server]] * len(indices)
        for n, own in enumerate(there if later else (), start=1):
            for role in BOARD_SLOTS:
                yield board_name(f"{unit.name}-n{n}", role) if role in own else None


def _power(loaded: LoadedSite) -> Iterator[str | None]:
    """Yield PDUs and power shelves rack by rack; those of a rack to come are as many."""
    by_rack = power_devices(loaded)
    for group in loaded.site.facility.racks:
        for rack in group.names:
            yield from by_rack[rack]
        each = len(by_rack[group.names[0]])
        yield from [None] * ((group.places - len(group.names)) * each)


def find_problems(loaded: LoadedSite, addresses: Addresses) -> Iterator[Problem]:
    """Yield every prefix that is too small, and prefixes that overlap."""
    fabrics, management = loaded.site.fabrics, loaded.site.management
    yield from _too_small("inband", fabrics.inband.prefix, INBAND_ZONES, addresses.inband_places)
    oob = addresses.oob_places
    yield from _too_small("oob", fabrics.oob.prefix, oob_zones(oob), oob)
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
    room = len(short.places(prefix))
    kinds = " and ".join(kind for kind in (short.up, short.down) if places.get(kind))
    yield Problem(
        path=path,
        value=str(prefix),
        rule=f"{prefix} has {room} address{'es' * (room != 1)} for {kinds}, but the site as "
        f"built for needs {short.taken(places)}: use a /{length} or larger",
        remedy=((path, str(better)),),
    )
