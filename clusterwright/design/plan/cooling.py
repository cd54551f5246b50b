"""Coolant."""

from dataclasses import dataclass

from clusterwright.design.plan.controller import Controller


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingLoop:
    """A coolant circuit with its CDU, and the set points that the CDU must hold.

    Exactly one of `differential_pressure_kpa` and `flow_lpm` is given.
    """

    name: str
    cdu: str
    cdu_model: str
    controller: Controller
    racks: tuple[str, ...]
    supply_temperature_c: float
    differential_pressure_kpa: float | None
    flow_lpm: float | None
    control_mode: str
