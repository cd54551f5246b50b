"""What a CDU remembers, and what its loop is built for."""

from collections.abc import Callable
from dataclasses import dataclass

from clusterwright.catalogue.entry import Cdu as CduModel


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
    pumps_disabled: tuple[str, ...] = ()
    valve_percent: float = 100.0
    valve_mode: str = "Automatic"
    valve_closed: bool = False
    racks_closed: tuple[str, ...] = ()
    """Racks whose branch is shut off."""
    enabled: bool = True
    leak_reaction: str = "None"
    leak_delay_s: float = 0.0
    loop_type: str = "TCS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """The flow that a CDU's loop is built for, and the heat that its consumers give off now."""

    model: CduModel
    nominal_lpm: float
    heat_watts: Callable[[], float]
