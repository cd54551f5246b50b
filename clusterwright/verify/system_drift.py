"""Does every host that we install have the system of its answer file."""

import asyncio

from clusterwright.access import os_install
from clusterwright.access.guard import Difference
from clusterwright.access.os_install import InstallState
from clusterwright.access.os_install.state import Presence
from clusterwright.design.plan import Installation, SitePlan
from clusterwright.site_folder import SiteFolder
from clusterwright.verify.desired import guard_of, in_service, order_of
from clusterwright.verify.report import Finding, Kind, Report, Unproven, join_reports
from clusterwright.verify.scope import HOSTS

ASKED_AT_ONCE = 32
AS_INSTALLED = "the system is the one of the host's answer file"


async def system_drift(folder: SiteFolder, plan: SitePlan) -> Report:
    """Ask every host that we install what it was installed with."""
    places = asyncio.Semaphore(ASKED_AT_ONCE)
    nodes = {node.name: node for node in plan.nodes}

    async def ask(one: Installation) -> Report:
        order = order_of(folder, plan, one)
        async with places:
            state = await os_install.read(folder, order)
        guard = guard_of(plan, in_service=in_service(nodes[one.host]))
        found = os_install.differences(order.digest, order.again, state, guard)
        return report_of(plan.site, one.host, state, found)

    return join_reports(plan.site, await asyncio.gather(*map(ask, plan.installations)))


def report_of(site: str, host: str, state: InstallState, found: tuple[Difference, ...]) -> Report:
    """One check: it holds, it does not, or nobody could look."""
    if state.presence is Presence.SILENT and not found:
        unproven = Unproven(layer=HOSTS, subject=host, check=AS_INSTALLED, reason=state.words)
        return Report(site=site, passes={}, unproven=(unproven,))
    kind = Kind.MISSING if state.presence is Presence.BLANK else Kind.DRIFT
    findings = tuple(
        Finding(
            layer=HOSTS,
            subject=host,
            kind=kind,
            check=AS_INSTALLED,
            expected=one.expected,
            actual=one.actual,
            remedy=one.remedy.replace("clusterwright up", f"clusterwright up {site}"),
            pending=one.pending,
        )
        for one in found
    )
    return Report(site=site, passes={HOSTS: int(not findings)}, findings=findings)
