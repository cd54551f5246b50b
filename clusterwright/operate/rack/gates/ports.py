"""Which switch port each controller hangs on, by its MAC: the one of the plan, or another.

Where addresses go by place, whoever is in a wrong port answers at somebody else's address: so this
is looked at before anybody is told a password.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from clusterwright.access.switch import SwitchState
from clusterwright.design.plan import Controller, LinkEnd
from clusterwright.errors import DeviceError
from clusterwright.operate.rack.gates import neighbours, switches
from clusterwright.operate.rack.gates.reach import answers
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, failed, passed, unproven

PLUGGED = "the controller hangs on its planned switch port"
HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What was found, whose place somebody else may have, and who has not been seen at all."""

    checks: Checks = ()
    misplugged: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()


class Place(Enum):
    """Where a controller was seen."""

    OWN = "in its own port, as far as anybody can tell"
    STRANGE = "in another's, or another in its own"
    NOWHERE = "not yet, or not any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Where the switches have seen MACs; `trunks` lead to other switches."""

    states: Mapping[str, SwitchState]
    trunks: frozenset[tuple[str, str]]
    owners: Mapping[str, str]

    def at(self, end: LinkEnd) -> list[str]:
        """Return the MACs at a port."""
        known = self.states[end.device].ports_of.items()
        return sorted(mac for mac, port in known if port == end.port)

    def place_of(self, mac: str) -> LinkEnd | None:
        """Return the port of a MAC; one to another switch only where that was not asked."""
        places = [
            LinkEnd(device=name, port=state.ports_of[mac])
            for name, state in self.states.items()
            if mac in state.ports_of
        ]
        own = (one for one in places if not self.is_trunk(one))
        return next(own, next(iter(places), None))

    def is_trunk(self, end: LinkEnd) -> bool:
        return (end.device, end.port) in self.trunks


async def look(rack: LiveRack, met: Iterable[tuple[str, Controller]]) -> Ports:
    """Compare where the rack's out-of-band switches have seen the MACs of controllers."""
    chosen = dict(met)
    planned = {name: end for name, end in _planned(rack) if name in chosen}
    if not planned:
        return Ports()
    # A switch forgets who is silent for some minutes.
    deadline_s = rack.site.patience.greeting_s
    knocks = (answers(chosen[n].address, deadline_s=deadline_s, port=HTTPS) for n in planned)
    await asyncio.gather(*knocks)
    macs = {one.name: one.mac.lower() for one in rack.site.plan.hardware_addresses}
    seen = await _seen(rack, macs)
    found = [_one(n, macs.get(chosen[n].name, ""), end, seen) for n, end in planned.items()]
    return Ports(
        checks=tuple(check for check, _ in found),
        misplugged=frozenset(c.subject for c, place in found if place is Place.STRANGE),
        unseen=frozenset(c.subject for c, place in found if place is Place.NOWHERE),
    )


def _planned(rack: LiveRack) -> Iterator[tuple[str, LinkEnd]]:
    """Yield each controller's own port, where a switch of ours has it; the first cable counts."""
    serving = {switch.name for switch in switches.serving(rack)}
    owners, known = {name for name, _ in rack.controllers()}, set[str]()
    for link in rack.site.plan.links:
        name = link.a.device
        if name in owners - known and link.b.device in serving:
            known.add(name)
            yield name, link.b


async def _seen(rack: LiveRack, macs: Mapping[str, str]) -> _Seen:
    states, trunks = {}, set[tuple[str, str]]()
    for switch in switches.serving(rack):
        try:
            states[switch.name] = await switches.read(rack, switch)
        except DeviceError:
            # The step of the switches says why.
            continue
        cables = neighbours.cables_of(rack.site.plan, switch)
        between = neighbours.between_switches(rack.site.plan, cables)
        trunks |= {(switch.name, cable.port) for cable in between}
    owners = {macs[c.name]: name for name, c in rack.controllers() if c.name in macs}
    return _Seen(states=states, trunks=frozenset(trunks), owners=owners)


def _one(name: str, mac: str, planned: LinkEnd, seen: _Seen) -> tuple[Check, Place]:
    """Return the check of one controller, and where it was seen."""
    if not mac:
        reason = "the record does not know the MAC of its controller"
        remedy = "run clusterwright intake with the delivery's manifest"
        return unproven(name, PLUGGED, reason, remedy), Place.OWN
    if planned.device not in seen.states:
        return unproven(name, PLUGGED, f"{planned.device} could not be asked"), Place.OWN
    place = seen.place_of(mac)
    if place == planned:
        return passed(name, PLUGGED, f"{mac} at {_words(planned)}"), Place.OWN
    there = seen.at(planned)
    if place:
        return _elsewhere(name, mac, planned, place, seen), Place.STRANGE
    if there:
        return _stranger(name, mac, planned, there, seen), Place.STRANGE
    found = f"{_words(planned)} has seen nobody, and no switch of the rack knows its MAC, {mac}"
    remedy = f"plug its management cable into {_words(planned)}"
    return failed(name, PLUGGED, found, remedy), Place.NOWHERE


def _elsewhere(name: str, mac: str, planned: LinkEnd, place: LinkEnd, seen: _Seen) -> Check:
    where = "on another switch" if seen.is_trunk(place) else f"at {_words(place)}"
    return failed(
        name,
        PLUGGED,
        f"NIC in the wrong switch port: its controller, {mac}, is {where}, but "
        f"{_words(planned)} is planned{_who(seen, planned)}",
        f"move its management cable to {_words(planned)}",
    )


def _stranger(name: str, mac: str, planned: LinkEnd, there: list[str], seen: _Seen) -> Check:
    return failed(
        name,
        PLUGGED,
        f"{_words(planned)} has seen {' and '.join(there)}, but its controller has {mac} in the "
        f"record{_who(seen, planned)}",
        f"follow the cable in {_words(planned)}: if it ends at {name}, another one stands there "
        "than the record says; run clusterwright intake with its manifest",
    )


def _who(seen: _Seen, planned: LinkEnd) -> str:
    known = [seen.owners[mac] for mac in seen.at(planned) if mac in seen.owners]
    return f"; there is {' and '.join(known)}" if known else ""


def _words(end: LinkEnd) -> str:
    return neighbours.port_words(end.device, end.port)
