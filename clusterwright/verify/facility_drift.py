"""Do the declared settings of controllers, CDUs and PDUs still hold."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from clusterwright.access import node
from clusterwright.access.guard import Difference
from clusterwright.access.redfish import Redfish
from clusterwright.design.plan import Controller, SitePlan
from clusterwright.errors import DeviceError
from clusterwright.verify import desired
from clusterwright.verify.declared import Declared
from clusterwright.verify.declared_cooling import declared_leak_policies, declared_loops
from clusterwright.verify.declared_power import declared_pdus, declared_shelves
from clusterwright.verify.devices import Connect, at_once
from clusterwright.verify.report import Finding, Kind, Report, Unproven, join_reports
from clusterwright.verify.scope import FACILITY, nodes_in
from clusterwright.verify.settings import sentence_of, settings_of


async def facility_drift(plan: SitePlan, connect: Connect) -> Report:
    """Read every device of the facility and compare it with the plan."""
    together: dict[Controller, list[Declared]] = {}
    for device in declared_devices(plan):
        together.setdefault(device.controller, []).append(device)
    reports = await at_once(
        partial(_compare_all, plan.site, controller, devices, connect)
        for controller, devices in together.items()
    )
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
    return (
        *nodes,
        *declared_loops(plan, busy),
        *declared_leak_policies(plan),
        *declared_pdus(plan, busy),
        *declared_shelves(plan, busy),
    )


async def _compare_all(
    site: str, controller: Controller, devices: Sequence[Declared], connect: Connect
) -> Report:
    """Compare all that one controller holds, in one conversation."""
    try:
        async with connect(controller) as client:
            reports = [await _compare(site, device, client) for device in devices]
    except DeviceError as error:
        reports = [_unread(site, device, str(error)) for device in devices]
    return join_reports(site, reports)


async def _compare(site: str, device: Declared, client: Redfish) -> Report:
    try:
        actual = await device.kind.read(client, device.state)
    except DeviceError as error:
        return _unread(site, device, str(error))
    found = device.kind.differences(device.state, actual, device.guard, **device.known)
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
