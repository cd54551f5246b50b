"""What cannot be true of a record, though every word of it has the right form."""

from collections.abc import Iterator

from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model.record import Record


def find_problems(record: Record) -> Iterator[Problem]:
    """Yield serial numbers and hardware addresses that two places claim."""
    serials: dict[str, str] = {}
    addresses: dict[str, str] = {}
    for name, device in record.devices.items():
        at: DefinitionPath = ("devices", name)
        yield from _claimed(serials, (*at, "serial"), device.serial, "serial number", name)
        for key in ("macs", "guids"):
            for port, address in getattr(device, key).items():
                where = f"{name} {port}"
                yield from _claimed(addresses, (*at, key, port), address, key[:-1].upper(), where)


def _claimed(
    seen: dict[str, str], at: DefinitionPath, value: str, what: str, where: str
) -> Iterator[Problem]:
    first = seen.setdefault(value, where)
    if first != where:
        yield Problem(
            path=at,
            value=value,
            rule=f"{what} {value} is that of {first}, too, but it belongs to one thing: give each "
            "its own",
        )
