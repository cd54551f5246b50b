"""A node's BMC: ComputerSystem, its processors and boot override, its chassis."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from clusterwright.catalogue.entry import Server as ServerModel
from clusterwright.design.plan import Node, PowerSupply, Scalar
from clusterwright.lab.facility import bios, controller, node_cooling, power_supplies
from clusterwright.lab.facility.controller import Identity
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.node_memory import NodeMemory
from clusterwright.lab.facility.node_power import RESETS, HostPower, NodePower, Server
from clusterwright.lab.facility.processors import CPU_MODEL, add_processors
from clusterwright.lab.facility.sessions import Sessions
from clusterwright.lab.facility.tasks import Tasks
from clusterwright.lab.facility.thermal import LOAD, STANDBY_WATTS, Coolant
from clusterwright.lab.facility.tree import (
    ROOT,
    Action,
    Body,
    Tree,
    Writable,
    healthy,
    link,
    one_of,
)

SYSTEM = f"{ROOT}/Systems/1"
CHASSIS = "1"
TARGETS = ("None", "Pxe", "Hdd", "Cd", "Usb", "UefiHttp", "BiosSetup")
MODES = ("UEFI", "Legacy")
ENABLED = ("Disabled", "Once", "Continuous")
FULL_WATTS = 10_200
"""Where the catalogue gives no figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a server is, what boots its host, whether a supply has input, what cools it."""

    model: ServerModel
    hosts: HostPower
    line_input: Callable[[PowerSupply], bool]
    coolant: Callable[[], Coolant]
    post_s: float


class Bmc:
    """One emulated BMC and the server it controls."""

    def __init__(
        self, node: Node, around: Surroundings, memory: Memory[NodeMemory], login: tuple[str, str]
    ) -> None:
        self.node, self._around, self.memory = node, around, memory
        attributes = bios.attributes_of(node.bios)
        defaults = bios.factory_values(attributes)
        memory.state = _with_bios(memory.state, defaults)
        self.tree = Tree()
        self.sessions = Sessions(self.tree, *login)
        self.tasks = Tasks(self.tree)
        self.power = NodePower(
            Server(
                name=node.name,
                hosts=around.hosts,
                post_s=around.post_s,
                enough_supplies=lambda: self.live_supplies >= node.power_supplies_needed,
            ),
            memory,
            self.tasks,
        )
        self._place(attributes, login[0])

    @property
    def live_supplies(self) -> int:
        """How many power supplies have line input."""
        return sum(self._around.line_input(supply) for supply in self.node.power_supplies)

    @property
    def power_watts(self) -> float:
        """What the server draws now, over all its supplies."""
        if not self.live_supplies:
            return 0.0
        return LOAD * self._full_watts if self.power.is_on else STANDBY_WATTS

    @property
    def heat_watts(self) -> float:
        """How much heat goes into what cools its GPUs, liquid or air."""
        liquid = self._around.model.liquid_watts
        return self.power_watts * (liquid / self._full_watts if liquid else 1.0)

    @property
    def _full_watts(self) -> int:
        return self._around.model.power_max_watts or FULL_WATTS

    async def close(self) -> None:
        """End what is under way; the host stays as it is."""
        await self.power.close()
        await self.tasks.close()

    def _place(self, attributes: tuple[bios.Attribute, ...], username: str) -> None:
        identity = _identity(self.node, self._around.model)
        controller.add_controller(self.tree, identity, username)
        chassis = controller.chassis(
            self.tree,
            identity,
            PowerSubsystem=link(f"{ROOT}/Chassis/{CHASSIS}/PowerSubsystem"),
            ThermalSubsystem=link(f"{ROOT}/Chassis/{CHASSIS}/ThermalSubsystem"),
            EnvironmentMetrics=link(f"{ROOT}/Chassis/{CHASSIS}/EnvironmentMetrics"),
        )
        power_supplies.add_power(self.tree, chassis, self.node, self._around.line_input, self)
        node_cooling.add_cooling(self.tree, chassis, self.node, self._around.coolant, self)
        self.tree.add_collection(f"{ROOT}/Systems", "ComputerSystem", "Systems")
        link_to_bios = bios.add_bios(
            self.tree,
            SYSTEM,
            server=self.node.server,
            attributes=attributes,
            memory=self.memory,
        )
        self._add_system(identity, link_to_bios)
        add_processors(self.tree, SYSTEM, self.node.gpus)

    def _add_system(self, identity: Identity, link_to_bios: Body) -> None:
        reset = Action(
            name="ComputerSystem.Reset",
            run=self.power.reset,
            parameters={"ResetType": one_of(*RESETS)},
            required=frozenset({"ResetType"}),
        )
        actions = self.tree.add_action(SYSTEM, reset)
        actions["#ComputerSystem.Reset"]["ResetType@Redfish.AllowableValues"] = list(RESETS)
        constant = {**_constant(self.node, identity), "Bios": link_to_bios, "Actions": actions}
        self.tree.add(SYSTEM, lambda: {**constant, **self._variable()}, writable=self._writable())

    def _variable(self) -> Body:
        state, on = self.memory.state, self.power.is_on
        health = healthy() if on else {"State": "Disabled", "Health": "OK"}
        return {
            "PowerState": "On" if on else "Off",
            "Status": health,
            "PowerRestorePolicy": state.restore_policy,
            "BootProgress": {"LastState": self.power.progress if on else "None"},
            **({"LastResetTime": state.last_reset_at} if state.last_reset_at else {}),
            "Boot": {
                "BootSourceOverrideTarget": state.boot_target,
                "BootSourceOverrideTarget@Redfish.AllowableValues": list(TARGETS),
                "BootSourceOverrideEnabled": state.boot_enabled,
                "BootSourceOverrideEnabled@Redfish.AllowableValues": list(ENABLED),
                "BootSourceOverrideMode": state.boot_mode,
                "BootSourceOverrideMode@Redfish.AllowableValues": list(MODES),
            },
        }

    def _writable(self) -> Mapping[str, Writable]:
        def field(name: str, *values: str) -> Writable:
            return Writable(
                check=one_of(*values), write=lambda value: self.memory.update(**{name: value})
            )

        return {
            "Boot/BootSourceOverrideTarget": field("boot_target", *TARGETS),
            "Boot/BootSourceOverrideEnabled": field("boot_enabled", *ENABLED),
            "Boot/BootSourceOverrideMode": field("boot_mode", *MODES),
            "PowerRestorePolicy": Writable(
                check=one_of(*bios.RESTORE_POLICIES),
                write=lambda policy: bios.set_restore_policy(self.memory, policy),
            ),
        }


def _with_bios(state: NodeMemory, defaults: Mapping[str, Scalar]) -> NodeMemory:
    return replace(state, bios={**defaults, **state.bios})


def _identity(node: Node, model: ServerModel) -> Identity:
    return Identity(
        name=node.controller.name,
        manager="BMC",
        chassis=CHASSIS,
        manufacturer=model.manufacturer,
        model=node.server,
        serial=f"EMU-{node.name}".upper(),
        rack=node.mount.rack,
        services=("Systems",),
        registries=(bios.registry_name(node.server),),
        chassis_links={"ComputerSystems": [link(SYSTEM)]},
        manager_links={"ManagerForServers": [link(SYSTEM)]},
    )


def _constant(node: Node, identity: Identity) -> Body:
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
        "BiosVersion": "1.0.0",
        "ProcessorSummary": {"Count": 2, "Model": CPU_MODEL},
        "Processors": link(f"{SYSTEM}/Processors"),
        "Links": {
            "Chassis": [link(f"{ROOT}/Chassis/{CHASSIS}")],
            "ManagedBy": [link(f"{ROOT}/Managers/BMC")],
        },
    }
