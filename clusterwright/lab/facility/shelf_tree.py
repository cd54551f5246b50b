"""The resources of a power shelf."""

from functools import partial
from typing import TYPE_CHECKING

from clusterwright.lab.facility import controller
from clusterwright.lab.facility.fragments import healthy, link, status
from clusterwright.lab.facility.identity import Identity, serial_of
from clusterwright.lab.facility.sensors import add_sensor
from clusterwright.lab.facility.tree import ROOT, Body

if TYPE_CHECKING:
    from clusterwright.lab.facility.shelf import Shelf

EQUIPMENT = f"{ROOT}/PowerEquipment"
SHELF = f"{EQUIPMENT}/PowerShelves/1"
CHASSIS = f"{ROOT}/Chassis/Shelf"
SUBSYSTEM = f"{CHASSIS}/PowerSubsystem"


def place(shelf: "Shelf") -> None:
    """Place everything that this controller shows."""
    tree, identity = shelf.tree, _identity(shelf)
    controller.add_controller(shelf.service, identity, shelf.parts)
    controller.chassis(
        tree,
        identity,
        lambda: status(shelf.health),
        PowerSubsystem=link(SUBSYSTEM),
    )
    watts = add_sensor(
        tree,
        f"{CHASSIS}/Sensors/ShelfPower",
        "Power",
        shelf.meter.shown(lambda: shelf.output_watts),
    )
    energy = add_sensor(
        tree,
        f"{CHASSIS}/Sensors/ShelfEnergy",
        "EnergykWh",
        lambda: shelf.meter.energy_kwh(shelf.output_watts),
    )
    tree.add(EQUIPMENT, _equipment())
    tree.add_collection(f"{EQUIPMENT}/PowerShelves", "PowerDistribution", "Power Shelves")
    constant = _shelf(identity)

    def shown() -> Body:
        return {
            **constant,
            "FirmwareVersion": shelf.parts.firmware.version("PSC"),
            "Status": status(shelf.health),
        }

    tree.add(SHELF, shown)
    tree.add(f"{SHELF}/Metrics", lambda: {**_METRICS, "PowerWatts": watts(), "EnergykWh": energy()})
    _add_subsystem(shelf)


def _add_subsystem(shelf: "Shelf") -> None:
    constant = {
        "@odata.type": "#PowerSubsystem.v1_1_3.PowerSubsystem",
        "Id": "PowerSubsystem",
        "Name": "Power Subsystem",
        "CapacityWatts": shelf.planned.capacity_watts,
        "PowerSupplies": link(f"{SUBSYSTEM}/PowerSupplies"),
    }

    def shown() -> Body:
        health = status(shelf.health)
        return {**constant, "Status": health, "PowerSupplyRedundancy": [_redundancy(shelf)]}

    shelf.tree.add(SUBSYSTEM, shown)
    path = f"{SUBSYSTEM}/PowerSupplies"
    shelf.tree.add_collection(path, "PowerSupply", "Power Supplies")
    for name in shelf.supplies:
        _add_supply(shelf, name)


def _add_supply(shelf: "Shelf", name: str) -> None:
    path = f"{SUBSYSTEM}/PowerSupplies/{name}"
    output = add_sensor(
        shelf.tree,
        f"{CHASSIS}/Sensors/Power{name}",
        "Power",
        shelf.meter.shown(partial(shelf.supply_watts, name)),
    )
    constant = {
        "@odata.type": "#PowerSupply.v1_6_0.PowerSupply",
        "Id": name,
        "Name": f"Rectifier {name}",
        "PowerSupplyType": "AC",
        "SerialNumber": f"EMU-{shelf.planned.name}-{name}".upper(),
        "PowerCapacityWatts": shelf.model.supplies.capacity_watts,
        "OutputNominalVoltageType": "DC48V",
        "HotPluggable": True,
        "Metrics": link(f"{path}/Metrics"),
    }

    def shown() -> Body:
        failed = name in shelf.failed_supplies
        return {**constant, "Status": status("Critical" if failed else "OK")}

    shelf.tree.add(path, shown)
    metrics = {
        "@odata.type": "#PowerSupplyMetrics.v1_2_0.PowerSupplyMetrics",
        "Id": "Metrics",
        "Name": f"Metrics of {name}",
    }
    shelf.tree.add(f"{path}/Metrics", lambda: {**metrics, "OutputPowerWatts": output()})


def _redundancy(shelf: "Shelf") -> Body:
    return {
        "RedundancyType": "NPlusM",
        "MinNeededInGroup": shelf.model.supplies.needed,
        "MaxSupportedInGroup": len(shelf.supplies),
        "RedundancyGroup": [link(f"{SUBSYSTEM}/PowerSupplies/{name}") for name in shelf.supplies],
        "Status": status(shelf.health),
    }


def _identity(shelf: "Shelf") -> Identity:
    planned = shelf.planned
    return Identity(
        name=planned.controller.name,
        address=str(planned.controller.address),
        manager="PSC",
        chassis="Shelf",
        manufacturer=shelf.model.manufacturer or "Clusterwright lab",
        model=planned.model,
        serial=serial_of(planned.name, shelf.service.machine),
        rack=planned.mount.rack,
        services=("PowerEquipment",),
        chassis_links={"PowerDistribution": link(SHELF)},
    )


def _equipment() -> Body:
    return {
        "@odata.type": "#PowerEquipment.v1_2_3.PowerEquipment",
        "Id": "PowerEquipment",
        "Name": "Power Equipment",
        "Status": healthy(),
        "PowerShelves": link(f"{EQUIPMENT}/PowerShelves"),
    }


def _shelf(identity: Identity) -> Body:
    return {
        "@odata.type": "#PowerDistribution.v1_6_0.PowerDistribution",
        "Id": "1",
        "Name": identity.name,
        "EquipmentType": "PowerShelf",
        "Manufacturer": identity.manufacturer,
        "Model": identity.model,
        "SerialNumber": identity.serial,
        "UUID": identity.uuid,
        "Location": {"Placement": {"Rack": identity.rack}},
        "Metrics": link(f"{SHELF}/Metrics"),
        "Links": {"Chassis": [link(CHASSIS)]},
    }


_METRICS = {
    "@odata.type": "#PowerDistributionMetrics.v1_4_0.PowerDistributionMetrics",
    "Id": "Metrics",
    "Name": "Metrics",
}
