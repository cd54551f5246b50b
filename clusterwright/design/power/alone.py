"""What helps a device that is too much for the PDUs of a rack where nothing else is in it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from clusterwright.design.occupant import Occupant
from clusterwright.design.power.circuit import Circuit, RackCircuit, connect
from clusterwright.design.power.replacement import sound

Fits = Callable[[Sequence[Occupant]], bool]
"""Whether all is well with these devices alone."""


def helps_alone(one: RackCircuit, fits: Fits) -> str | None:
    """Say what helps the first such device; None where each has room in a rack of its own."""
    kinds = {device.model: device for device in one.inside if device.supplies}
    device = next((device for device in kinds.values() if not fits([device])), None)
    if device is None:
        return None
    feeds = _more_feeds(one, device)
    begin = f"one {device.model} alone is too much for its PDUs"
    if feeds:
        return f"{begin}: use {feeds} feeds and more racks, as no single change helps"
    circuit = connect(one.feeding, [device])
    if not _may_have_volts(circuit, device):
        return f"{begin}: use a model with more supplies or other inlets, as no single change helps"
    lacking = " and ".join(_lacking(circuit))
    return (
        f"{begin}: use some with {lacking}, of the site's own catalogue if need be, or another "
        "model, as no single change helps"
    )


def _more_feeds(one: RackCircuit, device: Occupant) -> int:
    """Return the fewest feeds that carry it; 0 where not even one for each supply does."""
    most = device.supplies.count if device.supplies else 0
    for count in range(len(one.feeding.feeds) + 1, most + 1):
        feeding = replace(one.feeding, feeds=tuple(str(n) for n in range(count)))
        if sound(connect(feeding, [device]), [device]):
            return count
    return 0


def _may_have_volts(circuit: Circuit, device: Occupant) -> bool:
    """Whether its supplies take the volts at which their current is what an outlet carries."""
    reading, pdu = circuit.broken("outlet"), circuit.feeding.pdu
    takes = device.supplies.input_volts if device.supplies else None
    if reading is None or takes is None or pdu is None or not pdu.outlet_volts:
        return True
    return pdu.outlet_volts * reading.share <= max(takes)


def _lacking(circuit: Circuit) -> Iterator[str]:
    """Name what PDUs would have to have; an outlet of a type carries the same on any PDU."""
    if not circuit.complete:
        yield "outlets for all its supplies"
    if circuit.broken("outlet"):
        yield "outlets of more volts"
    if circuit.broken("branch"):
        yield "larger breakers"
    if circuit.broken("phase") or circuit.broken("input"):
        yield "a higher rating"
