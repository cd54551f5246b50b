"""What the plan declares of loops, and of devices that may leak."""

from collections.abc import Collection, Iterator

from clusterwright.access import cooling_loop, leak_policy
from clusterwright.access.interlock import LoopLimits
from clusterwright.design.facility import leak_policies
from clusterwright.design.plan import CoolingLoop, SitePlan
from clusterwright.verify import desired
from clusterwright.verify.declared import Declared


def declared_loops(plan: SitePlan, busy: Collection[str]) -> Iterator[Declared]:
    """Yield every loop; `busy` are the nodes in service."""
    for loop in plan.loops:
        yield Declared(
            subject=loop.cdu,
            controller=loop.controller,
            kind=cooling_loop,
            state=_loop_state(loop),
            guard=desired.guard_of(plan, in_service=not set(busy).isdisjoint(loop.cooled)),
            known={"limits": _limits(loop)},
        )


def declared_leak_policies(plan: SitePlan) -> Iterator[Declared]:
    """Yield every reaction to a leak."""
    for one in leak_policies(plan):
        yield Declared(
            subject=one.subject,
            controller=one.controller,
            kind=leak_policy,
            state=leak_policy.policy(one.reaction, one.delay_s),
            guard=desired.guard_of(plan, in_service=one.in_service),
        )


def _loop_state(wanted: CoolingLoop) -> cooling_loop.LoopState:
    return cooling_loop.LoopState(
        supply_temperature_c=wanted.supply_temperature_c,
        differential_pressure_kpa=wanted.differential_pressure_kpa,
        flow_lpm=wanted.flow_lpm,
        control_mode=wanted.control_mode,
        unit="Enabled",
        pumps=wanted.pumps.running if wanted.pumps else None,
        valves={valve.name: valve.state for valve in wanted.valves},
    )


def _limits(loop: CoolingLoop) -> LoopLimits:
    limits = loop.limits
    return LoopLimits(
        warmest_c=limits.warmest_c,
        least_lpm=limits.least_lpm,
        least_kpa=limits.least_kpa,
        least_pumps=loop.pumps.needed if loop.pumps else None,
    )
