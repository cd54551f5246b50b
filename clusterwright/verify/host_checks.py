"""Do the hosts work as planned: testinfra over SSH, in pytest processes of their own."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from clusterwright.design.plan import SitePlan
from clusterwright.errors import ToolError
from clusterwright.site_folder import PROJECT, SiteFolder
from clusterwright.verify.report import Report, join_reports
from clusterwright.verify.scope import Host, hosts_in, shares
from clusterwright.verify.verdicts import read_report

CHECKS = PROJECT / "tests" / "infra"
START_S = 60
PER_HOST_S = 30
GRACE_S = 5.0

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
        process = await asyncio.create_subprocess_exec(
            *_command(folder, hosts, verdicts),
            cwd=PROJECT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        output = await _finish(process, deadline_s)
        lines = verdicts.read_text().splitlines() if verdicts.exists() else []
    if process.returncode not in FINISHED and not lines:
        raise ToolError(_failure(process.returncode, output))
    lost = f"within {deadline_s} s" if output is None else "before pytest itself ended"
    return read_report(lines, site, unfinished=f"the check did not end {lost}")


def _command(folder: SiteFolder, hosts: Sequence[Host], verdicts: Path) -> list[str]:
    names = ",".join(host.name for host in hosts)
    ssh = [f"--ssh-config={folder.ssh_config}"] if folder.ssh_config.exists() else []
    return [
        *(sys.executable, "-m", "pytest", str(CHECKS), "--quiet", "--tb=short"),
        *(f"--site={folder.definition}", f"--hosts={names}", f"--verdicts={verdicts}"),
        *ssh,
    ]


async def _finish(process: asyncio.subprocess.Process, deadline_s: float) -> str | None:
    """Return what pytest prints, or None at the deadline; leave none behind, whatever happens."""
    try:
        output, _ = await asyncio.wait_for(process.communicate(), deadline_s)
    except TimeoutError:
        return None
    finally:
        await _end(process)
    return output.decode(errors="replace")


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let pytest close its connections; what still runs then is killed."""
    for stop in (signal.SIGINT, signal.SIGKILL):
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, stop)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), GRACE_S)


def _failure(code: int | None, output: str | None) -> str:
    last = "\n".join((output or "").splitlines()[-20:])
    return f"pytest {CHECKS}: it ended with {code} before any check; repair what it says:\n{last}"
