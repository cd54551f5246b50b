"""Cords, PDUs and shelves as the plan has them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import NamedTuple

from clusterwright.design.plan import (
    Controller,
    Mount,
    Outlet,
    OutletBank,
    Pdu,
    PowerShelf,
    PowerSupply,
    Rectifier,
)
from clusterwright.design.power.circuit import Circuits, RackCircuit
from clusterwright.design.power.feeding import Feeding, shelf_name
from clusterwright.design.power.loads import rectifiers_of
from clusterwright.design.power.plugging import NO_PDU, Cord
from clusterwright.design.power.start_up import Delays

AddressOf = Callable[[str], IPv4Address]
"""The address of a controller on the out-of-band network, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cords:
    """All cords of the site, seen from the devices and from the PDUs."""

    by_device: Mapping[str, tuple[PowerSupply, ...]]
    by_pdu: Mapping[str, tuple[Outlet, ...]]


def plug_in(circuits: Circuits, delays: Delays) -> Cords:
    """Return the cords of all that is present; outlets of what may come are passed over."""
    supplies: dict[str, tuple[PowerSupply, ...]] = {}
    outlets: dict[str, tuple[Outlet, ...]] = {}
    sockets: dict[int, tuple[tuple[_Socket, ...], ...]] = {}
    for one in circuits.values():
        # Racks that are filled alike differ in names alone.
        if id(one.circuit) not in sockets:
            sockets[id(one.circuit)] = tuple(
                tuple(_socket(one.feeding, cord) for cord in cords if cord.pdu != NO_PDU)
                for cords in one.circuit.cords
            )
        pdus = one.feeding.pdu_names(one.rack.name)
        used: list[list[Outlet]] = [[] for _ in pdus]
        for ordinal, its_sockets in enumerate(sockets[id(one.circuit)]):
            device = one.inside[ordinal]
            if device.present:
                supplies[device.name] = tuple(_supply(socket, pdus) for socket in its_sockets)
                for socket in its_sockets:
                    delay_s = delays.of(one, ordinal, socket.ordinal)
                    used[socket.pdu].append(_outlet(socket, device.name, delay_s))
        for name, its_outlets in zip(pdus, used, strict=True):
            outlets[name] = tuple(sorted(its_outlets, key=lambda outlet: outlet.number))
    return Cords(by_device=supplies, by_pdu=outlets)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Socket:
    """Where a supply is plugged in, whatever the rack is called."""

    ordinal: int
    supply: str
    pdu: int
    feed: str
    outlet: int
    type: str
    branch: str
    phase: str


def _socket(feeding: Feeding, cord: Cord) -> _Socket:
    bank = feeding.banks[cord.bank] if feeding.banks else None
    return _Socket(
        ordinal=cord.supply,
        supply=f"PSU{cord.supply}",
        pdu=cord.pdu,
        feed=cord.feed,
        outlet=cord.outlet,
        type=bank.type if bank else "",
        branch=(bank.branch if bank else None) or "",
        phase=(bank.phase if bank else None) or "",
    )


def _supply(socket: _Socket, pdus: Sequence[str]) -> PowerSupply:
    return PowerSupply(
        name=socket.supply, pdu=pdus[socket.pdu], outlet=socket.outlet, feed=socket.feed
    )


def _outlet(socket: _Socket, consumer: str, delay_s: int) -> Outlet:
    return Outlet(
        number=socket.outlet,
        type=socket.type,
        branch=socket.branch,
        phase=socket.phase,
        consumer=consumer,
        power_supply=socket.supply,
        power_on_delay_s=delay_s,
    )


class NamedPdu(NamedTuple):
    """A PDU of which nothing is known yet but which it is and where."""

    name: str
    model: str
    rack: str


def name_pdus(circuits: Circuits) -> Iterator[NamedPdu]:
    """Yield the PDUs of every rack, whether or not what hangs on them can."""
    for one in circuits.values():
        for name in one.feeding.pdu_names(one.rack.name):
            yield NamedPdu(name, one.feeding.pdu_model, one.rack.name)


def plan_pdus(circuits: Circuits, cords: Cords, address_of: AddressOf) -> tuple[Pdu, ...]:
    """Return the PDUs of every rack, with the outlets that are in use."""
    return tuple(pdu for one in circuits.values() for pdu in _pdus(one, cords, address_of))


def plan_shelves(
    circuits: Circuits, mounts: Mapping[str, Mount], address_of: AddressOf
) -> tuple[PowerShelf, ...]:
    """Return the power shelves of every rack with a busbar."""
    return tuple(shelf for one in circuits.values() for shelf in _shelves(one, mounts, address_of))


def _pdus(one: RackCircuit, cords: Cords, address_of: AddressOf) -> Iterator[Pdu]:
    feeding, pdu = one.feeding, one.feeding.pdu
    if pdu is None:
        return
    banks, limit_va = _banks(feeding), feeding.limit_va
    holds_sequence, holds_alarms = feeding.pdus_hold
    for name, feed in zip(feeding.pdu_names(one.rack.name), feeding.pdu_feeds, strict=True):
        yield Pdu(
            name=name,
            model=feeding.pdu_model,
            rack=one.rack.name,
            feed=feed,
            controller=Controller(name=name, address=address_of(name), secret=f"pdu/{name}"),
            outlet_count=pdu.outlet_count,
            outlets=cords.by_pdu.get(name, ()),
            phases=pdu.phases,
            line_volts=pdu.line_volts,
            outlet_volts=pdu.outlet_volts,
            limit_va=int(limit_va) if limit_va else None,
            banks=banks,
            continuous_load=feeding.continuous_load,
            holds_sequence=holds_sequence,
            holds_alarms=holds_alarms,
        )


def _banks(feeding: Feeding) -> tuple[OutletBank, ...]:
    counts = [bank.count for bank in feeding.banks]
    return tuple(
        OutletBank(
            first=1 + sum(counts[:ordinal]),
            count=bank.count,
            type=bank.type,
            phase=bank.phase or "",
            branch=bank.branch or "",
            breaker_amps=bank.breaker_amps,
        )
        for ordinal, bank in enumerate(feeding.banks)
    )


def _shelves(
    one: RackCircuit, mounts: Mapping[str, Mount], address_of: AddressOf
) -> Iterator[PowerShelf]:
    shelf = one.feeding.shelf
    if shelf is None:
        return
    feeds, count = rectifiers_of(one.feeding).feeds, shelf.supplies.count
    for ordinal in range(one.feeding.shelf_count):
        name = shelf_name(one.rack.name, ordinal)
        yield PowerShelf(
            name=name,
            model=one.feeding.shelf_model,
            mount=mounts[name],
            controller=Controller(name=name, address=address_of(name), secret=f"shelf/{name}"),
            capacity_watts=shelf.capacity_watts,
            rectifiers=tuple(
                Rectifier(name=f"PSU{k}", feed=feeds[ordinal * count + k]) for k in range(count)
            ),
            rectifiers_needed=shelf.supplies.needed,
        )
