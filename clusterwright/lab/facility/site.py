"""The facility of a site: every device, and what couples them."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from functools import partial

from clusterwright.design.plan import CoolingLoop, Node, PowerShelf, PowerSupply, SitePlan
from clusterwright.design.plan import Pdu as PlannedPdu
from clusterwright.lab.facility.bmc import Bmc, Surroundings
from clusterwright.lab.facility.board_controller import BoardController
from clusterwright.lab.facility.cdu import Cdu
from clusterwright.lab.facility.cdu_memory import Duty
from clusterwright.lab.facility.node_host import HostPower
from clusterwright.lab.facility.pdu import Consumers, Pdu
from clusterwright.lab.facility.power_supplies import input_watts, is_dark
from clusterwright.lab.facility.settings import Settings
from clusterwright.lab.facility.shelf import Shelf
from clusterwright.lab.facility.thermal import ROOM_C, Coolant, mixed, nominal_flow_lpm

AIR_FLOW_AS_LPM = 10.0
"""The liquid flow that carries as much heat as a server's fans do: 16 K at 10.2 kW."""
PULSE_S = 0.5
Device = Bmc | BoardController | Cdu | Pdu | Shelf


class Site:
    """All devices of a plan, joined: outlets feed supplies, loops cool nodes, nodes make heat."""

    def __init__(self, plan: SitePlan, hosts: HostPower, settings: Settings) -> None:
        self.plan, self._hosts, self._settings = plan, hosts, settings
        # A circuit may have several CDUs, each of which is a loop of the plan.
        self._loops: dict[str, list[CoolingLoop]] = {}
        for loop in plan.loops:
            for rack in loop.racks:
                self._loops.setdefault(rack, []).append(loop)
        self._cooled: dict[str, list[Node]] = {loop.name: [] for loop in plan.loops}
        for node in plan.nodes:
            for loop in self._loops.get(node.mount.rack, ()):
                self._cooled[loop.name].append(node)
        self.pdus = {pdu.name: self._pdu(pdu) for pdu in plan.pdus}
        self.cdus = {loop.cdu: self._cdu(loop) for loop in plan.loops}
        self.nodes = {node.name: self._node(node) for node in plan.nodes}
        self.boards: dict[str, BoardController] = {}
        for node in plan.nodes:
            self.boards |= self._boards(node)
        self.shelves = {shelf.name: self._shelf(shelf) for shelf in plan.power_shelves}
        self._pulse: asyncio.Task[None] | None = None
        self.power_changed: Callable[[str, bool], None] = lambda _name, _live: None
        """Hears of servers whose last supply has lost its input, or whose first has got it."""

    @property
    def dark(self) -> frozenset[str]:
        """Servers that hang on outlets of which none gives power."""
        return frozenset(name for name, bmc in self.nodes.items() if is_dark(bmc))

    @property
    def devices(self) -> Mapping[str, Device]:
        """Every device under its own name (a BMC's is its node's)."""
        return {**self.nodes, **self.boards, **self.cdus, **self.pdus, **self.shelves}

    def renew(self, name: str) -> None:
        """Let a device be built anew, of what its files hold by now."""
        for node in (one for one in self.plan.nodes if one.name == name):
            self.nodes[name] = self._node(node)
            self.boards |= self._boards(node)
            self.nodes[name].heat.look()
        self.pdus |= {pdu.name: self._pdu(pdu) for pdu in self.plan.pdus if pdu.name == name}
        self.cdus |= {loop.cdu: self._cdu(loop) for loop in self.plan.loops if loop.cdu == name}
        shelves = (shelf for shelf in self.plan.power_shelves if shelf.name == name)
        self.shelves |= {shelf.name: self._shelf(shelf) for shelf in shelves}

    def start(self) -> None:
        """Let hosts be as their BMCs remember, and let time do its work."""
        for bmc in self.nodes.values():
            bmc.heat.look()
            bmc.power.resume()
        self._pulse = asyncio.create_task(self._beat())

    async def close(self) -> None:
        """Let time stand still; devices keep their state, hosts stay as they are."""
        if self._pulse:
            self._pulse.cancel()
            await asyncio.gather(self._pulse, return_exceptions=True)
        await asyncio.gather(*(device.close() for device in self.devices.values()))

    async def feel_heat(self) -> None:
        """Let every node that is on notice how warm it is."""
        for bmc in self.nodes.values():
            if bmc.power.is_on:
                await bmc.feel_heat()

    async def _beat(self) -> None:
        # A reset that somebody else has just cancelled is no reason to stop.
        while True:
            await asyncio.sleep(min(PULSE_S, self._settings.lag_s / 4 or 0.02))
            with contextlib.suppress(OSError):
                await self.feel_heat()

    def _pdu(self, pdu: PlannedPdu) -> Pdu:
        consumers = Consumers(watts=self._outlet_watts, changed=self._outlet_changed)
        return Pdu(pdu, self._settings.catalogue.pdus.get(pdu.model), consumers, self._settings)

    def _cdu(self, loop: CoolingLoop) -> Cdu:
        servers = self._settings.catalogue.servers
        cooled = self._cooled[loop.name]
        shared = max((len(self._loops[rack]) for rack in loop.racks), default=1)
        liquid = sum(servers[node.server].liquid_watts or 0 for node in cooled) / shared
        duty = Duty(
            model=self._settings.catalogue.cdus[loop.cdu_model],
            nominal_lpm=nominal_flow_lpm(liquid),
            heat_watts=lambda: sum(self.nodes[n.name].heat_watts for n in cooled) / shared,
        )
        return Cdu(loop, duty, self._settings)

    def _shelf(self, shelf: PowerShelf) -> Shelf:
        return Shelf(shelf, self._settings.catalogue.power_shelves[shelf.model], self._settings)

    def _boards(self, node: Node) -> dict[str, BoardController]:
        bmc = self.nodes[node.name]
        return {
            one.name: BoardController(bmc, one, self._settings) for one in node.board_controllers
        }

    def _node(self, node: Node) -> Bmc:
        around = Surroundings(
            model=self._settings.catalogue.servers[node.server],
            gpu=self._settings.catalogue.gpus.get(node.gpus.model),
            hosts=self._hosts,
            line_input=self._line_input,
            coolant=partial(self._coolant, node),
        )
        return Bmc(node, around, self._settings)

    def _line_input(self, supply: PowerSupply) -> bool:
        return self.pdus[supply.pdu].is_on(supply.outlet)

    def _coolant(self, node: Node) -> Coolant:
        loops = self._loops.get(node.mount.rack, ())
        if not loops or not self._settings.catalogue.servers[node.server].liquid_watts:
            return Coolant(supply_c=ROOM_C, flow_lpm=AIR_FLOW_AS_LPM)
        rack = node.mount.rack
        return mixed(
            (self.cdus[loop.cdu].coolant_of(rack), len(self._cooled[loop.name])) for loop in loops
        )

    def _outlet_watts(self, pdu: str, outlet: int) -> float:
        bmc = self.nodes.get(self.pdus[pdu].consumer_of(outlet))
        if bmc is None:
            return 0.0
        at_outlet = (n for n, c in bmc.cords.items() if (c.pdu, c.outlet) == (pdu, outlet))
        return sum(input_watts(bmc, name) for name in at_outlet)

    async def _outlet_changed(self, consumer: str) -> None:
        if bmc := self.nodes.get(consumer):
            self.power_changed(consumer, not is_dark(bmc))
            await bmc.supplies_changed()
