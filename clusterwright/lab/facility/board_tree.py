"""The resources of the controller of a board: what it is on, and the GPUs of an HGX board."""

from typing import TYPE_CHECKING

from clusterwright.lab.facility import controller
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.identity import Identity
from clusterwright.lab.facility.processors import add_gpus
from clusterwright.lab.facility.tree import ROOT, Body

if TYPE_CHECKING:
    from clusterwright.lab.facility.board_controller import BoardController


def place(one: "BoardController") -> None:
    """Place everything that this controller shows."""
    board, tree = one.board, one.tree
    system, chassis = f"{ROOT}/Systems/{board.system}", f"{ROOT}/Chassis/{board.chassis}"
    identity = _identity(one, system)
    controller.add_controller(one.service, identity, one.parts)
    controller.chassis(tree, identity, healthy)
    tree.add_collection(f"{ROOT}/Systems", "ComputerSystem", "Systems")
    tree.add_collection(f"{system}/Processors", "Processor", "Processors")
    if one.kind == "hgx":
        bmc = one.bmc
        add_gpus(tree, system, bmc.node.gpus, bmc.heat, bmc.identity.serial)
    constant = _system(identity, system, chassis)
    tree.add(system, lambda: {**constant, "PowerState": "On" if one.bmc.power.is_on else "Off"})


def _identity(one: "BoardController", system: str) -> Identity:
    return Identity(
        name=one.controller.name,
        address=str(one.controller.address),
        manager=one.board.manager,
        chassis=one.board.chassis,
        manufacturer="NVIDIA",
        model=one.board.title,
        serial=one.bmc.identity.serial
        + one.controller.name.removeprefix(one.bmc.node.name).upper(),
        rack=one.bmc.node.mount.rack,
        services=("Systems",),
        chassis_links={"ComputerSystems": [link(system)]},
        manager_links={"ManagerForServers": [link(system)]},
    )


def _system(identity: Identity, path: str, chassis: str) -> Body:
    return {
        "@odata.type": "#ComputerSystem.v1_27_0.ComputerSystem",
        "Id": path.rpartition("/")[2],
        "Name": identity.name,
        "SystemType": "Physical",
        "Manufacturer": identity.manufacturer,
        "Model": identity.model,
        "SerialNumber": identity.serial,
        "UUID": identity.uuid,
        "Status": healthy(),
        "Processors": link(f"{path}/Processors"),
        "Links": {"Chassis": [link(chassis)], "ManagedBy": [link(identity.manager_path)]},
    }
