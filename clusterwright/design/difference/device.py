"""What stands somewhere, in one shape for every kind of device."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from clusterwright.design.plan import Mount, SitePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A rack or what stands in one; `mount` is None where it takes no rack units."""

    name: str
    kind: str
    model: str
    rack: str
    mount: Mount | None = None
    seat: str = ""
    """What stays the same when its name changes: a node's unit and index."""

    @property
    def place(self) -> str:
        return f"{self.rack} U{self.mount.lowest_unit}" if self.mount else self.rack

    @property
    def units(self) -> Iterator[tuple[str, int]]:
        """Yield every rack unit that it takes."""
        if self.mount:
            lowest, height = self.mount.lowest_unit, self.mount.height_units
            yield from ((self.rack, unit) for unit in range(lowest, lowest + height))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceMove:
    """A device that is carried from one place to another."""

    device: Device
    was: str


def list_devices(plan: SitePlan) -> tuple[Device, ...]:
    """Return everything of a plan that is bought and put somewhere."""
    return (*_fittings(plan), *_mounted(plan))


def _fittings(plan: SitePlan) -> Iterator[Device]:
    for rack in plan.racks:
        yield Device(
            name=rack.name, kind="rack", model=rack.model, rack=f"row {rack.row} {rack.place + 1}"
        )
    for pdu in plan.pdus:
        yield Device(name=pdu.name, kind="PDU", model=pdu.model, rack=pdu.rack)
    for loop in plan.loops:
        yield Device(name=loop.cdu, kind="CDU", model=loop.cdu_model, rack=loop.racks[0])


def _mounted(plan: SitePlan) -> Iterator[Device]:
    for host in plan.management_hosts:
        yield _in_rack(host.name, "host", host.server, host.mount)
    for node in plan.nodes:
        seat = f"{node.unit}/{node.index}"
        yield replace(_in_rack(node.name, "node", node.server, node.mount), seat=seat)
    for switch in plan.switches:
        yield _in_rack(switch.name, "switch", switch.model, switch.mount)
    for store in plan.storage_servers:
        yield _in_rack(store.name, "storage", store.model, store.mount)
    for shelf in plan.power_shelves:
        yield _in_rack(shelf.name, "power-shelf", shelf.model, shelf.mount)
    for panel in plan.panels:
        yield _in_rack(panel.name, "panel", f"{panel.ports} ports", panel.mount)


def _in_rack(name: str, kind: str, model: str, mount: Mount) -> Device:
    return Device(name=name, kind=kind, model=model, rack=mount.rack, mount=mount)


def find_renamed(old: Iterable[Device], new: Iterable[Device]) -> Mapping[str, str]:
    """Return old names with the new ones of devices that are the same under another name.

    A node is the same by unit and index; it, and anything else, by model and place.
    """
    before, after = list(old), list(new)
    kept = {one.name for one in before} & {one.name for one in after}
    renamed: dict[str, str] = {}
    for identity in (_seat, _place):
        found = set(renamed.values())
        gone = [one for one in before if one.name not in kept and one.name not in renamed]
        fresh = {
            identity(one): one.name
            for one in after
            if one.name not in kept and one.name not in found
        }
        renamed |= {one.name: fresh[identity(one)] for one in gone if identity(one) in fresh}
    return renamed


def _seat(device: Device) -> tuple[str, ...]:
    return (device.seat,) if device.seat else (device.name,)


def _place(device: Device) -> tuple[str, ...]:
    # Two PDUs of one rack differ by feed, which their names end in.
    feed = device.name.rpartition("-")[2] if device.kind == "PDU" else ""
    return device.kind, device.model, device.place, feed
