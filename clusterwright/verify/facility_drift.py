"""Do the declared settings of controllers, CDUs and PDUs still hold."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from clusterwright.access import cooling_loop, node, rack_power
from clusterwright.access.guard import Difference, Guard
from clusterwright.design.plan import Controller, CoolingLoop, SitePlan
from clusterwright.errors import DeviceError
from clusterwright.verify import desired
from clusterwright.verify.devices import Connect, at_once
from clusterwright.verify.report import Finding, Kind, Report, Unproven, join_reports
from clusterwright.verify.scope import FACILITY, nodes_in
from clusterwright.verify.settings import sentence_of, settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One device, the state that the plan declares for it, and what may be done to it now."""

    subject: str
    controller: Controller
    kind: Any
    """The module of `access` for its device kind."""
    state: Any
    guard: Guard


async def facility_drift(plan: SitePlan, connect: Connect) -> Report:
    """Read every device of the facility and compare it with the plan."""
    devices = declared_devices(plan)
    reports = await at_once(partial(_compare, plan.site, device, connect) for device in devices)
    return join_reports(plan.site, reports)


def declared_devices(plan: SitePlan) -> tuple[Declared, ...]:
    """All devices that hold declared settings."""
    busy = {wanted.name for wanted in plan.nodes if desired.in_service(wanted)}
    nodes = (
        Declared(
            subject=wanted.name,
            controller=wanted.controller,
            kind=node,
            state=desired.node_state(wanted),
            guard=desired.guard_of(plan, in_service=wanted.name in busy),
        )
        for wanted in nodes_in(plan, None)
    )
    loops = (
        Declared(
            subject=loop.cdu,
            controller=loop.controller,
            kind=cooling_loop,
            state=desired.loop_state(loop),
            guard=desired.guard_of(plan, in_service=not busy.isdisjoint(cooled_by(loop, plan))),
        )
        for loop in plan.loops
    )
    pdus = (
        Declared(
            subject=pdu.name,
            controller=pdu.controller,
            kind=rack_power,
            state=desired.outlets_state(pdu),
            guard=desired.guard_of(
                plan, in_service=not busy.isdisjoint(outlet.consumer for outlet in pdu.outlets)
            ),
        )
        for pdu in plan.pdus
    )
    return (*nodes, *loops, *pdus)


def cooled_by(loop: CoolingLoop, plan: SitePlan) -> tuple[str, ...]:
    """Names of the nodes in the loop's racks."""
    return tuple(wanted.name for wanted in plan.nodes if wanted.mount.rack in loop.racks)


async def _compare(site: str, device: Declared, connect: Connect) -> Report:
    try:
        async with connect(device.controller) as client:
            actual = await device.kind.read(client, device.state)
    except DeviceError as error:
        return _unread(site, device, str(error))
    found = device.kind.differences(device.state, actual, device.guard)
    if isinstance(actual, node.NodeState):
        found = (*found, *staged_against(device.state, actual))
    return report_of(site, device, found)


def staged_against(state: node.NodeState, actual: node.NodeState) -> tuple[Difference, ...]:
    """Return BIOS attributes that are as declared, but set to change at the next reset."""
    now = {difference.path for difference in node.differences(state, actual)}
    later = replace(actual, bios={**actual.bios, **actual.staged})
    return tuple(
        replace(difference, path=difference.path.replace("bios.", "staged.", 1))
        for difference in node.differences(state, later)
        if difference.path not in now
    )


def report_of(site: str, device: Declared, differences: tuple[Difference, ...]) -> Report:
    """Every declared setting without a difference holds."""
    settings = settings_of(device.state)
    differing = {difference.path for difference in differences}
    return Report(
        site=site,
        passes={FACILITY: sum(setting not in differing for setting in settings)},
        findings=tuple(_finding(site, device.subject, difference) for difference in differences),
    )


# What the device does not have at all is said in brackets: (no such outlet), (not held).
def _finding(site: str, subject: str, difference: Difference) -> Finding:
    return Finding(
        layer=FACILITY,
        subject=subject,
        kind=Kind.MISSING if difference.actual.startswith("(") else Kind.DRIFT,
        check=sentence_of(difference.path),
        expected=difference.expected,
        actual=difference.actual,
        remedy=difference.remedy.replace("clusterwright up", f"clusterwright up {site}"),
        pending=difference.pending,
    )


def _unread(site: str, device: Declared, reason: str) -> Report:
    return Report(
        site=site,
        passes={},
        unproven=tuple(
            Unproven(
                layer=FACILITY, subject=device.subject, check=sentence_of(setting), reason=reason
            )
            for setting in settings_of(device.state)
        ),
    )
