"""What a lab's servers were delivered as: what an intake of their manifest would record."""

from clusterwright.catalogue import Catalogue
from clusterwright.design.plan import Node, SitePlan
from clusterwright.lab.facility.identity import guid_of, mac_of, serial_of
from clusterwright.lab.facility.network_adapters import nics_of
from clusterwright.model.record import CONTROLLER, DeviceRecord, Record

SOURCE = "the lab"


def record_of(plan: SitePlan, catalogue: Catalogue) -> Record:
    """Return the serial number and the addresses of every GPU server."""
    return Record(devices={node.name: _device(node, catalogue) for node in plan.nodes})


def _device(node: Node, catalogue: Catalogue) -> DeviceRecord:
    serial, nics = serial_of(node.name), nics_of(catalogue.servers[node.server])
    macs = {nic.name: mac_of(serial, nic.number).lower() for nic in nics if not nic.infiniband}
    guids = {nic.name: guid_of(serial, nic.number).lower() for nic in nics if nic.infiniband}
    return DeviceRecord(
        serial=serial,
        model=node.server,
        macs={**macs, CONTROLLER: mac_of(serial, 0).lower()},
        guids=guids,
        source=SOURCE,
    )
