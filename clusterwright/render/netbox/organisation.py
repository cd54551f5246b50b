"""Manufacturers, roles, the site."""

import re
from collections.abc import Iterator

from clusterwright.design.plan import SitePlan
from clusterwright.render.devices import Device, list_devices
from clusterwright.render.table.table import Table

GENERIC = "Generic"
"""Who makes what the catalogue describes without a maker."""
PDU_ROLE = "PDU"
_COLOURS = {"node": "2f5d8c", "management": "454b53", "cdu": "2a8fbd", PDU_ROLE: "8c3f3f"}
_SWITCH = "1b7f79"


def slug(name: str) -> str:
    """Return the form of a name that NetBox has in its addresses."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def role_of(device: Device) -> str:
    """Name the role of a device: that of a switch says in which network it is.

    A pool is no role: nodes move from one to another.
    """
    return f"{device.use} {device.role}" if device.use.endswith(" network") else device.role


def manufacturer_table(plan: SitePlan) -> Table:
    """Return who made the racks and the devices."""
    names = sorted({model.manufacturer or GENERIC for model in plan.models})
    return Table(
        name="manufacturers", columns=("name", "slug"), rows=[(name, slug(name)) for name in names]
    )


def role_table(plan: SitePlan) -> Table:
    """Return a role for each purpose of devices."""
    rows = [(name, slug(name), colour, "false") for name, colour in sorted(set(_roles(plan)))]
    return Table(name="device-roles", columns=("name", "slug", "color", "vm_role"), rows=rows)


def _roles(plan: SitePlan) -> Iterator[tuple[str, str]]:
    for device in list_devices(plan):
        yield role_of(device), _COLOURS.get(device.role, _SWITCH)
    for standing in plan.equipment:
        yield standing.kind.replace("-", " "), _COLOURS.get(standing.kind, _SWITCH)
    if plan.pdus:
        yield PDU_ROLE, _COLOURS[PDU_ROLE]


def site_table(plan: SitePlan) -> Table:
    """Return the one site."""
    row = (plan.site, slug(plan.site), "planned")
    return Table(name="sites", columns=("name", "slug", "status"), rows=[row])
