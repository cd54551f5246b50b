"""Cables with both terminations: data, then power.

A form takes one termination a side: each link of a splitter is a row, under the label of its piece.
"""

from collections.abc import Iterator

from clusterwright.design.plan import SitePlan
from clusterwright.render.csv_text import Cell, number
from clusterwright.render.devices import list_devices
from clusterwright.render.table.table import Table

_MEDIA = {
    "multimode-fibre": "mmf",
    "singlemode-fibre": "smf",
    "copper-passive": "dac-passive",
    "copper-active": "dac-active",
    "optical-active": "aoc",
    "twisted-pair": "cat6",
}
_INTERFACE, _POWER_PORT, _OUTLET = "dcim.interface", "dcim.powerport", "dcim.poweroutlet"


def cable_table(plan: SitePlan) -> Table:
    """Return a row per link and per power cord."""
    return Table(
        name="cables",
        columns=(
            "side_a_device",
            "side_a_type",
            "side_a_name",
            "side_b_device",
            "side_b_type",
            "side_b_name",
            "type",
            "status",
            "label",
            "length",
            "length_unit",
        ),
        rows=[*_data(plan), *_power(plan)],
    )


def _data(plan: SitePlan) -> Iterator[tuple[Cell, ...]]:
    for link in plan.links:
        yield (
            link.a.device,
            _INTERFACE,
            link.a.port,
            link.b.device,
            _INTERFACE,
            link.b.port,
            _MEDIA.get(link.medium, ""),
            "planned",
            link.piece,
            number(link.length_m),
            "m",
        )


def _power(plan: SitePlan) -> Iterator[tuple[Cell, ...]]:
    for device in list_devices(plan):
        for supply in device.power_supplies:
            yield (
                device.name,
                _POWER_PORT,
                supply.name,
                supply.pdu,
                _OUTLET,
                str(supply.outlet),
                "power",
                "planned",
                "",
                "",
                "",
            )
