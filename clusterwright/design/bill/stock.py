"""What is in the plan, counted by model."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.catalogue import Catalogue
from clusterwright.design.cabling import Cabling
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Link, Pdu, Rack, SitePlan
from clusterwright.model.bill import Kind

KINDS: dict[str, Kind] = {
    "servers": "server",
    "switches": "switch",
    "storage": "storage",
    "rack_systems": "rack-system",
    "racks": "rack",
    "pdus": "pdu",
    "power_shelves": "power-shelf",
    "cdus": "cdu",
}
"""What the bill calls the models of each folder of the catalogue."""

CORDS = {"C14": "C14-C13", "C16": "C14-C15", "C20": "C20-C19"}
"""Plug and connector of the cord that a device with this inlet takes (IEC 60320)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is built in, and where."""

    kind: Kind
    model: str
    where: str
    length_m: float | None = None


def take_stock(
    catalogue: Catalogue, plan: SitePlan, occupants: Sequence[Occupant], cabling: Cabling
) -> Mapping[Item, int]:
    """Return how many of each item there are."""
    present = [one for one in occupants if one.present]
    stock = Counter(_devices(plan, present, kinds_of(catalogue)))
    systems = {one.rack: one.system for one in present if one.system}
    stock.update(_racks(plan, systems))
    stock.update(_panels(rack for rack in plan.racks if rack.name not in systems))
    stock.update(Item(kind="pdu", model=p.model, where=f"feed {p.feed}") for p in plan.pdus)
    stock.update(_cords(present, plan.pdus))
    stock.update(_cables(catalogue, plan.links))
    for (fabric, device, optic), count in cabling.transceivers.items():
        stock[Item(kind="transceiver", model=optic, where=f"{fabric} {device}")] += count
    return stock


def kinds_of(catalogue: Catalogue) -> Mapping[str, Kind]:
    """Return what the bill calls each model; GPU servers are nodes."""
    kinds = {name: kind for folder, kind in KINDS.items() for name in getattr(catalogue, folder)}
    for name, server in catalogue.servers.items():
        if server.gpus:
            kinds[name] = "node"
    return kinds


def _devices(
    plan: SitePlan, present: Iterable[Occupant], kinds: Mapping[str, Kind]
) -> Iterator[Item]:
    """Yield what is bought by itself: not what comes with a rack, nor PDUs, which have feeds."""
    places = {node.name: node.unit for node in plan.nodes} | {
        switch.name: f"{switch.fabric} {switch.tier}" for switch in plan.switches
    }
    for one in present:
        kind = kinds.get(one.model, "server")
        if not one.system and kind not in ("rack", "pdu"):
            yield Item(kind=kind, model=one.model, where=places.get(one.name, f"rack {one.rack}"))
    for two in plan.equipment:
        if two.floor:
            kind = kinds.get(two.model, "server")
            yield Item(kind=kind, model=two.model, where=f"row {two.floor.row}")


def _racks(plan: SitePlan, systems: Mapping[str, str]) -> Iterator[Item]:
    """Yield racks, and in their stead the systems that are bought with their rack."""
    for rack in plan.racks:
        system = systems.get(rack.name)
        where = f"row {rack.row}"
        if system:
            yield Item(kind="rack-system", model=system, where=where)
        else:
            yield Item(kind="rack", model=rack.model, where=where)


def _panels(racks: Iterable[Rack]) -> Mapping[Item, int]:
    """Count a panel for each rack unit that would let warm air through."""
    panels: Counter[Item] = Counter()
    for rack in racks:
        for gap in rack.gaps:
            where = f"row {rack.row}"
            panels[Item(kind="blanking-panel", model="blanking panel 1 U", where=where)] += (
                gap.height_units
            )
    return panels


def _cords(present: Iterable[Occupant], pdus: Iterable[Pdu]) -> Iterator[Item]:
    """Yield the cords that devices do not bring with them."""
    supplies = {one.name: one.supplies for one in present}
    for pdu in pdus:
        for outlet in pdu.outlets:
            of_it = supplies.get(outlet.consumer)
            if of_it and of_it.cord_m is None:
                model = (
                    f"cord {CORDS[of_it.inlet]}" if of_it.inlet else "cord of an inlet not known"
                )
                yield Item(kind="power-cord", model=model, where=f"feed {pdu.feed}")


def _cables(catalogue: Catalogue, links: Iterable[Link]) -> Mapping[Item, int]:
    """Count each piece once, however many links it carries; a pair of fibres is two."""
    seen: set[str] = set()
    counted: Counter[Item] = Counter()
    for link in links:
        if link.piece not in seen:
            seen.add(link.piece)
            item = Item(
                kind="cable",
                model=link.cable,
                where=f"{link.fabric} {link.tier}",
                length_m=link.length_m,
            )
            counted[item] += catalogue.cables[link.cable].fibres
    return counted
