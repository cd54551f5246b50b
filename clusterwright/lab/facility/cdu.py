"""A coolant distribution unit: set points, the pumps that follow them, and what is measured."""

from collections.abc import Callable, Mapping

from clusterwright.design.plan import CoolingLoop
from clusterwright.lab.facility import cdu_tree
from clusterwright.lab.facility.cdu_controls import PRESSURE_MAX_KPA
from clusterwright.lab.facility.cdu_memory import CduMemory, Duty
from clusterwright.lab.facility.firmware import AC, MANAGER, Component
from clusterwright.lab.facility.hydraulics import CLEAN_FILTER_KPA, Pumping
from clusterwright.lab.facility.leak_detection import LeakDetector
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.parts import parts_of
from clusterwright.lab.facility.settings import Settings
from clusterwright.lab.facility.thermal import Coolant, flow_at, pressure_at

PRIMARY_SUPPLY_C = 14.0
UNREGULATED_SUPPLY_C = 45.0
"""What the supply drifts to where its control is disabled."""
APPROACH_K = 5.0
REGULATING = ("Automatic", "Override")


class Cdu:
    """One emulated CDU."""

    kind = "cdu"

    def __init__(self, loop: CoolingLoop, duty: Duty, settings: Settings) -> None:
        self.loop, self.model, self.controller = loop, duty.model, loop.controller
        self.nominal_lpm, self._heat_watts = duty.nominal_lpm, duty.heat_watts
        self._pressure_max_kpa = self.model.differential_pressure_max_kpa or PRESSURE_MAX_KPA
        self.memory = Memory(settings.devices / f"{loop.cdu}.json", CduMemory())
        self.service = settings.service(loop.controller, loop.cdu, lambda: cdu_tree.place(self))
        self.tree, self.tasks = self.service.tree, self.service.tasks
        counted = self.model.pumps
        self.pumps = tuple(str(n + 1) for n in range(counted.count if counted else 2))
        self.pumps_needed = counted.needed if counted else 1
        self.failed_pumps: set[str] = set()
        self.filter_kpa = CLEAN_FILTER_KPA
        self.primary_supply_c = PRIMARY_SUPPLY_C
        self.leak = self._make_leak_detector()
        self.parts = parts_of(
            self.service,
            (
                Component(name="CDU", activation=MANAGER, related=cdu_tree.CDU),
                Component(name="PumpController", activation=AC),
            ),
            model=loop.cdu_model,
            manager_firmware="CDU",
            delivered=settings.certificate(loop.controller)[0],
            transfer_s=settings.post_s,
        )

    async def close(self) -> None:
        """End what is under way; set points stay as they are."""
        await self.leak.close()
        await self.service.close()

    def set_mode(self, control: str, mode: str) -> None:
        """Set a control's mode; pressure and flow exclude each other: one pump makes both."""
        changes = {f"{control}_mode": mode}
        rivals = {"differential_pressure": "flow", "flow": "differential_pressure"}
        if control in rivals and mode in REGULATING:
            changes[f"{rivals[control]}_mode"] = "Disabled"
        self.memory.update(**changes)

    def fail_pumps(self, *pumps: str) -> None:
        """Let exactly these pumps be broken, and write down what that means."""
        self.failed_pumps = set(pumps)
        for pump in self.pumps:
            word, severity = ("has failed", "Critical") if pump in pumps else ("runs", "OK")
            origin = f"{cdu_tree.CDU}/Pumps/{pump}"
            text = f"pump {pump} of {self.loop.cdu} {word}"
            self.service.journal.write(severity, "ResourceStatusChanged", text, origin=origin)

    @property
    def running_pumps(self) -> int:
        """How many pumps could run."""
        state = self.memory.state
        stopped = self.failed_pumps | set(state.pumps_disabled)
        return len(set(self.pumps) - stopped) if state.enabled else 0

    @property
    def health(self) -> str:
        """How well it is, in Redfish's words: without a spare pump it warns."""
        if self.running_pumps < self.pumps_needed or self.leak.wet:
            return "Critical"
        return "OK" if self.running_pumps == len(self.pumps) else "Warning"

    @property
    def pumping(self) -> Pumping:
        """How it pumps now."""
        state = self.memory.state
        return Pumping(
            most_kpa=self._pressure_max_kpa,
            share=min(1.0, self.running_pumps / self.pumps_needed),
            filter_kpa=self.filter_kpa,
            valve_percent=0.0 if state.valve_closed else state.valve_percent,
        )

    @property
    def pump_speed_percent(self) -> float:
        """The speed of the pumps, measured: it follows whichever control is in charge."""
        state = self.memory.state
        if self.running_pumps == 0:
            return 0.0
        if state.pump_mode != "Automatic":
            return state.pump_speed_percent
        if state.differential_pressure_mode in REGULATING:
            return self.pumping.speed_for(state.differential_pressure_kpa)
        if state.flow_mode in REGULATING:
            return self.pumping.speed_for(pressure_at(state.flow_lpm, self.nominal_lpm))
        return state.pump_speed_percent

    @property
    def pressure_kpa(self) -> float:
        """The differential pressure, measured."""
        return self.pumping.pressure_at(self.pump_speed_percent)

    @property
    def coolant(self) -> Coolant:
        """What the loop's consumers get, all together."""
        state = self.memory.state
        regulated = state.supply_temperature_mode in REGULATING
        wanted_c = state.supply_temperature_c if regulated else UNREGULATED_SUPPLY_C
        # Whatever it is told, the coolant stays warmer than the water that cools it.
        coldest_c = self.primary_supply_c + (self.model.approach_k or APPROACH_K)
        return Coolant(
            supply_c=max(wanted_c, coldest_c),
            flow_lpm=flow_at(self.pressure_kpa, self.nominal_lpm),
        )

    def coolant_of(self, rack: str) -> Coolant:
        """What the loop's consumers would get, were all of them in that rack."""
        coolant = self.coolant
        closed = rack in self.memory.state.racks_closed
        return Coolant(supply_c=coolant.supply_c, flow_lpm=0.0) if closed else coolant

    def measured(self) -> Mapping[str, Callable[[], float]]:
        """Return what its sensors read, by name."""
        return {
            "PrimarySupplyTemp": lambda: self.primary_supply_c,
            "PrimaryReturnTemp": lambda: self.primary_supply_c + self._rise_k(),
            "PrimaryFlow": lambda: self.nominal_lpm,
            "SecondarySupplyTemp": lambda: self.coolant.supply_c,
            "SecondaryReturnTemp": lambda: self.coolant.supply_c + self._rise_k(),
            "SecondaryFlow": lambda: self.coolant.flow_lpm,
            "SecondaryDeltaPressure": lambda: self.pressure_kpa,
            "FilterDeltaPressure": lambda: self.filter_kpa,
            "HeatRemoved": lambda: self._heat_watts() / 1000,
            "PumpSpeed": lambda: self.pump_speed_percent,
            "ValvePosition": lambda: self.pumping.valve_percent,
            "CoolantLevel": lambda: 20.0 if self.leak.wet else 80.0,
            "SystemTemperature": lambda: 24.0,
            "SystemHumidity": lambda: 40.0,
        }

    def _rise_k(self) -> float:
        return self.coolant.rise_k(self._heat_watts())

    def _make_leak_detector(self) -> LeakDetector:
        async def react(_: str) -> None:
            # A CDU has nothing to shut down but itself: it stops, and closes its valve.
            self.memory.update(enabled=False, valve_closed=True)

        path = f"{cdu_tree.CHASSIS}/LeakDetectors/Tray"
        return LeakDetector(path, self.service.journal, memory=self.memory, react=react)
