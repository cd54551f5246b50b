"""What two rows, or a row and the record, cannot both say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clusterwright.model.record import Record
from clusterwright.operate.intake.item import Complaint, Item
from clusterwright.operate.intake.match import Match


def find_doubles(items: Iterable[Item]) -> Iterator[Complaint]:
    """Yield serial numbers and addresses that stand in two rows."""
    serials: dict[str, int] = {}
    addresses: dict[str, str] = {}
    for item in items:
        first = serials.setdefault(item.serial, item.line)
        if first != item.line:
            yield Complaint(
                line=item.line,
                sentence=f"serial number {item.serial} stands in row {first}, too, but a device is "
                "delivered once: correct one of the rows",
            )
        for where, kind, address in _addresses(item):
            here = f"row {item.line}"
            other = addresses.setdefault(address, here)
            if other != here:
                yield Complaint(
                    line=item.line,
                    sentence=f"{kind} {address} of {item.serial} {where} stands in {other}, too, "
                    "but it belongs to one port: correct one of the rows",
                )


def find_doubles_inside(items: Iterable[Item]) -> Iterator[Complaint]:
    """Yield addresses that one row gives to two ports."""
    for item in items:
        seen: dict[str, str] = {}
        for where, kind, address in _addresses(item):
            first = seen.setdefault(address, where)
            if first != where:
                yield Complaint(
                    line=item.line,
                    sentence=f"{kind} {address} of {item.serial} is that of {first} and of "
                    f"{where}, but it belongs to one port: correct the row",
                )


def find_known(matches: Sequence[Match], record: Record) -> Iterator[Complaint]:
    """Yield what the record has at another name: a place with a device, a serial, an address."""
    holders = _holders(record)
    for match in matches:
        item, place = match.item, match.place
        there = record.devices.get(place.name)
        if there and there.serial != item.serial:
            yield Complaint(
                line=item.line,
                sentence=f"{item.serial} is to stand at {place}, but the record has "
                f"{there.serial} there: correct the row, or exchange it with "
                f"--replace {place.name}",
            )
        for what, value in (
            ("serial number", item.serial),
            *((kind, address) for _, kind, address in _addresses(item)),
        ):
            holder = holders.get(value)
            if holder and holder != place.name and not (there and there.serial != item.serial):
                yield Complaint(
                    line=item.line,
                    sentence=f"{what} {value} is that of {holder} in the record, but this row is "
                    f"for {place.name}: correct the row",
                )


def find_claimed_twice(matches: Iterable[Match]) -> Iterator[Complaint]:
    """Yield places that two rows are for."""
    claimed: dict[str, Item] = {}
    for match in matches:
        first = claimed.setdefault(match.place.name, match.item)
        if first is not match.item:
            yield Complaint(
                line=match.item.line,
                sentence=f"{match.item.serial} is for {match.place}, but so is {first.serial} of "
                f"row {first.line}: correct one of their positions",
            )


def _holders(record: Record) -> Mapping[str, str]:
    holders: dict[str, str] = {}
    for name, device in record.devices.items():
        holders[device.serial] = name
        for address in (*device.macs.values(), *device.guids.values()):
            holders[address] = name
    return holders


def _addresses(item: Item) -> Iterator[tuple[str, str, str]]:
    yield from ((port, "MAC", mac) for port, mac in item.macs.items())
    yield from ((port, "GUID", guid) for port, guid in item.guids.items())
