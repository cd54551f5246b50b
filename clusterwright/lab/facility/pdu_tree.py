"""The resources of a rack PDU."""

from typing import TYPE_CHECKING

from clusterwright.lab.facility import controller, pdu_circuits, pdu_outlets
from clusterwright.lab.facility.fragments import healthy, link, status
from clusterwright.lab.facility.identity import Identity, serial_of
from clusterwright.lab.facility.sensors import add_sensor
from clusterwright.lab.facility.tree import ROOT, Body

if TYPE_CHECKING:
    from clusterwright.lab.facility.pdu import Pdu

EQUIPMENT = f"{ROOT}/PowerEquipment"
PDU = f"{EQUIPMENT}/RackPDUs/1"
CHASSIS = f"{ROOT}/Chassis/PDU"


def place(pdu: "Pdu") -> None:
    """Place everything that this controller shows."""
    tree, identity = pdu.tree, _identity(pdu)
    controller.add_controller(pdu.service, identity, pdu.parts)
    controller.chassis(tree, identity, lambda: status(_health(pdu)))
    watts = add_sensor(
        tree,
        f"{CHASSIS}/Sensors/PDUPower",
        "Power",
        pdu.meter.shown(lambda: pdu.watts_of(pdu.outlets)),
    )
    energy = add_sensor(
        tree,
        f"{CHASSIS}/Sensors/PDUEnergy",
        "EnergykWh",
        lambda: pdu.meter.energy_kwh(pdu.watts_of(pdu.outlets)),
    )
    tree.add(EQUIPMENT, _equipment())
    tree.add_collection(f"{EQUIPMENT}/RackPDUs", "PowerDistribution", "Rack PDUs")
    constant = _distribution(identity, pdu)

    def shown() -> Body:
        version = pdu.parts.firmware.version("PDU")
        return {**constant, "FirmwareVersion": version, "Status": status(_health(pdu))}

    tree.add(PDU, shown)
    tree.add(f"{PDU}/Metrics", lambda: {**_METRICS, "PowerWatts": watts(), "EnergykWh": energy()})
    pdu_circuits.add_circuits(pdu, PDU, CHASSIS)
    pdu_outlets.add_outlets(pdu, PDU, CHASSIS)


def _health(pdu: "Pdu") -> str:
    return "OK" if pdu.feed_live and not pdu.memory.state.tripped else "Critical"


def _identity(pdu: "Pdu") -> Identity:
    planned = pdu.pdu
    return Identity(
        name=planned.controller.name,
        address=str(planned.controller.address),
        manager="PDU",
        chassis="PDU",
        manufacturer=(pdu.model and pdu.model.manufacturer) or "Clusterwright lab",
        model=planned.model,
        serial=serial_of(planned.name, pdu.service.machine),
        rack=planned.rack,
        services=("PowerEquipment",),
        chassis_links={"PowerDistribution": link(PDU)},
    )


def _equipment() -> Body:
    return {
        "@odata.type": "#PowerEquipment.v1_2_3.PowerEquipment",
        "Id": "PowerEquipment",
        "Name": "Power Equipment",
        "Status": healthy(),
        "RackPDUs": link(f"{EQUIPMENT}/RackPDUs"),
    }


def _distribution(identity: Identity, pdu: "Pdu") -> Body:
    rated_va = pdu.model.rated_va if pdu.model else None
    return {
        "@odata.type": "#PowerDistribution.v1_6_0.PowerDistribution",
        "Id": "1",
        "Name": identity.name,
        "EquipmentType": "RackPDU",
        "Manufacturer": identity.manufacturer,
        "Model": identity.model,
        "SerialNumber": identity.serial,
        "UUID": identity.uuid,
        "Location": {"Placement": {"Rack": identity.rack}},
        **({"PowerCapacityVA": rated_va} if rated_va else {}),
        "Mains": link(f"{PDU}/Mains"),
        "Branches": link(f"{PDU}/Branches"),
        "Outlets": link(f"{PDU}/Outlets"),
        "Metrics": link(f"{PDU}/Metrics"),
        "Links": {"Chassis": [link(CHASSIS)]},
    }


_METRICS = {
    "@odata.type": "#PowerDistributionMetrics.v1_4_0.PowerDistributionMetrics",
    "Id": "Metrics",
    "Name": "Metrics",
}
