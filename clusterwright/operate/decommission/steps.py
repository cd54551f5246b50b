"""What is done of each kind of device, in which order, and what of it a person can do instead."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from clusterwright.operate.decommission import dependants, drives, handover, power, release
from clusterwright.operate.decommission.by_hand import by_a_person
from clusterwright.operate.decommission.device import CDU, NODE, PDU, SWITCH
from clusterwright.operate.decommission.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`look` says what is left of it, in words. `fades`: of that nothing is read once it is off."""

    name: str
    look: Callable[[Task], Awaitable[tuple[str, ...]]]
    act: Callable[[Task], Awaitable[None]]
    fades: bool = False


_ACCOUNTS = Step(
    name="accounts", look=handover.look_accounts, act=handover.act_accounts, fades=True
)
_CERTIFICATES = Step(
    name="certificates", look=handover.look_certificates, act=handover.act_certificates, fades=True
)
_OUTLETS = Step(name="outlets", look=power.look_outlets, act=power.act_outlets)
_RELEASE = (
    Step(name="record", look=release.look_record, act=release.act_record),
    Step(name="secrets", look=release.look_secrets, act=release.act_secrets),
)
_DRAINED = by_a_person("coolant", "stop {name}, close its valves on both sides and drain it")
_WIPED = by_a_person("configuration", "erase the configuration of {name} at its console")
STEPS = (
    Step(name="drives", look=drives.look, act=drives.act, fades=True),
    Step(name="host", look=power.look_host, act=power.act_host, fades=True),
    _ACCOUNTS,
    _CERTIFICATES,
    _OUTLETS,
    *_RELEASE,
)
"""Of a node. A PDU's own outlets fade, too: once it is handed over, it tells us nothing."""
STEPS_OF: Mapping[str, tuple[Step, ...]] = {
    NODE: STEPS,
    PDU: (
        Step(name="dependants", look=dependants.look, act=dependants.act, fades=True),
        Step(name="outlets", look=power.look_own, act=power.act_own, fades=True),
        _ACCOUNTS,
        _CERTIFICATES,
        *_RELEASE,
    ),
    CDU: (
        Step(name="coolant", look=_DRAINED[0], act=_DRAINED[1]),
        _ACCOUNTS,
        _CERTIFICATES,
        *_RELEASE,
    ),
    SWITCH: (
        Step(name="configuration", look=_WIPED[0], act=_WIPED[1]),
        _OUTLETS,
        *_RELEASE,
    ),
}
_NOT_BY_HAND = {"dependants", "record", "secrets"}
BY_HAND = tuple(
    dict.fromkeys(
        step.name for steps in STEPS_OF.values() for step in steps if step.name not in _NOT_BY_HAND
    )
)
"""What a person can do instead."""
