"""The operating system installed, the hosts' play done, acceptance passed."""

from clusterwright.access.ansible import PlayResult, run_play
from clusterwright.operate.rack.gates import systems
from clusterwright.operate.rack.gates.looking import each
from clusterwright.operate.rack.gates.reach import answers
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import (
    HELD_UP,
    Check,
    Checks,
    failed,
    passed,
    unproven,
    worst,
)
from clusterwright.operate.rack.waiting import until
from clusterwright.verify.report import Finding, Report
from clusterwright.verify.scope import Host, hosts_in
from clusterwright.verify.site import verify

PLAYBOOK = "site"
LOGS_IN = "its operating system runs and takes a login"
PLAYED = "the hosts' play has reached its end"
ACCEPTED = "it works as planned"


async def look(rack: LiveRack) -> Checks:
    """Ask for every check of `clusterwright verify --rack`, once all hosts answer."""
    reached = await each(_reach(rack, host) for host in _hosts(rack))
    if worst(reached) in HELD_UP:
        return reached
    if rack.idle and not rack.played:
        reason = "not played in this run"
        remedy = "run without --dry-run: a play that has nothing to do changes nothing"
        return (*reached, failed(rack.name, PLAYED, reason, remedy))
    rack.note("acceptance")
    report = await verify(rack.site.folder, rack.site.plan, rack.name)
    return (*reached, *_checks(rack.name, report))


async def act(rack: LiveRack) -> Checks:
    """Install the hosts that are ours to install, wait for all to boot, and play them."""
    if unready := await systems.install(rack):
        return unready
    hosts = _hosts(rack)
    await each(_boot(rack, host) for host in hosts)
    rack.note("the hosts' play")
    names = [host.name for host in hosts]
    result = await run_play(rack.site.folder, PLAYBOOK, names, check=False, on_progress=rack.note)
    rack.played = result.ok
    return _failures(result)


def _hosts(rack: LiveRack) -> tuple[Host, ...]:
    return hosts_in(rack.site.plan, rack.name)


async def _reach(rack: LiveRack, host: Host) -> Checks:
    silent = await answers(host.address, deadline_s=rack.site.patience.greeting_s)
    if not silent:
        return (passed(host.name, LOGS_IN, str(host.address)),)
    return (
        failed(host.name, LOGS_IN, silent, "see its console: it has no operating system, or hangs"),
    )


async def _boot(rack: LiveRack, host: Host) -> Checks:
    patience = rack.site.patience

    async def look() -> str:
        return await answers(host.address, deadline_s=patience.greeting_s)

    await until(look, lambda why: not why, deadline_s=patience.boot_s, pauses_s=patience.evenly_s())
    return ()


def _failures(result: PlayResult) -> Checks:
    lost = (failed(host, PLAYED, "no SSH", "see its console") for host in result.unreachable)
    stopped = (
        failed(one.host, PLAYED, f"{one.task}: {one.message}", "mend it, and run this again")
        for one in result.failures
    )
    cut = (
        failed(host, PLAYED, "it ended before", "mend what failed elsewhere, and run this again")
        for host in result.unfinished
    )
    return (*lost, *stopped, *cut)


def _checks(rack: str, report: Report) -> Checks:
    counted = f"{report.passed} of {report.checked} checks of clusterwright verify pass"
    return (
        passed(rack, ACCEPTED, counted),
        *(_found(finding) for finding in report.findings),
        *(unproven(one.subject, one.check, one.reason) for one in report.unproven),
    )


def _found(finding: Finding) -> Check:
    found = f"{finding.actual}, but {finding.expected} is expected"
    return failed(finding.subject, finding.check, found, finding.remedy)
