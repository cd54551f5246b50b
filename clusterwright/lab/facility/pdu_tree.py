"""The constant parts of a rack PDU's resources."""

from clusterwright.design.plan import Pdu
from clusterwright.lab.facility.controller import Identity
from clusterwright.lab.facility.tree import ROOT, Body, healthy, link

PDU = f"{ROOT}/PowerEquipment/RackPDUs/1"
CHASSIS = "PDU"
OUTLETS_PER_BRANCH = 8


def branch(outlet: int) -> str:
    return chr(ord("A") + (outlet - 1) // OUTLETS_PER_BRANCH)


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


def outlet(outlet: int, consumers: list[str]) -> Body:
    return {
        "@odata.type": "#Outlet.v1_4_4.Outlet",
        "Id": str(outlet),
        "Name": f"Outlet {outlet}",
        "Status": healthy(),
        "OutletType": "IEC_60320_C19",
        "VoltageType": "AC",
        "NominalVoltage": "AC230V",
        "ElectricalConsumerNames": consumers,
        "Links": {"BranchCircuit": link(f"{PDU}/Branches/{branch(outlet)}")},
    }
