"""Devices that stand elsewhere than the record has them: for once, the manifest is right."""

from collections.abc import Iterable, Iterator, Sequence

from clusterwright.model.record import Record
from clusterwright.operate.intake.clues import Ports
from clusterwright.operate.intake.item import Complaint, Item
from clusterwright.operate.intake.match import Match


def lift(record: Record, items: Iterable[Item], ports: Ports) -> Record:
    """Return the record without the devices that the manifest has a place for."""
    lifted = {item.serial for item in items if _has_place(item, ports)}
    devices = {name: one for name, one in record.devices.items() if one.serial not in lifted}
    return record.model_copy(update={"devices": devices})


def find_in_service(matches: Sequence[Match], record: Record) -> Iterator[Complaint]:
    """Yield nodes that would become other machines while jobs may run on them."""
    names = {device.serial: name for name, device in record.devices.items()}
    for match in matches:
        before, after = names.get(match.item.serial, ""), match.place.name
        for name in (before, after) if before not in ("", after) else ():
            node = record.nodes.get(name)
            if node and node.state == "in-service":
                yield Complaint(
                    line=match.item.line,
                    sentence=f"{match.item.serial} moves from {before} to {after}, but {name} is "
                    "in service, and jobs may run on it: drain it first: clusterwright drain",
                )


def begin_anew(before: Record, after: Record) -> Record:
    """Return what comes after, with every node new whose machine is another one now."""

    def same(name: str) -> bool:
        was, now = before.devices.get(name), after.devices.get(name)
        return (was and was.serial) == (now and now.serial)

    nodes = {name: node for name, node in after.nodes.items() if same(name)}
    return after.model_copy(update={"nodes": nodes})


def _has_place(item: Item, ports: Ports) -> bool:
    scanned = bool(item.rack) and item.unit is not None
    return scanned or bool(item.label) or any(mac in ports for mac in item.macs.values())
