"""Power: a panel for each feed of the site, a feed for each PDU, ports and outlets."""

from collections.abc import Iterator

from clusterwright.design.plan import Pdu, SitePlan
from clusterwright.render.csv_text import Cell
from clusterwright.render.devices import list_devices
from clusterwright.render.table.table import Table

INPUT = "input"
"""The port by which a PDU is fed."""
_FEED = ("site", "power_panel", "rack", "name", "status", "type", "supply", "phase")
_LEGS = {"L1": "A", "L2": "B", "L3": "C"}
_OUTLETS = {"C13": "iec-60320-c13", "C15": "iec-60320-c15", "C19": "iec-60320-c19"}


def panel_table(plan: SitePlan) -> Table:
    """Return a panel for each feed."""
    feeds = sorted({pdu.feed for pdu in plan.pdus})
    return Table(
        name="power-panels",
        columns=("site", "name"),
        rows=[(plan.site, _panel(feed)) for feed in feeds],
    )


def feed_table(plan: SitePlan) -> Table:
    """Return a line from its panel to each PDU; an unknown voltage is left to NetBox."""
    columns: tuple[str, ...] = _FEED
    rows: list[tuple[Cell, ...]] = [_feed(plan, pdu) for pdu in plan.pdus]
    volts = [pdu.line_volts or pdu.outlet_volts for pdu in plan.pdus]
    if all(volts):
        columns = (*columns, "voltage")
        rows = [(*row, volt) for row, volt in zip(rows, volts, strict=True)]
    return Table(name="power-feeds", columns=columns, rows=rows)


def _feed(plan: SitePlan, pdu: Pdu) -> tuple[Cell, ...]:
    phase = "three-phase" if pdu.phases == 3 else "single-phase"
    return plan.site, _panel(pdu.feed), pdu.rack, pdu.name, "planned", "primary", "ac", phase


def port_table(plan: SitePlan) -> Table:
    """Return every port that takes power: those of PDUs, then the supplies of devices."""
    return Table(name="power-ports", columns=("device", "name"), rows=list(_ports(plan)))


def outlet_table(plan: SitePlan) -> Table:
    """Return every outlet of every PDU, used or not."""
    rows = [row for pdu in plan.pdus for row in _outlets(pdu)]
    columns = ("device", "name", "type", "power_port", "feed_leg")
    return Table(name="power-outlets", columns=columns, rows=rows)


def _panel(feed: str) -> str:
    return f"feed {feed}"


def _ports(plan: SitePlan) -> Iterator[tuple[Cell, ...]]:
    for pdu in plan.pdus:
        yield pdu.name, INPUT
    for device in list_devices(plan):
        for supply in device.power_supplies:
            yield device.name, supply.name


def _outlets(pdu: Pdu) -> Iterator[tuple[Cell, ...]]:
    """Yield the outlets; a leg is one phase against neutral, and two phases are no leg."""
    banks = {
        number: bank for bank in pdu.banks for number in range(bank.first, bank.first + bank.count)
    }
    for number in range(1, pdu.outlet_count + 1):
        bank = banks.get(number)
        kind, phase = (bank.type, bank.phase) if bank else ("", "")
        yield pdu.name, str(number), _OUTLETS.get(kind, ""), INPUT, _LEGS.get(phase, "")
