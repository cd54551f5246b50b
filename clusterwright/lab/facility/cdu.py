"""A coolant distribution unit: set points, the pumps that follow them, and what is measured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

from clusterwright.catalogue.entry import Cdu as CduModel
from clusterwright.design.plan import CoolingLoop
from clusterwright.lab.facility import cdu_tree
from clusterwright.lab.facility.cdu_controls import PRESSURE_MAX_KPA
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.sessions import Sessions
from clusterwright.lab.facility.tasks import Tasks
from clusterwright.lab.facility.thermal import Coolant, flow_at, pressure_at
from clusterwright.lab.facility.tree import Tree

PRIMARY_SUPPLY_C = 14.0
UNREGULATED_SUPPLY_C = 45.0
"""What the supply drifts to where its control is disabled."""
REGULATING = ("Automatic", "Override")


@dataclass(frozen=True, slots=True, kw_only=True)
class CduMemory:
    """A CDU as it leaves the factory: 25 °C, regulated on 100 kPa of differential pressure."""

    supply_temperature_c: float = 25.0
    supply_temperature_mode: str = "Automatic"
    differential_pressure_kpa: float = 100.0
    differential_pressure_mode: str = "Automatic"
    flow_lpm: float = 30.0
    flow_mode: str = "Disabled"
    pump_speed_percent: float = 30.0
    pump_mode: str = "Automatic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """The flow that a CDU's loop is built for, and the heat that its consumers give off now."""

    model: CduModel
    nominal_lpm: float
    heat_watts: Callable[[], float]


class Cdu:
    """One emulated CDU."""

    def __init__(
        self, loop: CoolingLoop, duty: Duty, memory: Memory[CduMemory], login: tuple[str, str]
    ) -> None:
        self.loop, self.model, self.memory = loop, duty.model, memory
        self.nominal_lpm, self._heat_watts = duty.nominal_lpm, duty.heat_watts
        self._pressure_max_kpa = self.model.differential_pressure_max_kpa or PRESSURE_MAX_KPA
        self.tree = Tree()
        self.sessions = Sessions(self.tree, *login)
        self.tasks = Tasks(self.tree)
        cdu_tree.place(self, login[0])

    async def close(self) -> None:
        """End what is under way; set points stay as they are."""
        await self.tasks.close()

    def set_mode(self, control: str, mode: str) -> None:
        """Set a control's mode; pressure and flow exclude each other: one pump makes both."""
        changes = {f"{control}_mode": mode}
        rivals = {"differential_pressure": "flow", "flow": "differential_pressure"}
        if control in rivals and mode in REGULATING:
            changes[f"{rivals[control]}_mode"] = "Disabled"
        self.memory.update(**changes)

    @property
    def pump_speed_percent(self) -> float:
        """The speed of the pumps, measured: it follows whichever control is in charge."""
        state = self.memory.state
        if state.pump_mode != "Automatic":
            return state.pump_speed_percent
        if state.differential_pressure_mode in REGULATING:
            return 100 * sqrt(state.differential_pressure_kpa / self._pressure_max_kpa)
        if state.flow_mode in REGULATING:
            pressure = pressure_at(state.flow_lpm, self.nominal_lpm)
            return min(100.0, 100 * sqrt(pressure / self._pressure_max_kpa))
        return state.pump_speed_percent

    @property
    def pressure_kpa(self) -> float:
        """The differential pressure, measured."""
        return float(self._pressure_max_kpa * (self.pump_speed_percent / 100) ** 2)

    @property
    def coolant(self) -> Coolant:
        """What the loop's consumers get, all together."""
        state = self.memory.state
        regulated = state.supply_temperature_mode in REGULATING
        return Coolant(
            supply_c=state.supply_temperature_c if regulated else UNREGULATED_SUPPLY_C,
            flow_lpm=flow_at(self.pressure_kpa, self.nominal_lpm),
        )

    def measured(self) -> Mapping[str, Callable[[], float]]:
        """Return what its sensors read, by name."""
        return {
            "PrimarySupplyTemp": lambda: PRIMARY_SUPPLY_C,
            "PrimaryReturnTemp": lambda: PRIMARY_SUPPLY_C + self._rise_k(),
            "PrimaryFlow": lambda: self.nominal_lpm,
            "SecondarySupplyTemp": lambda: self.coolant.supply_c,
            "SecondaryReturnTemp": lambda: self.coolant.supply_c + self._rise_k(),
            "SecondaryFlow": lambda: self.coolant.flow_lpm,
            "SecondaryDeltaPressure": lambda: self.pressure_kpa,
            "HeatRemoved": lambda: self._heat_watts() / 1000,
            "PumpSpeed": lambda: self.pump_speed_percent,
            "SystemTemperature": lambda: 24.0,
            "SystemHumidity": lambda: 40.0,
        }

    def _rise_k(self) -> float:
        return self.coolant.rise_k(self._heat_watts())
