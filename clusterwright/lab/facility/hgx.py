"""The management controller of an HGX baseboard, which a host's BMC shows beside itself."""

from clusterwright.lab.facility.checks import one_of
from clusterwright.lab.facility.clock import now
from clusterwright.lab.facility.firmware import AUX, Component, Firmware
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.tree import ROOT, Action, Body, Reply, Tree

PATH = f"{ROOT}/Managers/HGX_BMC_0"
NAME = "HGX_FW_BMC_0"
COMPONENT = Component(name=NAME, activation=AUX, factory="25.01.1", related=PATH)


def add_hgx_manager(tree: Tree, firmware: Firmware, *, system: str, chassis: str) -> None:
    """Place it; its own image runs only after its standby power was gone."""

    async def restart(_: Body) -> Reply:
        return Reply()

    reset = Action(
        name="Manager.Reset", run=restart, parameters={"ResetType": one_of("ForceRestart")}
    )
    constant = {
        "@odata.type": "#Manager.v1_24_0.Manager",
        "Id": "HGX_BMC_0",
        "Name": "HGX Management Controller",
        "ManagerType": "ManagementController",
        "Model": "Emulated HGX management controller",
        "PowerState": "On",
        "Status": healthy(),
        "DateTimeLocalOffset": "+00:00",
        "Actions": tree.add_action(PATH, reset),
        "Links": {
            "ManagerForServers": [link(system)],
            "ManagerForChassis": [link(chassis)],
            "ManagerInChassis": link(chassis),
        },
    }
    tree.add(
        PATH,
        lambda: {**constant, "FirmwareVersion": firmware.version(NAME), "DateTime": now()},
    )
