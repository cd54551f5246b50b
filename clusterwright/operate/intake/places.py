"""Where a plan has a place for a device that is delivered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from clusterwright.design.plan import Mount, SitePlan

SwitchPort = tuple[str, str]
"""A switch of the out-of-band network and the name of one of its ports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A name of the plan that wants a piece of metal. Without rack units, `mount` is None."""

    name: str
    kind: str
    model: str
    rack: str
    mount: Mount | None
    order: int
    """In the plan."""

    def __str__(self) -> str:
        if self.mount is None:
            return f"{self.name} (rack {self.rack})"
        return f"{self.name} (rack {self.rack}, unit {self.mount.lowest_unit})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """All places by what may identify them."""

    by_name: Mapping[str, Place]
    by_unit: Mapping[tuple[str, int], Place] = field(repr=False)
    by_port: Mapping[SwitchPort, Place] = field(repr=False)
    racks: frozenset[str]


def list_places(plan: SitePlan) -> Places:
    """Return every place of a plan; a device of several rack units is at each of them."""
    by_name = {place.name: place for place in _places(plan)}
    by_unit = {
        (place.rack, unit): place for place in by_name.values() for unit in _units(place.mount)
    }
    by_port = {
        (link.b.device, link.b.port): by_name[link.a.device]
        for link in plan.links
        if link.fabric == "oob" and link.a.device in by_name
    }
    racks = frozenset(rack.name for rack in plan.racks)
    return Places(by_name=by_name, by_unit=by_unit, by_port=by_port, racks=racks)


def _units(mount: Mount | None) -> range:
    return range(mount.lowest_unit, mount.lowest_unit + mount.height_units) if mount else range(0)


def _places(plan: SitePlan) -> Iterator[Place]:
    for order, (name, kind, model, rack, mount) in enumerate(_found(plan)):
        yield Place(name=name, kind=kind, model=model, rack=rack, mount=mount, order=order)


def _found(plan: SitePlan) -> Iterator[tuple[str, str, str, str, Mount | None]]:
    mounted = (
        *((node.name, "node", node.server, node.mount) for node in plan.nodes),
        *((host.name, "host", host.server, host.mount) for host in plan.management_hosts),
        *((store.name, "storage", store.model, store.mount) for store in plan.storage_servers),
        *((switch.name, "switch", switch.model, switch.mount) for switch in plan.switches),
        *((shelf.name, "shelf", shelf.model, shelf.mount) for shelf in plan.power_shelves),
    )
    yield from ((name, kind, model, mount.rack, mount) for name, kind, model, mount in mounted)
    yield from ((pdu.name, "pdu", pdu.model, pdu.rack, None) for pdu in plan.pdus)
    yield from _equipment(plan)


def _equipment(plan: SitePlan) -> Iterator[tuple[str, str, str, str, Mount | None]]:
    mounts = {one.name: one.mount for one in plan.equipment}
    for loop in plan.loops:
        mount = mounts.get(loop.cdu)
        yield loop.cdu, "cdu", loop.cdu_model, mount.rack if mount else loop.racks[0], mount
    for one in plan.equipment:
        if one.kind == "nvlink-switch" and one.mount:
            yield one.name, one.kind, one.model, one.mount.rack, one.mount
