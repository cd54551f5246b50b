"""Down through BMCs first, then at the outlets; whoever stays on keeps nobody else up."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

from clusterwright.access import emergency, rack_power
from clusterwright.access.guard import Guard
from clusterwright.access.rack_power import OutletsState
from clusterwright.access.redfish import Redfish
from clusterwright.design.plan import Controller, SitePlan
from clusterwright.errors import DeviceError
from clusterwright.operate.power_off.order import Order, Step, Target

Connect = Callable[[Controller], AbstractAsyncContextManager[Redfish]]
Said = Callable[[str, str], None]
"""Who, and what has become of it, as soon as that is known."""

OFF, CUT = "off", "outlets cut"
_DECIDED = Guard(in_service=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What has come of it; `failed` holds a sentence for everything that may still be on."""

    off: tuple[str, ...]
    cut: tuple[str, ...]
    failed: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a server is asked, and how long all of it may take, each time."""

    grace_s: float = 30.0
    deadline_s: float = 60.0


PATIENT = Patience()


async def power_off(
    plan: SitePlan,
    order: Order,
    connect: Connect,
    said: Said,
    patience: Patience = PATIENT,
) -> Done:
    """Switch everything of an order off; what is off already is left alone."""
    off: list[str] = []
    cut: list[str] = []
    failed: dict[str, str] = {}
    for step in order.steps:
        on = await _through_bmcs(step, connect, said, patience)
        off += [one.name for one in step.targets if one.controller and one.name not in on]
        left = [one for one in step.targets if one.controller is None or one.name in on]
        found = await _at_outlets(plan, left, connect, patience)
        for target in left:
            reasons = [why for why in (on.get(target.name), found[target.name]) if why]
            if found[target.name]:
                failed[target.name] = "; ".join(reasons)
                said(target.name, f"may be on: {failed[target.name]}")
            else:
                cut.append(target.name)
                said(target.name, CUT)
    return Done(off=tuple(off), cut=tuple(cut), failed=failed)


async def _through_bmcs(
    step: Step, connect: Connect, said: Said, patience: Patience
) -> Mapping[str, str]:
    """Return who is still on, and why."""
    group = {one.name: partial(connect, one.controller) for one in step.targets if one.controller}
    done = await emergency.power_off(
        [group],
        grace_s=patience.grace_s,
        deadline_s=patience.deadline_s,
        said=lambda name: said(name, OFF),
    )
    return done.failed


async def _at_outlets(
    plan: SitePlan, targets: list[Target], connect: Connect, patience: Patience
) -> Mapping[str, str]:
    """Cut the outlets of what is left; return for each why it may be on, or nothing."""
    pdus = {pdu.name: pdu.controller for pdu in plan.pdus}
    numbers: dict[str, set[int]] = {}
    for cord in (cord for target in targets for cord in target.cords):
        numbers.setdefault(cord.pdu, set()).add(cord.outlet)
    cuts = (_cut(pdus[name], its, connect, patience) for name, its in numbers.items())
    problems = dict(zip(numbers, await asyncio.gather(*cuts), strict=True))
    return {target.name: _left(target, problems) for target in targets}


async def _cut(pdu: Controller, numbers: set[int], connect: Connect, patience: Patience) -> str:
    wanted = OutletsState(outlets=dict.fromkeys(sorted(numbers), "Off"))
    try:
        async with asyncio.timeout(patience.deadline_s), connect(pdu) as client:
            await rack_power.apply(client, wanted, _DECIDED, deadline_s=patience.grace_s)
    except DeviceError as error:
        return str(error)
    except TimeoutError:
        return f"{pdu.name}: did not answer within {patience.deadline_s:g} s"
    return ""


def _left(target: Target, problems: Mapping[str, str]) -> str:
    if not target.cords:
        return "it hangs on no outlet that can be switched: cut its feed by hand"
    found = dict.fromkeys(problems[cord.pdu] for cord in target.cords if problems[cord.pdu])
    return "; ".join(found)
