"""What stands where."""

from clusterwright.design.plan import SitePlan
from clusterwright.render.devices import list_devices
from clusterwright.render.table.table import Table


def rack_table(plan: SitePlan) -> Table:
    """Return a row per rack: its place, and how full it is."""
    units: dict[str, int] = {}
    for device in list_devices(plan):
        units[device.mount.rack] = units.get(device.mount.rack, 0) + device.mount.height_units
    return Table(
        name="racks",
        columns=(
            "rack",
            "model",
            "row",
            "place",
            "front",
            "units",
            "units_used",
            "power_kw",
            "power_limit_kw",
            "power_share",
            "to_liquid_kw",
            "to_air_kw",
            "weight_kg",
        ),
        rows=[
            (
                rack.name,
                rack.model,
                rack.row,
                rack.place + 1,
                rack.front,
                rack.height_units,
                units.get(rack.name, 0),
                rack.power_watts / 1000,
                rack.power_limit_watts / 1000,
                round(rack.power_watts / rack.power_limit_watts, 3),
                rack.liquid_watts / 1000,
                rack.air_watts / 1000,
                rack.weight_kg,
            )
            for rack in plan.racks
        ],
    )


def device_table(plan: SitePlan) -> Table:
    """Return a row per device, rack by rack from the floor up."""
    order = {rack.name: place for place, rack in enumerate(plan.racks)}
    devices = sorted(
        list_devices(plan), key=lambda one: (order[one.mount.rack], one.mount.lowest_unit)
    )
    return Table(
        name="devices",
        columns=(
            "rack",
            "lowest_unit",
            "height_units",
            "face",
            "name",
            "role",
            "use",
            "model",
            "address",
            "controller_address",
        ),
        rows=[
            (
                one.mount.rack,
                one.mount.lowest_unit,
                one.mount.height_units,
                one.mount.face,
                one.name,
                one.role,
                one.use,
                one.model,
                str(one.address or ""),
                str(one.controller_address or ""),
            )
            for one in devices
        ],
    )
