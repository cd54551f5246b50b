"""The resources of a node's BMC."""

from typing import TYPE_CHECKING

from clusterwright.lab.facility import bios, controller, hgx, node_cooling, power_supplies
from clusterwright.lab.facility.boot import Boot
from clusterwright.lab.facility.checks import one_of
from clusterwright.lab.facility.firmware import AC, AUX, MANAGER, RESET, Component
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.identity import Identity, serial_of
from clusterwright.lab.facility.network_adapters import add_adapters, add_interfaces, nics_of
from clusterwright.lab.facility.node_power import RESETS
from clusterwright.lab.facility.processors import CPU_MODEL, add_processors
from clusterwright.lab.facility.secure_boot import add_secure_boot
from clusterwright.lab.facility.storage import Storage, drives_of
from clusterwright.lab.facility.tree import ROOT, Action, Body, Writable
from clusterwright.lab.facility.trusted_components import add_tpm
from clusterwright.lab.facility.virtual_media import add_virtual_media

if TYPE_CHECKING:
    from clusterwright.lab.facility.bmc import Bmc

SYSTEM = f"{ROOT}/Systems/1"
CHASSIS = f"{ROOT}/Chassis/1"
MANAGER_PATH = f"{ROOT}/Managers/BMC"
NVSWITCHES = 4


def components_of(bmc: "Bmc") -> tuple[Component, ...]:
    """Return what has firmware of its own in a server, and what makes a new one run."""
    node = bmc.node
    nics = [
        Component(
            name=f"NIC_{nic.name}",
            activation=RESET,
            factory="28.39.1002",
            related=f"{CHASSIS}/NetworkAdapters/{nic.name}",
        )
        for nic in nics_of(bmc.model)
        if nic.model != "ethernet-controller"
    ]
    switches = [
        Component(name=f"NVSwitch{number}", activation=AUX, factory="96.10.5E")
        for number in range(NVSWITCHES if node.gpus.nvswitch else 0)
    ]
    supplies = [
        Component(
            name=supply.name,
            activation=AC,
            factory="1.4",
            related=f"{CHASSIS}/PowerSubsystem/PowerSupplies/{supply.name}",
        )
        for supply in node.power_supplies
    ]
    return (
        Component(name="BIOS", activation=RESET, related=SYSTEM),
        Component(name="BMC", activation=MANAGER, related=MANAGER_PATH),
        *nics,
        *((hgx.COMPONENT,) if node.gpus.nvswitch else ()),
        *switches,
        *supplies,
    )


def identity_of(bmc: "Bmc") -> Identity:
    """Return who a BMC says it is."""
    node = bmc.node
    return Identity(
        name=node.controller.name,
        address=str(node.controller.address),
        manager="BMC",
        chassis="1",
        manufacturer=bmc.model.manufacturer,
        model=node.server,
        serial=serial_of(node.name, bmc.service.machine),
        rack=node.mount.rack,
        services=("Systems",),
        registries=(bios.registry_name(node.server),),
        chassis_links={"ComputerSystems": [link(SYSTEM)]},
        manager_links={"ManagerForServers": [link(SYSTEM)]},
    )


