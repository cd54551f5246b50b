"""The constant parts of a rack PDU's resources."""

from collections.abc import Mapping

from clusterwright.design.plan import OutletBank, Pdu
from clusterwright.lab.facility.controller import Identity
from clusterwright.lab.facility.tree import ROOT, Body, healthy, link

PDU = f"{ROOT}/PowerEquipment/RackPDUs/1"
CHASSIS = "PDU"
OUTLETS_PER_BRANCH = 8
"""Where the plan does not know the branches."""


def bank_of(pdu: Pdu, outlet: int) -> OutletBank | None:
    """Return what the plan knows of an outlet."""
    return next((b for b in pdu.banks if b.first <= outlet < b.first + b.count), None)


def branches(pdu: Pdu) -> Mapping[str, list[int]]:
    """Return the outlets of each branch: as planned, else eight by eight."""
    found: dict[str, list[int]] = {}
    for outlet in range(1, pdu.outlet_count + 1):
        found.setdefault(branch(pdu, outlet), []).append(outlet)
    return found


def branch(pdu: Pdu, outlet: int) -> str:
    bank = bank_of(pdu, outlet)
    if bank and bank.branch:
        return bank.branch
    return chr(ord("A") + (outlet - 1) // OUTLETS_PER_BRANCH)


def nominal_voltage(pdu: Pdu) -> str:
    """Return the volts of the outlets in Redfish's words."""
    return f"AC{pdu.outlet_volts}V" if pdu.outlet_volts in {120, 208, 230, 240} else "AC230V"


def identity(pdu: Pdu) -> Identity:
    return Identity(
        name=pdu.controller.name,
        manager="PDU",
        chassis=CHASSIS,
        manufacturer="Clusterwright lab",
        model=pdu.model,
        serial=f"EMU-{pdu.name}".upper(),
        rack=pdu.rack,
        services=("PowerEquipment",),
        chassis_links={"PowerDistribution": link(PDU)},
    )


def equipment() -> Body:
    return {
        "@odata.type": "#PowerEquipment.v1_2_3.PowerEquipment",
        "Id": "PowerEquipment",
        "Name": "Power Equipment",
        "Status": healthy(),
        "RackPDUs": link(f"{ROOT}/PowerEquipment/RackPDUs"),
    }


def distribution(identity: Identity) -> Body:
    return {
        "@odata.type": "#PowerDistribution.v1_6_0.PowerDistribution",
        "Id": "1",
        "Name": identity.name,
        "EquipmentType": "RackPDU",
        "Manufacturer": identity.manufacturer,
        "Model": identity.model,
        "SerialNumber": identity.serial,
        "UUID": identity.uuid,
        "FirmwareVersion": "1.0.0",
        "Status": healthy(),
        "Location": {"Placement": {"Rack": identity.rack}},
        "Mains": link(f"{PDU}/Mains"),
        "Branches": link(f"{PDU}/Branches"),
        "Outlets": link(f"{PDU}/Outlets"),
        "Metrics": link(f"{PDU}/Metrics"),
        "Links": {"Chassis": [link(f"{ROOT}/Chassis/{CHASSIS}")]},
    }


def metrics(total: Body) -> Body:
    return {
        "@odata.type": "#PowerDistributionMetrics.v1_4_0.PowerDistributionMetrics",
        "Id": "Metrics",
        "Name": "Metrics",
        "PowerWatts": total,
    }


def outlet(pdu: Pdu, outlet: int, consumers: list[str]) -> Body:
    bank = bank_of(pdu, outlet)
    kind = bank.type if bank and bank.type else "C19"
    return {
        "@odata.type": "#Outlet.v1_4_4.Outlet",
        "Id": str(outlet),
        "Name": f"Outlet {outlet}",
        "Status": healthy(),
        "OutletType": f"IEC_60320_{kind}",
        "VoltageType": "AC",
        "NominalVoltage": nominal_voltage(pdu),
        "ElectricalConsumerNames": consumers,
        "Links": {"BranchCircuit": link(f"{PDU}/Branches/{branch(pdu, outlet)}")},
    }
