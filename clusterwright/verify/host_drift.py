"""Do the declared settings of hosts still hold: one check-mode play per rack."""

import asyncio
import difflib
from collections.abc import Iterable

from clusterwright.access.ansible import PlayResult, TaskChange, run_play
from clusterwright.design.plan import SitePlan
from clusterwright.site_folder import SiteFolder
from clusterwright.verify.comparison import ABSENT
from clusterwright.verify.report import Finding, Kind, Report, Unproven, join_reports
from clusterwright.verify.scope import HOSTS, Host, hosts_in

PLAYBOOK = "site"
PLAYS_AT_ONCE = 4
SETTINGS_HOLD = "a play in check mode would change nothing"
SHOWN_LINES = 5


async def host_drift(folder: SiteFolder, plan: SitePlan) -> Report:
    """Play every rack's hosts in check mode: what a play would change is a finding."""
    places = asyncio.Semaphore(PLAYS_AT_ONCE)

    async def play(hosts: tuple[Host, ...]) -> Report:
        names = [host.name for host in hosts]
        async with places:
            result = await run_play(folder, PLAYBOOK, names, check=True)
        return report_of(plan.site, names, result)

    racks = (hosts_in(plan, rack.name) for rack in plan.racks)
    return join_reports(plan.site, await asyncio.gather(*(play(hosts) for hosts in racks if hosts)))


def report_of(site: str, hosts: Iterable[str], result: PlayResult) -> Report:
    """A host passes where the play reached its end and would change nothing."""
    findings = tuple(_finding(site, change) for change in result.changes)
    unproven = (
        *(_unproven(host, SETTINGS_HOLD, "no SSH") for host in result.unreachable),
        *(_unproven(failed.host, failed.task, failed.message) for failed in result.failures),
    )
    doubtful = {change.host for change in result.changes} | {one.subject for one in unproven}
    return Report(
        site=site,
        passes={HOSTS: sum(host not in doubtful for host in hosts)},
        findings=findings,
        unproven=unproven,
    )


def _finding(site: str, change: TaskChange) -> Finding:
    expected, actual = _differing_lines(change.after, change.before)
    return Finding(
        layer=HOSTS,
        subject=f"{change.host} {change.item}".strip(),
        kind=_kind(change),
        check=f"{change.role}: {change.task}",
        expected=expected,
        actual=actual,
        remedy=f"run clusterwright up {site}",
    )


def _kind(change: TaskChange) -> Kind:
    if not change.before.strip():
        return Kind.MISSING
    return Kind.DRIFT if change.after.strip() else Kind.UNEXPECTED


def _differing_lines(expected: str, actual: str) -> tuple[str, str]:
    """Return of two texts only the lines that are not in both."""
    lines = list(difflib.ndiff(actual.splitlines(), expected.splitlines()))
    gone = [line[2:].strip() for line in lines if line.startswith("- ")]
    come = [line[2:].strip() for line in lines if line.startswith("+ ")]
    return _shown(come), _shown(gone)


def _shown(lines: list[str]) -> str:
    said = [line for line in lines if line]
    more = f" (and {len(said) - SHOWN_LINES} more lines)" if len(said) > SHOWN_LINES else ""
    return " ⏎ ".join(said[:SHOWN_LINES]) + more or ABSENT


def _unproven(host: str, check: str, reason: str) -> Unproven:
    return Unproven(layer=HOSTS, subject=host, check=check, reason=reason)