def place(bmc: "Bmc") -> None:
    """Place everything that this controller shows."""
    tree, identity, serial = bmc.tree, bmc.identity, bmc.identity.serial
    controller.add_controller(bmc.service, identity, bmc.parts)
    nics = nics_of(bmc.model)
    tpms, tpm = add_tpm(tree, CHASSIS, SYSTEM, serial)
    controller.chassis(
        tree,
        identity,
        lambda: {"State": "Enabled", "Health": bmc.heat.health},
        PowerSubsystem=link(f"{CHASSIS}/PowerSubsystem"),
        ThermalSubsystem=link(f"{CHASSIS}/ThermalSubsystem"),
        EnvironmentMetrics=link(f"{CHASSIS}/EnvironmentMetrics"),
        Controls=link(f"{CHASSIS}/Controls"),
        NetworkAdapters=add_adapters(tree, CHASSIS, nics, serial),
        TrustedComponents=tpms,
        **({"LeakDetectors": link(f"{CHASSIS}/LeakDetectors")} if bmc.leak else {}),
    )
    power_supplies.add_power(tree, CHASSIS, bmc.node, bmc, serial)
    node_cooling.add_cooling(tree, CHASSIS, bmc)
    tree.add_collection(f"{ROOT}/Systems", "ComputerSystem", "Systems")
    add_processors(tree, SYSTEM, bmc.node.gpus, bmc.heat, serial)
    boot = Boot(SYSTEM, bmc.model, bmc.memory, bmc.service.memory)
    boot.place(tree)
    links = {
        "Bios": bios.add_bios(
            tree, SYSTEM, server=bmc.node.server, attributes=bmc.attributes, memory=bmc.memory
        ),
        "Storage": Storage(f"{SYSTEM}/Storage", bmc.memory, bmc.tasks, lasts_s=bmc.post_s).place(
            tree, drives_of(bmc.model, serial)
        ),
        "VirtualMedia": add_virtual_media(tree, f"{SYSTEM}/VirtualMedia", bmc.memory),
        "SecureBoot": add_secure_boot(tree, SYSTEM, bmc.memory),
        "EthernetInterfaces": add_interfaces(tree, SYSTEM, nics, serial),
        "LogServices": bmc.service.journal.place(tree, f"{SYSTEM}/LogServices", "SEL"),
    }
    if bmc.node.gpus.nvswitch:
        hgx.add_hgx_manager(tree, bmc.parts.firmware, system=SYSTEM, chassis=CHASSIS)
    _add_system(bmc, boot, links, tpm)


def _add_system(bmc: "Bmc", boot: Boot, links: Body, tpm: Body) -> None:
    reset = Action(
        name="ComputerSystem.Reset",
        run=bmc.power.reset,
        parameters={"ResetType": one_of(*RESETS)},
        required=frozenset({"ResetType"}),
    )
    actions = bmc.tree.add_action(SYSTEM, reset)
    actions["#ComputerSystem.Reset"]["ResetType@Redfish.AllowableValues"] = list(RESETS)
    constant = {**_constant(bmc, tpm), **links, "Actions": actions}
    policy = Writable(
        check=one_of(*bios.RESTORE_POLICIES),
        write=lambda value: bios.set_restore_policy(bmc.memory, value),
    )
    bmc.tree.add(
        SYSTEM,
        lambda: {**constant, **_variable(bmc), "Boot": boot.shown()},
        writable={**boot.writable(), "PowerRestorePolicy": policy},
    )


def _variable(bmc: "Bmc") -> Body:
    state, on = bmc.memory.state, bmc.power.is_on
    health = healthy() if on else {"State": "Disabled", "Health": "OK"}
    return {
        "BiosVersion": bmc.parts.firmware.version("BIOS"),
        "PowerState": "On" if on else "Off",
        "Status": health,
        "PowerRestorePolicy": state.restore_policy,
        "BootProgress": {"LastState": bmc.power.progress if on else "None"},
        **({"LastResetTime": state.last_reset_at} if state.last_reset_at else {}),
    }


def _constant(bmc: "Bmc", tpm: Body) -> Body:
    node, identity = bmc.node, bmc.identity
    return {
        "@odata.type": "#ComputerSystem.v1_27_0.ComputerSystem",
        "Id": "1",
        "Name": node.name,
        "HostName": node.name,
        "SystemType": "Physical",
        "Manufacturer": identity.manufacturer,
        "Model": identity.model,
        "SerialNumber": identity.serial,
        "UUID": identity.uuid,
        "ProcessorSummary": {"Count": 2, "Model": CPU_MODEL},
        "MemorySummary": {"TotalSystemMemoryGiB": bmc.model.memory_gib or 2048},
        "Processors": link(f"{SYSTEM}/Processors"),
        "Links": {
            "Chassis": [link(CHASSIS)],
            "ManagedBy": [link(MANAGER_PATH)],
            "TrustedComponents": [tpm],
        },
    }
