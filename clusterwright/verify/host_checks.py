"""Do the hosts work as planned: testinfra over SSH, in pytest processes of their own."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from clusterwright.access.program import Ended, run_program
from clusterwright.design.plan import SitePlan
from clusterwright.errors import ToolError
from clusterwright.site_folder import PROJECT, SiteFolder
from clusterwright.verify.report import Report, join_reports
from clusterwright.verify.scope import Host, hosts_in, shares
from clusterwright.verify.verdicts import read_report

CHECKS = PROJECT / "tests" / "infra"
START_S = 60
PER_HOST_S = 30

# pytest's: all passed, some failed.
FINISHED = (0, 1)


async def check_hosts(folder: SiteFolder, plan: SitePlan, rack: str | None) -> Report:
    """Run every check of tests/infra on each of the hosts that should be there."""
    workers = max(1, min(4, os.cpu_count() or 1))
    dealt = shares(hosts_in(plan, rack), workers)
    reports = await asyncio.gather(*(_run(folder, plan.site, share) for share in dealt))
    return join_reports(plan.site, reports)


async def _run(folder: SiteFolder, site: str, hosts: Sequence[Host]) -> Report:
    deadline_s = START_S + PER_HOST_S * len(hosts)
    with tempfile.TemporaryDirectory(prefix="clusterwright-verify-") as scratch:
        verdicts = Path(scratch) / "verdicts.jsonl"
        ended = await run_program(
            _command(folder, hosts, verdicts),
            deadline_s=deadline_s,
            folder=PROJECT,
        )
        lines = verdicts.read_text().splitlines() if verdicts.exists() else []
    late = f"within {deadline_s} s"
    if ended.status not in FINISHED and not lines:
        raise ToolError(_failure(ended, late))
    lost = late if ended.status is None else "before pytest itself ended"
    return read_report(lines, site, unfinished=f"the check did not end {lost}")


def _command(folder: SiteFolder, hosts: Sequence[Host], verdicts: Path) -> list[str]:
    names = ",".join(host.name for host in hosts)
    ssh = [f"--ssh-config={folder.ssh_config}"] if folder.ssh_config.exists() else []
    return [
        *(sys.executable, "-m", "pytest", str(CHECKS), "--quiet", "--tb=short"),
        *(f"--site={folder.definition}", f"--hosts={names}", f"--verdicts={verdicts}"),
        *ssh,
    ]


def _failure(ended: Ended, late: str) -> str:
    last = "\n".join(f"{ended.output}{ended.words}".splitlines()[-20:])
    if ended.status is None:
        return f"pytest {CHECKS}: it did not come to a check {late}; repair what it says:\n{last}"
    return (
        f"pytest {CHECKS}: it ended with {ended.status} before any check; "
        f"repair what it says:\n{last}"
    )
