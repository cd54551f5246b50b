"""The coolant of the facility layer: loops, and what devices do about a leak."""

from collections.abc import Collection, Mapping, Sequence

import pulumi

from clusterwright.design.facility import leak_policies
from clusterwright.design.plan import CoolingLoop, SitePlan
from clusterwright.provider import resources


def declare_loops(
    plan: SitePlan, busy: Collection[str], before: Mapping[str, Sequence[pulumi.Resource]]
) -> Mapping[str, resources.CoolingLoop]:
    """Declare every coolant loop, by name; `busy` are the nodes in service.

    Its CDU has to wait for what is `before` it.
    """
    return {loop.name: _loop(loop, plan, busy, before[loop.cdu]) for loop in plan.loops}


def declare_leak_policies(
    plan: SitePlan, after: Mapping[str, pulumi.Resource]
) -> Mapping[str, resources.LeakPolicy]:
    """Declare what devices do about a leak; each `after` what its rack's coolant depends on."""
    return {
        one.subject: resources.LeakPolicy(
            f"{one.subject}-leak",
            address=str(one.controller.address),
            secret=one.controller.secret,
            reaction=one.reaction,
            delay_s=one.delay_s,
            in_service=one.in_service,
            allow=sorted(plan.maintenance.allow),
            opts=pulumi.ResourceOptions(
                depends_on=[after[one.subject]] if one.subject in after else []
            ),
        )
        for one in leak_policies(plan)
    }


def _loop(
    loop: CoolingLoop, plan: SitePlan, busy: Collection[str], before: Sequence[pulumi.Resource]
) -> resources.CoolingLoop:
    limits, pumps = loop.limits, loop.pumps
    return resources.CoolingLoop(
        loop.name,
        address=str(loop.controller.address),
        secret=loop.controller.secret,
        supply_temperature_c=loop.supply_temperature_c,
        differential_pressure_kpa=loop.differential_pressure_kpa,
        flow_lpm=loop.flow_lpm,
        control_mode=loop.control_mode,
        unit="Enabled",
        pumps=pumps.running if pumps else None,
        valves={valve.name: valve.state for valve in loop.valves},
        limits={
            "warmestC": limits.warmest_c,
            "leastLpm": limits.least_lpm,
            "leastKpa": limits.least_kpa,
            "leastPumps": pumps.needed if pumps else None,
        },
        in_service=not set(loop.cooled).isdisjoint(busy),
        allow=sorted(plan.maintenance.allow),
        opts=pulumi.ResourceOptions(depends_on=before),
    )
