"""Cords, PDUs and shelves as the plan has them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

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
from clusterwright.design.power.plugging import NO_PDU
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
    outlets: dict[str, list[Outlet]] = {}
    for one in circuits.values():
        pdus = one.feeding.pdu_names(one.rack.name)
        for ordinal, device in enumerate(one.inside):
            if not device.present:
                continue
            cords = one.circuit.cords[ordinal]
            supplies[device.name] = tuple(
                PowerSupply(
                    name=f"PSU{cord.supply}",
                    pdu=pdus[cord.pdu],
                    outlet=cord.outlet,
                    feed=cord.feed,
                )
                for cord in cords
                if cord.pdu != NO_PDU
            )
            for cord in cords:
                outlet_type, branch, phase = _socket(one.feeding, cord.bank)
                outlet = Outlet(
                    number=cord.outlet,
                    type=outlet_type,
                    branch=branch,
                    phase=phase,
                    consumer=device.name,
                    power_supply=f"PSU{cord.supply}",
                    power_on_delay_s=delays.of(one, ordinal, cord.supply),
                )
                outlets.setdefault(pdus[cord.pdu], []).append(outlet)
    return Cords(
        by_device=supplies,
        by_pdu={
            name: tuple(sorted(used, key=lambda outlet: outlet.number))
            for name, used in outlets.items()
        },
    )


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


def _socket(feeding: Feeding, bank: int) -> tuple[str, str, str]:
    if not feeding.banks:
        return "", "", ""
    known = feeding.banks[bank]
    return known.type, known.branch or "", known.phase or ""


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
        )
