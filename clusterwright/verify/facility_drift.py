"""Do the declared settings of controllers, CDUs and PDUs still hold."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from clusterwright.access import node
from clusterwright.access.controller_state import ControllerState
from clusterwright.access.guard import Difference
from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.remembering import remembering
from clusterwright.access.vault import Made
from clusterwright.design.plan import SitePlan
from clusterwright.errors import (
    DeviceError,
    DeviceRefused,
    DeviceRefusedLogin,
    DeviceTooOld,
    DeviceUntrusted,
)
from clusterwright.verify import desired
from clusterwright.verify.declared import (
    Ages,
    Declared,
    by_controller,
    controllers_themselves,
    parts_of_equipment,
    parts_of_servers,
)
from clusterwright.verify.declared_cooling import declared_leak_policies, declared_loops
from clusterwright.verify.declared_power import declared_pdus, declared_shelves
from clusterwright.verify.devices import Connect, at_once
from clusterwright.verify.report import Finding, Kind, Report, Unproven, join_reports
from clusterwright.verify.scope import FACILITY, nodes_in
from clusterwright.verify.settings import sentence_of, settings_of

_TAKE_OVER = "run clusterwright up, where the manifest or the vault has its login"
_TOO_OLD = "update the controller's firmware by hand: over a TLS that old, no login is sent"


async def facility_drift(plan: SitePlan, connect: Connect, ages: Ages | None = None) -> Report:
    """Read every device of the facility and compare it with the plan."""
    devices = by_controller(declared_devices(plan, ages))
    reports = await at_once(partial(_compare, plan.site, parts, connect) for parts in devices)
    return join_reports(plan.site, reports)


def declared_devices(plan: SitePlan, ages: Ages | None = None) -> tuple[Declared, ...]:
    """All devices that hold declared settings, part by part."""
    busy = {wanted.name for wanted in plan.nodes if desired.in_service(wanted)}
    delivered = plan.hardware_by_name()
    nodes = (
        Declared(
            subject=wanted.name,
            controller=wanted.controller,
            kind=node,
            state=desired.node_state(wanted, delivered.get(wanted.name)),
            guard=desired.guard_of(plan, in_service=wanted.name in busy),
        )
        for wanted in nodes_in(plan, None)
    )
    return (
        *nodes,
        *parts_of_servers(plan),
        *declared_loops(plan, busy),
        *declared_leak_policies(plan),
        *parts_of_equipment(plan),
        *controllers_themselves(plan, ages or (lambda _: Made())),
        *declared_pdus(plan, busy),
        *declared_shelves(plan, busy),
    )


async def _compare(site: str, parts: Sequence[Declared], connect: Connect) -> Report:
    """Look at all parts behind one controller; where it cannot be met, none is looked at."""
    looked: list[Report] = []
    try:
        async with connect(parts[0].controller) as client:
            once = remembering(client)
            for part in parts:
                looked.append(await _look(site, part, once))
    except DeviceError as error:
        looked += (_not_met(site, part, error) for part in parts[len(looked) :])
    return join_reports(site, looked)


async def _look(site: str, device: Declared, client: Redfish) -> Report:
    try:
        actual = await device.kind.read(client, device.state)
    except DeviceRefused as error:
        return _unread(site, device, str(error))
    found = device.kind.differences(device.state, actual, device.guard, **device.known)
    if isinstance(actual, node.NodeState):
        found = (*found, *staged_against(device.state, actual))
    return report_of(site, device, found)


def _not_met(site: str, device: Declared, error: DeviceError) -> Report:
    """A controller that somebody else has a hand in is a finding, where it is to be ours."""
    kinds = {DeviceUntrusted: "certificate", DeviceRefusedLogin: "password"}
    wrong = next((path for kind, path in kinds.items() if isinstance(error, kind)), "")
    if not isinstance(device.state, ControllerState) or not wrong:
        return _unread(site, device, str(error))
    rest = [one for one in settings_of(device.state) if one != wrong]
    found = _finding(
        site,
        device.subject,
        Difference(
            path=wrong,
            expected=getattr(device.state, wrong),
            actual=str(error),
            remedy=_TOO_OLD if isinstance(error, DeviceTooOld) else _TAKE_OVER,
        ),
    )
    return replace(_unproven(site, device, rest, str(error)), findings=(found,))


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
    return _unproven(site, device, settings_of(device.state), reason)


def _unproven(site: str, device: Declared, settings: Iterable[str], reason: str) -> Report:
    return Report(
        site=site,
        passes={},
        unproven=tuple(
            Unproven(
                layer=FACILITY, subject=device.subject, check=sentence_of(setting), reason=reason
            )
            for setting in settings
        ),
    )
