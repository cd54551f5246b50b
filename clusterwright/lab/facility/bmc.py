"""A node's BMC and the server it controls: power, heat, and what couples them."""

from collections.abc import Callable
from dataclasses import dataclass

from clusterwright.catalogue.entry import Gpu
from clusterwright.catalogue.entry import Server as ServerModel
from clusterwright.design.plan import Node, PowerSupply
from clusterwright.lab.facility import bios, node_tree
from clusterwright.lab.facility.firmware import AC, AUX, RESET, Firmware
from clusterwright.lab.facility.heat import Heat, limits_of
from clusterwright.lab.facility.leak_detection import LeakDetector
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.node_host import HostPower, Server
from clusterwright.lab.facility.node_memory import NodeMemory, with_bios
from clusterwright.lab.facility.node_power import NodePower
from clusterwright.lab.facility.parts import parts_of
from clusterwright.lab.facility.power_limit import PowerLimit
from clusterwright.lab.facility.secure_boot import take_effect
from clusterwright.lab.facility.settings import Settings
from clusterwright.lab.facility.thermal import LOAD, STANDBY_WATTS, Coolant, gpu_temperature_c

SYSTEM = node_tree.SYSTEM
FULL_WATTS = 10_200
"""Where the catalogue gives no figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a server is, what boots its host, whether a cord has power, what cools it."""

    model: ServerModel
    gpu: Gpu | None
    hosts: HostPower
    line_input: Callable[[PowerSupply], bool]
    coolant: Callable[[], Coolant]


class Bmc:
    """One emulated BMC and its server."""

    kind = "bmc"

    def __init__(self, node: Node, around: Surroundings, settings: Settings) -> None:
        self.node, self.model, self._around = node, around.model, around
        self.controller = node.controller
        self.attributes = bios.attributes_of(node.bios)
        self.memory = Memory(settings.devices / f"{node.name}.json", NodeMemory())
        self.memory.state = with_bios(self.memory.state, bios.factory_values(self.attributes))
        self.service = settings.service(node.controller, node.name, lambda: node_tree.place(self))
        self.tree, self.tasks = self.service.tree, self.service.tasks
        self.identity = node_tree.identity_of(self)
        self.cords = {supply.name: supply for supply in node.power_supplies}
        """Where each supply's cord really goes."""
        self.failed_supplies: set[str] = set()
        self.boards: list[Firmware] = []
        """Of the boards in it that have controllers of their own."""
        self.load = LOAD
        """What it draws when it is on, as a part of its maximum."""
        self.parts = parts_of(
            self.service,
            node_tree.components_of(self),
            model=node.server,
            manager_firmware="BMC",
            delivered=settings.certificate(node.controller)[0],
            transfer_s=settings.post_s,
        )
        self.limit = PowerLimit(self.memory, most_watts=self._full_watts)
        self.power = self._make_power(settings)
        self.heat = Heat(
            limits_of(around.gpu),
            settled_c=self._settled_c,
            clock_s=settings.clock_s,
            lag_s=settings.lag_s,
        )
        self.leak = self._make_leak_detector() if self.model.liquid_watts else None
        self.post_s = settings.post_s
        self._had_input = True
        self._health = "OK"

    @property
    def gpus(self) -> int:
        """How many GPUs it has."""
        return self.node.gpus.count

    @property
    def coolant(self) -> Coolant:
        """What cools it now."""
        return self._around.coolant()

    def has_input(self, supply: PowerSupply) -> bool:
        """Say whether a supply's cord has power."""
        return self._around.line_input(self.cords[supply.name])

    def works(self, supply: PowerSupply) -> bool:
        """Say whether a supply gives what it gets."""
        return supply.name not in self.failed_supplies

    @property
    def live_supplies(self) -> int:
        """How many power supplies give power."""
        return sum(self.has_input(s) and self.works(s) for s in self.node.power_supplies)

    @property
    def power_watts(self) -> float:
        """What the server draws now, over all its supplies."""
        if not self.live_supplies:
            return 0.0
        if not self.power.is_on:
            return STANDBY_WATTS
        return self.limit.applied(self.load * self._full_watts * self.heat.factor)

    @property
    def heat_watts(self) -> float:
        """How much heat goes into what cools its GPUs, liquid or air."""
        liquid = self.model.liquid_watts
        return self.power_watts * (liquid / self._full_watts if liquid else 1.0)

    async def supplies_changed(self) -> None:
        """Feel that cords or supplies are not what they were."""
        live = self.live_supplies
        if not self._had_input and live:
            self._activate(AC)
        self._had_input = live > 0
        lost = len(self.node.power_supplies) - live
        if lost:
            text = f"{self.node.name}: {lost} power supplies give no power"
            origin = f"{node_tree.CHASSIS}/PowerSubsystem"
            self.service.journal.write("Warning", "ResourceErrorsDetected", text, origin=origin)
        await self.power.supplies_changed()

    async def feel_heat(self) -> None:
        """Write down what temperatures mean, and shut down before GPUs are harmed."""
        health = self.heat.health
        if health != self._health:
            self._tell_heat(health)
        if self.power.is_on and self.heat.is_too_hot:
            text = (
                f"{self.node.name}: GPUs reached {self.heat.limits.shutdown_c:g} °C: power is cut"
            )
            self.service.journal.write(
                "Critical", "ResourceErrorsDetected", text, origin=node_tree.SYSTEM
            )
            await self.power.trip()

    def _tell_heat(self, health: str) -> None:
        self._health = health
        throttling = "; they throttle" if self.heat.throttled else ""
        text = f"{self.node.name}: GPUs are at {self.heat.temperature_c:.0f} °C{throttling}"
        key = "ResourceErrorsCorrected" if health == "OK" else "ResourceWarningThresholdExceeded"
        origin = f"{node_tree.CHASSIS}/Sensors/GPU0Temp"
        self.service.journal.write(health, key, text, origin=origin)

    async def close(self) -> None:
        """End what is under way; the host stays as it is."""
        if self.leak:
            await self.leak.close()
        await self.power.close()
        await self.service.close()

    @property
    def _full_watts(self) -> int:
        return self.model.power_max_watts or FULL_WATTS

    def _settled_c(self) -> float:
        return gpu_temperature_c(self.coolant, self.heat_watts, self.gpus)

    def _make_power(self, settings: Settings) -> NodePower:
        server = Server(
            name=self.node.name,
            hosts=self._around.hosts,
            post_s=settings.post_s,
            enough_supplies=lambda: self.live_supplies >= self.node.power_supplies_needed,
            started=self._started,
            trusted=lambda: tuple(self.service.memory.state.authorities.values()),
            failed=self._installation_failed,
        )
        return NodePower(server, self.memory, self.tasks)

    def _activate(self, event: str) -> None:
        """Boards lose their power with the server."""
        for firmware in (self.parts.firmware, *self.boards):
            firmware.activate(event)

    def _installation_failed(self, text: str) -> None:
        key, origin = "ResourceErrorsDetected", node_tree.SYSTEM
        self.service.journal.write("Critical", key, text, origin=origin)

    def _started(self, *, standby_too: bool) -> None:
        self._activate(AUX if standby_too else RESET)
        take_effect(self.memory)

    def _make_leak_detector(self) -> LeakDetector:
        async def react(reaction: str) -> None:
            await self.power.reset({"ResetType": reaction})

        path = f"{node_tree.CHASSIS}/LeakDetectors/Manifold"
        return LeakDetector(path, self.service.journal, memory=self.memory, react=react)
