"""What of a plan has been delivered, and what is still to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from clusterwright.design.plan import SitePlan
from clusterwright.model.record import Record
from clusterwright.operate.intake.places import Place, list_places


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A place and what the record has there; an empty serial number is not delivered."""

    place: Place
    serial: str
    model: str
    macs: int
    guids: int
    source: str
    state: str
    """Of a node: whether jobs may run on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All places of a plan, and what the record has besides."""

    site: str
    places: tuple[Delivered, ...]
    unplanned: tuple[str, ...]
    """Names of the record that the plan no longer has."""

    @property
    def to_come(self) -> int:
        return sum(not one.serial for one in self.places)


def overview(plan: SitePlan, record: Record) -> Overview:
    """Compare a plan with its record."""
    places = list_places(plan).by_name
    states = {node.name: node.service_state.value for node in plan.nodes}
    return Overview(
        site=plan.site,
        places=tuple(
            _delivered(place, record, states.get(name, "")) for name, place in places.items()
        ),
        unplanned=tuple(sorted(set(record.devices) - set(places))),
    )


def _delivered(place: Place, record: Record, state: str) -> Delivered:
    known = record.devices.get(place.name)
    return Delivered(
        place=place,
        serial=known.serial if known else "",
        model=known.model if known else "",
        macs=len(known.macs) if known else 0,
        guids=len(known.guids) if known else 0,
        source=known.source if known else "",
        state=state,
    )


def to_document(shown: Overview, record: Record) -> dict[str, Any]:
    """Return an overview for programs: one entry a place, addresses included."""
    return {
        "site": shown.site,
        "planned": len(shown.places),
        "delivered": len(shown.places) - shown.to_come,
        "devices": [_device(one, record) for one in shown.places],
        "unplanned": list(shown.unplanned),
        "sign_offs": record.model_dump(mode="json")["sign_offs"],
    }


def _device(one: Delivered, record: Record) -> dict[str, Any]:
    place, known = one.place, record.devices.get(one.place.name)
    return {
        "name": place.name,
        "kind": place.kind,
        "planned_model": place.model,
        "rack": place.rack,
        "unit": place.mount.lowest_unit if place.mount else None,
        "state": one.state or None,
        "delivered": known.model_dump(mode="json") if known else None,
    }


def by_rack(places: Iterable[Delivered]) -> dict[str, list[Delivered]]:
    """Return places rack by rack, from the floor up; what takes no rack unit last."""
    racks: dict[str, list[Delivered]] = {}
    for one in places:
        racks.setdefault(one.place.rack, []).append(one)
    for inside in racks.values():
        inside.sort(key=lambda one: one.place.mount.lowest_unit if one.place.mount else 1000)
    return racks
