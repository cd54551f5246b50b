"""A rack PDU: switched outlets, branches, mains, and what they carry."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from clusterwright.design.plan import Pdu as PlannedPdu
from clusterwright.lab.facility import controller, pdu_tree
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.pdu_tree import PDU
from clusterwright.lab.facility.sensors import add_sensor
from clusterwright.lab.facility.sessions import Sessions
from clusterwright.lab.facility.tasks import Tasks
from clusterwright.lab.facility.tree import (
    ROOT,
    Action,
    Body,
    Reply,
    Tree,
    Writable,
    healthy,
    link,
    one_of,
)

STATES = ("On", "Off", "PowerCycle")
RESTORE_POLICIES = ("AlwaysOn", "AlwaysOff", "LastState")
CYCLE_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PduMemory:
    """A rack PDU as it leaves the factory: every outlet on. `off` lists the others by number."""

    off: Mapping[str, bool] = field(default_factory=dict)
    restore_policies: Mapping[str, str] = field(default_factory=dict)


class Pdu:
    """One emulated rack PDU. `watts` tells what an outlet's consumer would draw from it."""

    def __init__(
        self,
        pdu: PlannedPdu,
        memory: Memory[PduMemory],
        login: tuple[str, str],
        *,
        watts: Callable[[str, int], float],
        changed: Callable[[str], Awaitable[None]],
    ) -> None:
        self.pdu, self._memory = pdu, memory
        self._watts, self._changed = watts, changed
        self.tree = Tree()
        self.sessions = Sessions(self.tree, *login)
        self.tasks = Tasks(self.tree)
        self._place(login[0])

    def is_on(self, outlet: int) -> bool:
        """Say whether an outlet gives power."""
        return not self._memory.state.off.get(str(outlet), False)

    def outlet_watts(self, outlet: int) -> float:
        """Return what an outlet gives now."""
        return self._watts(self.pdu.name, outlet) if self.is_on(outlet) else 0.0

    async def close(self) -> None:
        """End what is under way; outlets stay as they are."""
        await self.tasks.close()

    async def switch(self, outlet: int, state: str) -> None:
        """Switch an outlet, and wait until its consumer has felt it."""
        if state == "PowerCycle":
            await self.switch(outlet, "Off")
            await asyncio.sleep(CYCLE_S)
            state = "On"
        off = {**self._memory.state.off, str(outlet): state == "Off"}
        self._memory.update(off={number: True for number, is_off in off.items() if is_off})
        consumer = next((o.consumer for o in self.pdu.outlets if o.number == outlet), "")
        if consumer:
            await self._changed(consumer)

    def _watts_of(self, outlets: Sequence[int]) -> float:
        return sum(self.outlet_watts(outlet) for outlet in outlets)

    def _place(self, username: str) -> None:
        identity = pdu_tree.identity(self.pdu)
        controller.add_controller(self.tree, identity, username)
        chassis = controller.chassis(self.tree, identity)
        everything = range(1, self.pdu.outlet_count + 1)
        total = add_sensor(
            self.tree, f"{chassis}/Sensors/PDUPower", "Power", lambda: self._watts_of(everything)
        )
        self.tree.add(f"{ROOT}/PowerEquipment", pdu_tree.equipment())
        self.tree.add_collection(
            f"{ROOT}/PowerEquipment/RackPDUs", "PowerDistribution", "Rack PDUs"
        )
        self.tree.add(PDU, pdu_tree.distribution(identity))
        self.tree.add(f"{PDU}/Metrics", lambda: pdu_tree.metrics(total()))
        self._add_circuits(chassis, everything)
        self.tree.add_collection(f"{PDU}/Outlets", "Outlet", "Outlets")
        for outlet in everything:
            self._add_outlet(chassis, outlet)

    def _add_circuits(self, chassis: str, everything: range) -> None:
        self.tree.add_collection(f"{PDU}/Mains", "Circuit", "Mains")
        self._add_circuit(chassis, f"{PDU}/Mains/1", "Mains", everything)
        self.tree.add_collection(f"{PDU}/Branches", "Circuit", "Branches")
        for branch, outlets in pdu_tree.branches(self.pdu).items():
            self._add_circuit(chassis, f"{PDU}/Branches/{branch}", "Branch", outlets)

    def _add_circuit(self, chassis: str, path: str, kind: str, outlets: Sequence[int]) -> None:
        name = path.rpartition("/")[2]
        watts = add_sensor(
            self.tree,
            f"{chassis}/Sensors/Power{kind}{name}",
            "Power",
            lambda: self._watts_of(outlets),
        )
        constant = {
            "@odata.type": "#Circuit.v1_9_0.Circuit",
            "Id": name,
            "Name": f"{kind} {name}",
            "CircuitType": kind,
            "NominalVoltage": pdu_tree.nominal_voltage(self.pdu),
            "BreakerState": "Normal",
            "Status": healthy(),
        }
        if kind == "Branch":
            members = [link(f"{PDU}/Outlets/{outlet}") for outlet in outlets]
            constant["Links"] = {"Outlets": members}
        self.tree.add(path, lambda: {**constant, "PowerWatts": watts()})

    def _add_outlet(self, chassis: str, outlet: int) -> None:
        path = f"{PDU}/Outlets/{outlet}"
        watts = add_sensor(
            self.tree,
            f"{chassis}/Sensors/PowerOutlet{outlet}",
            "Power",
            lambda: self.outlet_watts(outlet),
        )

        async def control(body: Body) -> Reply:
            wanted = body["PowerState"]
            if wanted == "PowerCycle":
                return self.tasks.start(f"Power cycle of {outlet}", self.switch(outlet, wanted))
            await self.switch(outlet, wanted)
            return Reply()

        action = Action(
            name="Outlet.PowerControl",
            run=control,
            parameters={"PowerState": one_of(*STATES)},
            required=frozenset({"PowerState"}),
        )
        actions = self.tree.add_action(path, action)
        actions["#Outlet.PowerControl"]["PowerState@Redfish.AllowableValues"] = list(STATES)
        consumers = [o.consumer for o in self.pdu.outlets if o.number == outlet]
        constant = {**pdu_tree.outlet(self.pdu, outlet, consumers), "Actions": actions}
        writable = {"PowerRestorePolicy": self._policy(outlet)}
        self.tree.add(
            path,
            lambda: {**constant, **self._now(outlet), "PowerWatts": watts()},
            writable=writable,
        )

    def _policy(self, outlet: int) -> Writable:
        def write(value: str) -> None:
            policies = {**self._memory.state.restore_policies, str(outlet): value}
            self._memory.update(restore_policies=policies)

        return Writable(check=one_of(*RESTORE_POLICIES), write=write)

    def _now(self, outlet: int) -> Body:
        on = self.is_on(outlet)
        policy = self._memory.state.restore_policies.get(str(outlet), "LastState")
        return {
            "PowerState": "On" if on else "Off",
            "PowerEnabled": on,
            "PowerRestorePolicy": policy,
        }
