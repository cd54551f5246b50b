"""The controller itself as a resource: its clock, its network, its log, its restart."""

from clusterwright.lab.facility.checks import one_of, text
from clusterwright.lab.facility.clock import now, offset_of
from clusterwright.lab.facility.firmware import MANAGER, Firmware
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.identity import Identity, mac_of
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.network_protocol import add_interface, add_network_protocol
from clusterwright.lab.facility.parts import Parts
from clusterwright.lab.facility.service import Service
from clusterwright.lab.facility.tree import ROOT, Action, Body, RefusalError, Reply, Writable

_RESETS = ("GracefulRestart", "ForceRestart")


def add_manager(service: Service, identity: Identity, parts: Parts, **more: object) -> None:
    """Place the manager; `more` is what this one has besides."""
    tree, memory, path = service.tree, service.memory, identity.manager_path
    tree.add_collection(f"{ROOT}/Managers", "Manager", "Managers")
    mac = mac_of(identity.serial, 0)
    constant = {
        **_manager(identity),
        "Actions": _reset_action(service, path, parts.firmware),
        "NetworkProtocol": add_network_protocol(tree, f"{path}/NetworkProtocol", memory),
        "EthernetInterfaces": add_interface(
            tree, f"{path}/EthernetInterfaces", memory, address=identity.address, mac=mac
        ),
        "LogServices": service.journal.place(tree, f"{path}/LogServices", "Log"),
        **more,
    }

    def shown() -> Body:
        return {
            **constant,
            "FirmwareVersion": parts.firmware.version(parts.manager_firmware),
            "DateTime": now(memory.state.time_offset_s),
            "DateTimeLocalOffset": memory.state.utc_offset,
        }

    tree.add(path, shown, writable=_clock_writes(service))


def _clock_writes(service: Service) -> dict[str, Writable]:
    memory = service.memory

    def set_time(given: str) -> None:
        if memory.state.ntp_enabled:
            raise RefusalError(400, message("PropertyNotWritable", "DateTime", about="#/DateTime"))
        memory.update(time_offset_s=offset_of(given))

    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return {
        "DateTime": Writable(check=text(pattern), write=set_time),
        "DateTimeLocalOffset": Writable(
            check=text(r"[+-]\d\d:\d\d"), write=lambda given: memory.update(utc_offset=given)
        ),
    }


def _reset_action(service: Service, path: str, firmware: Firmware) -> Body:
    async def restart(_: Body) -> Reply:
        # It restarts between two requests, and forgets who was logged in.
        service.sessions.end_all()
        firmware.activate(MANAGER)
        return Reply()

    reset = Action(name="Manager.Reset", run=restart, parameters={"ResetType": one_of(*_RESETS)})
    actions = service.tree.add_action(path, reset)
    actions["#Manager.Reset"]["ResetType@Redfish.AllowableValues"] = list(_RESETS)
    return actions


def _manager(identity: Identity) -> Body:
    chassis = link(f"{ROOT}/Chassis/{identity.chassis}")
    return {
        "@odata.type": "#Manager.v1_24_0.Manager",
        "Id": identity.manager,
        "Name": "Management Controller",
        "ManagerType": "BMC" if identity.manager.endswith("BMC") else "ManagementController",
        "Model": "Emulated controller",
        "SerialNumber": f"{identity.serial}-MC",
        "UUID": identity.uuid,
        "ServiceEntryPointUUID": identity.uuid,
        "PowerState": "On",
        "Status": healthy(),
        "Links": {
            "ManagerForChassis": [chassis],
            "ManagerInChassis": chassis,
            **identity.manager_links,
        },
    }
