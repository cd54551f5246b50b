"""What is in the plan, counted by model."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.catalogue import Catalogue
from clusterwright.design.cabling import Cabling
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Link, Pdu, SitePlan
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
    places = {node.name: node.unit for node in plan.nodes} | {
        switch.name: f"{switch.fabric} {switch.tier}" for switch in plan.switches
    }
    present = [one for one in occupants if one.present]
    stock = Counter(_devices(present, places, kinds_of(catalogue)))
    stock.update(Item(kind="rack", model=r.model, where=f"row {r.row}") for r in plan.racks)
    stock.update(Item(kind="pdu", model=p.model, where=f"feed {p.feed}") for p in plan.pdus)
    stock.update(_cords(present, plan.pdus))
    stock.update(_cables(plan.links))
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
    present: Iterable[Occupant], places: Mapping[str, str], kinds: Mapping[str, Kind]
) -> Iterator[Item]:
    for one in present:
        kind = kinds.get(one.model, "server")
        if kind not in ("rack", "pdu"):
            yield Item(kind=kind, model=one.model, where=places.get(one.name, f"rack {one.rack}"))


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


def _cables(links: Iterable[Link]) -> Iterator[Item]:
    """Yield each piece once, however many links it carries."""
    seen: set[str] = set()
    for link in links:
        if link.piece not in seen:
            seen.add(link.piece)
            yield Item(
                kind="cable",
                model=link.cable,
                where=f"{link.fabric} {link.tier}",
                length_m=link.length_m,
            )
