"""Coolant and air: what carries the heat away, and how much of it there is."""

from dataclasses import dataclass

from clusterwright.design.plan.controller import Controller


@dataclass(frozen=True, slots=True, kw_only=True)
class CduPumps:
    """The pumps of a CDU: `running` share the work, on `needed` it carries its capacity.

    Where `spare` says so, one more than is needed must be able to run. None is not known.
    """

    running: int | None
    needed: int | None
    spare: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Valve:
    """A valve of a loop: of one rack's branch, or under the loop's own name that of its CDU."""

    name: str
    state: str
    """Open or Closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopLimits:
    """What everything on a loop bears: each CDU's share of it; None where that is not known."""

    warmest_c: float | None = None
    least_lpm: float | None = None
    least_kpa: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakReactions:
    """What devices on a loop do about a leak, in Redfish's words; empty is left alone."""

    nodes: str = ""
    cdu: str = ""
    delay_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingLoop:
    """A CDU on a coolant circuit, and the set points that it must hold.

    A circuit with several CDUs is as many of these, with the same `circuit` and set points; the
    first has the circuit's own name. Exactly one of `differential_pressure_kpa` and `flow_lpm` is
    given.
    """

    name: str
    circuit: str
    cdu: str
    cdu_model: str
    controller: Controller
    racks: tuple[str, ...]
    supply_temperature_c: float
    differential_pressure_kpa: float | None
    flow_lpm: float | None
    control_mode: str
    cooled: tuple[str, ...] = ()
    """The nodes that its coolant must reach."""
    pumps: CduPumps | None = None
    valves: tuple[Valve, ...] = ()
    limits: LoopLimits = LoopLimits()
    leak: LeakReactions = LeakReactions()


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitBalance:
    """What a circuit carries away, against what its CDUs can. What nobody knows is None.

    `reserve_watts` and `reserve_lpm` are what is left with one pump lost, or one CDU where there is
    a spare. Its supply must be no colder than `coldest_c` (dew point, facility water, CDU) and no
    warmer than `warmest_c` (servers, CDU).
    """

    circuit: str
    heat_watts: int
    capacity_watts: int
    reserve_watts: int | None
    flow_lpm: float
    reserve_lpm: float | None
    supply_c: float
    return_c: float
    coldest_c: float | None
    warmest_c: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AirBalance:
    """The heat that the room's air takes, against what its handlers carry away.

    `reserve_watts` and `reserve_cfm` are what is left with as many handlers lost as may be.
    """

    heat_watts: int
    capacity_watts: int | None
    reserve_watts: int | None
    flow_cfm: float
    """Of the devices whose flow is known."""
    reserve_cfm: float | None
    inlet_c: float | None
    dew_point_c: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingBalance:
    """Heat against cooling for the whole site, what is to come included.

    By rack, `Rack.liquid_watts` and `Rack.air_watts` say what there is now.
    """

    circuits: tuple[CircuitBalance, ...]
    air: AirBalance
