"""The facility of a site: every controller at its address, and what couples them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from clusterwright.catalogue import Catalogue
from clusterwright.design.plan import CoolingLoop, Node, PowerSupply, SitePlan
from clusterwright.design.plan import Pdu as PlannedPdu
from clusterwright.lab.facility.bmc import Bmc, Surroundings
from clusterwright.lab.facility.cdu import Cdu, CduMemory, Duty
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.node_memory import NodeMemory
from clusterwright.lab.facility.node_power import HostPower
from clusterwright.lab.facility.pdu import Pdu, PduMemory
from clusterwright.lab.facility.thermal import ROOM_C, Coolant, nominal_flow_lpm

AIR_FLOW_AS_LPM = 10.0
"""The liquid flow that carries as much heat as a server's fans do: 16 K at 10.2 kW."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the facility of one lab is run."""

    devices: Path
    catalogue: Catalogue
    credentials: Mapping[str, tuple[str, str]]
    post_s: float


class Site:
    """All devices of a plan, joined: outlets feed supplies, loops cool nodes, nodes make heat."""

    def __init__(self, plan: SitePlan, hosts: HostPower, settings: Settings) -> None:
        self._plan, self._settings = plan, settings
        self.pdus = {pdu.name: self._pdu(pdu) for pdu in plan.pdus}
        self.cdus = {loop.cdu: self._cdu(loop) for loop in plan.loops}
        self.nodes = {node.name: self._node(node, hosts) for node in plan.nodes}

    @property
    def devices(self) -> Mapping[str, Bmc | Cdu | Pdu]:
        """Every device under its own name (a BMC's is its node's)."""
        return {**self.nodes, **self.cdus, **self.pdus}

    def _memory_file(self, name: str) -> Path:
        return self._settings.devices / f"{name}.json"

    def _pdu(self, pdu: PlannedPdu) -> Pdu:
        return Pdu(
            pdu,
            Memory(self._memory_file(pdu.name), PduMemory()),
            self._settings.credentials[pdu.controller.secret],
            watts=self._outlet_watts,
            changed=self._outlet_changed,
        )

    def _cdu(self, loop: CoolingLoop) -> Cdu:
        servers = self._settings.catalogue.servers
        liquid = sum(servers[node.server].liquid_watts or 0 for node in self._nodes_in(*loop.racks))
        duty = Duty(
            model=self._settings.catalogue.cdus[loop.cdu_model],
            nominal_lpm=nominal_flow_lpm(liquid),
            heat_watts=partial(self._heat_watts, loop),
        )
        return Cdu(
            loop,
            duty,
            Memory(self._memory_file(loop.cdu), CduMemory()),
            self._settings.credentials[loop.controller.secret],
        )

    def _node(self, node: Node, hosts: HostPower) -> Bmc:
        around = Surroundings(
            model=self._settings.catalogue.servers[node.server],
            hosts=hosts,
            line_input=self._line_input,
            coolant=partial(self._coolant, node),
            post_s=self._settings.post_s,
        )
        return Bmc(
            node,
            around,
            Memory(self._memory_file(node.name), NodeMemory()),
            self._settings.credentials[node.controller.secret],
        )

    def _nodes_in(self, *racks: str) -> list[Node]:
        return [node for node in self._plan.nodes if node.mount.rack in racks]

    def _line_input(self, supply: PowerSupply) -> bool:
        return self.pdus[supply.pdu].is_on(supply.outlet)

    def _coolant(self, node: Node) -> Coolant:
        loop = next((loop for loop in self._plan.loops if node.mount.rack in loop.racks), None)
        if loop is None or not self._settings.catalogue.servers[node.server].liquid_watts:
            return Coolant(supply_c=ROOM_C, flow_lpm=AIR_FLOW_AS_LPM)
        whole = self.cdus[loop.cdu].coolant
        share = whole.flow_lpm / len(self._nodes_in(*loop.racks))
        return Coolant(supply_c=whole.supply_c, flow_lpm=share)

    def _heat_watts(self, loop: CoolingLoop) -> float:
        return sum(self.nodes[node.name].heat_watts for node in self._nodes_in(*loop.racks))

    def _outlet_watts(self, pdu: str, outlet: int) -> float:
        for planned in self.pdus[pdu].pdu.outlets:
            if planned.number == outlet and planned.consumer in self.nodes:
                bmc = self.nodes[planned.consumer]
                return bmc.power_watts / max(bmc.live_supplies, 1)
        return 0.0

    async def _outlet_changed(self, consumer: str) -> None:
        if consumer in self.nodes:
            await self.nodes[consumer].power.supplies_changed()
