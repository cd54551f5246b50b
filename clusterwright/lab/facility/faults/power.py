"""Faults of power: outlets, feeds, meters, supplies, cords."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from clusterwright.lab.facility.bmc import Bmc
from clusterwright.lab.facility.faults.fault import FEED, Fault, Undo, at_once
from clusterwright.lab.facility.shelf import Shelf

if TYPE_CHECKING:
    from clusterwright.lab.facility.serve import Facility

PDU = frozenset({"pdu"})


def _stuck(facility: "Facility", subject: str) -> Callable[[], None]:
    pdu = facility.site.pdus[subject]
    used = [outlet.number for outlet in pdu.pdu.outlets] or [1]
    pdu.stuck.add(used[0])
    return lambda: pdu.stuck.discard(used[0])


async def _feed_lost(facility: "Facility", feed: str) -> Undo:
    async def set_all(*, live: bool) -> None:
        for pdu in [one for one in facility.site.pdus.values() if one.pdu.feed == feed]:
            await pdu.set_feed(live=live)

    await set_all(live=False)
    return lambda: set_all(live=True)


def _nonsense(facility: "Facility", subject: str) -> Callable[[], None]:
    meter = facility.site.pdus[subject].meter
    honest, meter.distort = meter.distort, lambda reading: -1000.0 - 7 * reading

    def undo() -> None:
        meter.distort = honest

    return undo


async def _supply_failed(facility: "Facility", subject: str) -> Undo:
    device = facility.endpoints[subject].device
    if isinstance(device, Shelf):
        device.fail_supplies(device.supplies[0])
        return _later(device.fail_supplies)
    if not isinstance(device, Bmc):
        raise TypeError(f"{subject}: has no power supplies")
    name = device.node.power_supplies[0].name
    device.failed_supplies.add(name)
    await device.supplies_changed()

    async def undo() -> None:
        device.failed_supplies.discard(name)
        await device.supplies_changed()

    return undo


async def _swapped(facility: "Facility", subject: str) -> Undo:
    bmc = facility.site.nodes[subject]
    cords = dict(bmc.cords)
    one, other = _two_feeds(facility, subject)
    bmc.cords = {**cords, one: cords[other], other: cords[one]}
    await bmc.supplies_changed()

    async def undo() -> None:
        bmc.cords = cords
        await bmc.supplies_changed()

    return undo


def _two_feeds(facility: "Facility", subject: str) -> tuple[str, str]:
    """The first supply, and the first one on another feed; the same where there is none."""
    pdus = facility.site.pdus
    supplies = facility.site.nodes[subject].node.power_supplies
    feeds = {supply.name: pdus[supply.pdu].pdu.feed for supply in supplies}
    first = supplies[0].name
    other = next((name for name, feed in feeds.items() if feed != feeds[first]), first)
    return first, other


def _later(undo: Callable[[], None]) -> Undo:
    async def later() -> None:
        undo()

    return later


FAULTS = (
    Fault(
        name="outlet-stuck",
        about="The relay of the PDU's first outlet in use does not move.",
        kinds=PDU,
        inject=at_once(_stuck),
    ),
    Fault(
        name="feed-lost",
        about="All PDUs of one feed are without power.",
        kinds=frozenset({FEED}),
        inject=_feed_lost,
    ),
    Fault(
        name="metering-nonsense",
        about="The PDU measures what cannot be.",
        kinds=PDU,
        inject=at_once(_nonsense),
    ),
    Fault(
        name="power-supply-failed",
        about="The first power supply gives nothing, though its cord has power.",
        kinds=frozenset({"bmc", "shelf"}),
        inject=_supply_failed,
    ),
    Fault(
        name="cords-swapped",
        about="Two cords of a server go to each other's feed.",
        kinds=frozenset({"bmc"}),
        inject=_swapped,
        fits=lambda facility, subject: len(set(_two_feeds(facility, subject))) == 2,
    ),
)
