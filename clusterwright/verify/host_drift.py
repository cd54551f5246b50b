"""Do the declared settings of hosts still hold: one check-mode play per rack."""

import asyncio
from collections.abc import Iterable

from clusterwright.access.ansible import PlayResult, TaskChange, run_play
from clusterwright.design.plan import SitePlan
from clusterwright.site_folder import SiteFolder
from clusterwright.verify.comparison import ABSENT
from clusterwright.verify.report import Finding, Kind, Report, Unproven, join_reports
from clusterwright.verify.scope import HOSTS, Host, hosts_in

PLAYBOOK = "site"
PLAYS_AT_ONCE = 4
SETTINGS_HOLD = "a play would change nothing"


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
    # A unit that would only be restarted is as declared.
    changes = [one for one in result.changes if one.before != one.after]
    pending = [one for one in result.pending if one.before != one.after]
    unproven = (
        *(_unproven(host, SETTINGS_HOLD, "no SSH") for host in result.unreachable),
        *(_unproven(failed.host, failed.task, failed.message) for failed in result.failures),
        *(_unproven(host, SETTINGS_HOLD, "the play ended before") for host in result.unfinished),
    )
    doubtful = {change.host for change in (*changes, *pending)}
    doubtful |= {one.subject for one in unproven}
    return Report(
        site=site,
        passes={HOSTS: sum(host not in doubtful for host in hosts)},
        findings=(
            *(_finding(site, change, pending=False) for change in changes),
            *(_finding(site, change, pending=True) for change in pending),
        ),
        unproven=unproven,
    )


def _finding(site: str, change: TaskChange, *, pending: bool) -> Finding:
    expected = _without(change.after.splitlines(), change.before.splitlines())
    actual = _without(change.before.splitlines(), change.after.splitlines())
    remedy = f"run clusterwright up {site}"
    if pending:
        remedy = f"drain {change.host}, or allow it in maintenance.allow; then {remedy}"
    return Finding(
        layer=HOSTS,
        subject=f"{change.host} {change.item}".strip(),
        kind=_kind(expected, actual),
        check=": ".join(filter(None, (SETTINGS_HOLD, change.role, change.task))),
        expected=expected,
        actual=actual,
        remedy=remedy,
        pending=pending,
    )


def _without(lines: list[str], others: list[str]) -> str:
    """Return the lines that are not among the others; all of them where only the order differs."""
    own = [line.strip() for line in lines if line not in others and line.strip()]
    same = sorted(lines) == sorted(others)
    return "\n".join(lines if same else own) or ABSENT


def _kind(expected: str, actual: str) -> Kind:
    if actual == ABSENT:
        return Kind.MISSING
    return Kind.UNEXPECTED if expected == ABSENT else Kind.DRIFT


def _unproven(host: str, check: str, reason: str) -> Unproven:
    return Unproven(layer=HOSTS, subject=host, check=check, reason=reason)
