"""Addresses from the prefixes: one for each name, by a rule under which growth moves none.

In both networks the gateway, nine management hosts, then the nodes of each unit as built for, from
the bottom up. In the in-band network storage servers from the top down. The out-of-band prefix is
cut into shares by kind of device; see `SHARES`. A share is filled from its first address.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from clusterwright.design.power import pdu_name
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite

MANAGEMENT_HOSTS = 9
FIRST_NODE = 1 + MANAGEMENT_HOSTS

SHARES = {
    "hosts": (0, 16),
    "PDUs": (16, 8),
    "compute switches": (24, 4),
    "oob switches": (28, 1),
    "inband switches": (29, 1),
    "storage switches": (30, 1),
    "CDUs": (31, 0.5),
    "storage servers": (31.5, 0.5),
}
"""Of the out-of-band prefix, in 32nds: where the addresses of each kind begin, and how many."""

Places = Mapping[str, Sequence[str | None]]
"""Names by kind in the order in which they take addresses; None keeps one for what may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Every address of the site by name: of hosts in-band, of controllers out-of-band."""

    inband: Mapping[str, IPv4Address]
    oob: Mapping[str, IPv4Address]
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
        "PDUs": list(_pdus(loaded)),
        **{f"{network} switches": names for network, names in switches.items()},
        "CDUs": [loop.cdu.name for loop in loaded.site.facility.cooling.loops],
        "storage servers": [_bmc(name) for name in stores],
    }
    return Addresses(
        inband=_inband(fabrics.inband.prefix, inband),
        oob=_oob(fabrics.oob.prefix, oob),
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


def _pdus(loaded: LoadedSite) -> Iterator[str | None]:
    feeds = loaded.site.facility.feeds
    for group in loaded.site.facility.racks:
        yield from (pdu_name(rack, feed) for rack in group.names for feed in feeds)
        yield from [None] * ((group.places - len(group.names)) * len(feeds))


def _inband(prefix: IPv4Network, places: Places) -> dict[str, IPv4Address]:
    bottom, top = int(prefix.network_address) + 1, int(prefix.broadcast_address) - 1
    up = {name: bottom + n for n, name in enumerate(places["hosts"]) if name}
    down = {name: top - n for n, name in enumerate(places["storage servers"]) if name}
    return {name: IPv4Address(number) for name, number in {**up, **down}.items()}


def _oob(prefix: IPv4Network, places: Places) -> dict[str, IPv4Address]:
    return {
        name: IPv4Address(start + n)
        for kind, names in places.items()
        for start in [int(prefix.network_address) + share(prefix, kind).start]
        for n, name in enumerate(names)
        if name
    }


def share(prefix: IPv4Network, kind: str) -> range:
    """Return the addresses of a kind, from 0 in the prefix: never its first or its last one."""
    begin, length = SHARES[kind]
    first = int(prefix.num_addresses * begin / 32)
    last = int(prefix.num_addresses * (begin + length) / 32)
    return range(max(first, 1), min(last, prefix.num_addresses - 1))


def find_problems(loaded: LoadedSite, addresses: Addresses) -> Iterator[Problem]:
    """Yield every prefix that is too small, and prefixes that overlap."""
    fabrics, management = loaded.site.fabrics, loaded.site.management
    inband = sum(len(names) for names in addresses.inband_places.values())
    yield from _inband_too_small(fabrics.inband.prefix, inband)
    yield from _oob_too_small(fabrics.oob.prefix, addresses.oob_places)
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


def _inband_too_small(prefix: IPv4Network, needed: int) -> Iterator[Problem]:
    have = max(0, prefix.num_addresses - 2)
    if needed <= have:
        return
    length = next(n for n in range(prefix.prefixlen, -1, -1) if 2 ** (32 - n) - 2 >= needed)
    yield _widen(
        "inband",
        prefix,
        length,
        f"{prefix} has {have} addresses, but the site as built for needs {needed}",
    )


def _oob_too_small(prefix: IPv4Network, places: Places) -> Iterator[Problem]:
    short = [kind for kind, names in places.items() if len(names) > len(share(prefix, kind))]
    if not short:
        return
    lengths = range(prefix.prefixlen, -1, -1)
    length = next(n for n in lengths if _all_fit(IPv4Network((0, n)), places))
    kind = short[0]
    yield _widen(
        "oob",
        prefix,
        length,
        f"{prefix} has {len(share(prefix, kind))} addresses for {kind}, but the site as built for "
        f"needs {len(places[kind])}",
    )


def _all_fit(prefix: IPv4Network, places: Places) -> bool:
    return all(len(names) <= len(share(prefix, kind)) for kind, names in places.items())


def _widen(network: str, prefix: IPv4Network, length: int, rule: str) -> Problem:
    path = ("fabrics", network, "prefix")
    better = IPv4Network((int(prefix.network_address), length), strict=False)
    return Problem(
        path=path,
        value=str(prefix),
        rule=f"{rule}: use a /{length} or larger",
        remedy=((path, str(better)),),
    )
