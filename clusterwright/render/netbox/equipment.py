"""Racks, device types, devices."""

from collections.abc import Iterator

from clusterwright.design.plan import SitePlan
from clusterwright.render.csv_text import Cell
from clusterwright.render.devices import PANEL, list_devices
from clusterwright.render.netbox.organisation import GENERIC, PDU_ROLE, role_of, slug
from clusterwright.render.table.table import Table


def rack_table(plan: SitePlan) -> Table:
    """Return a row per rack, with its outer measures."""
    return Table(
        name="racks",
        columns=(
            "site",
            "name",
            "status",
            "width",
            "u_height",
            "outer_width",
            "outer_depth",
            "outer_unit",
            "description",
        ),
        rows=[
            (
                plan.site,
                rack.name,
                "planned",
                19,
                rack.height_units,
                rack.width_mm,
                rack.depth_mm,
                "mm",
                f"{rack.model}; {rack.row}, place {rack.place + 1}, front {rack.front}",
            )
            for rack in plan.racks
        ],
    )


def device_type_table(plan: SitePlan) -> Table:
    """Return the models that are devices; they bring no ports: those are imported by device."""
    return Table(
        name="device-types",
        columns=(
            "manufacturer",
            "model",
            "slug",
            "part_number",
            "u_height",
            "is_full_depth",
            "description",
        ),
        rows=[*_types(plan)],
    )


def _types(plan: SitePlan) -> Iterator[tuple[Cell, ...]]:
    for model in plan.models:
        if model.kind != "racks":
            yield (
                model.manufacturer or GENERIC,
                model.name,
                slug(model.name),
                model.part_number,
                model.height_units,
                "true",
                model.title,
            )
    if plan.panels:
        height = max(panel.mount.height_units for panel in plan.panels)
        yield GENERIC, PANEL, PANEL, "", height, "false", "Patch panel"


def device_table(plan: SitePlan) -> Table:
    """Return a row per device: mounted ones with unit and face, PDUs without."""
    return Table(
        name="devices",
        columns=(
            "name",
            "role",
            "manufacturer",
            "device_type",
            "status",
            "site",
            "rack",
            "position",
            "face",
            "description",
        ),
        rows=list(_devices(plan)),
    )


def _devices(plan: SitePlan) -> Iterator[tuple[Cell, ...]]:
    makers = {model.name: model.manufacturer or GENERIC for model in plan.models}
    for one in list_devices(plan):
        yield (
            one.name,
            role_of(one),
            makers.get(one.model, GENERIC),
            one.model,
            "planned",
            plan.site,
            one.mount.rack,
            one.mount.lowest_unit,
            one.mount.face,
            one.about,
        )
    for pdu in plan.pdus:
        yield (
            pdu.name,
            PDU_ROLE,
            makers.get(pdu.model, GENERIC),
            pdu.model,
            "planned",
            plan.site,
            pdu.rack,
            None,
            None,
            f"feed {pdu.feed}",
        )
    for standing in plan.equipment:
        if standing.floor:
            yield (
                standing.name,
                standing.kind,
                makers.get(standing.model, GENERIC),
                standing.model,
                "planned",
                plan.site,
                None,
                None,
                None,
                f"{standing.floor.row}, place {standing.floor.place + 1}",
            )
