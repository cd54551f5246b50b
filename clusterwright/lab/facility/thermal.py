"""Heat, coolant and temperature: the least physics that makes less coolant mean hotter GPUs.

Q[kW] = k * flow[L/min] * rise[K] with k = 0.0669 for PG25; flow through a fixed loop goes with the
square root of the differential pressure, and so does the speed of the pumps that make it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

KW_PER_LPM_KELVIN = 0.0669
ROOM_C = 24.0
STANDBY_WATTS = 150.0
"""What a server draws that is off."""
LOAD = 0.6
"""What a server draws that is on, as a part of its planned maximum."""
NOMINAL_LPM_PER_KW = 1.5
NOMINAL_PRESSURE_KPA = 150.0
STALLED_RISE_K = 60.0
"""Where coolant does not move, chips throttle at about this rise."""
CHIP_RISE_K_PER_KW = 35.0
"""From coolant (or air) to a GPU's junction, for the heat of one GPU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coolant:
    """What reaches a consumer: its temperature, and how much of it."""

    supply_c: float
    flow_lpm: float

    def rise_k(self, heat_watts: float) -> float:
        """Return by how much this coolant is hotter after taking up `heat_watts`."""
        if self.flow_lpm <= 0:
            return STALLED_RISE_K
        return min(STALLED_RISE_K, heat_watts / 1000 / (KW_PER_LPM_KELVIN * self.flow_lpm))


def mixed(sources: Iterable[tuple[Coolant, int]]) -> Coolant:
    """Return what one of several consumers gets: its share of each source, at one temperature."""
    shares = [(one.supply_c, one.flow_lpm / consumers) for one, consumers in sources]
    flow_lpm = sum(flow for _, flow in shares)
    if flow_lpm <= 0:
        return Coolant(supply_c=max(supply for supply, _ in shares), flow_lpm=0.0)
    return Coolant(supply_c=sum(t * flow for t, flow in shares) / flow_lpm, flow_lpm=flow_lpm)


def nominal_flow_lpm(heat_max_watts: float) -> float:
    """Return the flow that a loop is built for."""
    return NOMINAL_LPM_PER_KW * max(heat_max_watts, 10_000.0) / 1000


def flow_at(pressure_kpa: float, nominal_lpm: float) -> float:
    """Return the flow that a differential pressure drives through the loop."""
    return nominal_lpm * sqrt(max(pressure_kpa, 0.0) / NOMINAL_PRESSURE_KPA)


def pressure_at(flow_lpm: float, nominal_lpm: float) -> float:
    """Return the differential pressure that a flow needs."""
    return NOMINAL_PRESSURE_KPA * (flow_lpm / nominal_lpm) ** 2


def gpu_temperature_c(coolant: Coolant, node_heat_watts: float, gpus: int) -> float:
    """Return the temperature of a GPU whose node gives `node_heat_watts` to the coolant."""
    per_gpu_kw = node_heat_watts / 1000 / max(gpus, 1)
    return coolant.supply_c + coolant.rise_k(node_heat_watts) + CHIP_RISE_K_PER_KW * per_gpu_kw
