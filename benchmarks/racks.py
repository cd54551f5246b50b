"""Bringing up many racks of emulated devices beside each other, with one that fails and without.

Devices are emulated in a process of their own; their delays, and the patience with them, are a
hundredth of real ones. Hosts are left out: it is controllers that are talked to.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import dock
from benchmarks.bmcs import raise_limit
from benchmarks.line import peak_mib, show
from clusterwright.operate.rack.open_site import open_live_site
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.runner import Course, run_racks
from clusterwright.operate.rack.steps import GATES
from clusterwright.vault_file import VARIABLE

NODES = 256
AT_ONCE = 16
BROKEN = "cords-swapped@su1-n1"
PATIENCE = Patience(
    inrush_scale=1 / dock.FASTER,
    outlet_s=30.0,
    controller_s=6.0,
    settle_s=60.0,
    cord_s=5.0,
    poll_s=0.02,
)


def measure() -> None:
    """Measure both, each in processes of their own."""
    for broken in ("", BROKEN):
        with tempfile.TemporaryDirectory() as folder:
            arguments = (folder, str(NODES), broken)
            subprocess.run([sys.executable, "-m", "benchmarks.racks", *arguments], check=True)


def measure_one(folder: Path, nodes: int, broken: str) -> None:
    """Serve racks, bring all of them up, and print what it took."""
    raise_limit()
    plan = dock.plan_of(folder, nodes)
    site = dock.furnish(folder, plan)
    os.environ[VARIABLE] = str(folder / "passphrase")
    serving = [sys.executable, "-m", "benchmarks.dock", str(folder), str(nodes), broken]
    with subprocess.Popen(
        serving, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            assert process.stdout.readline() == "ready\n"
            outcomes, seconds, each_s = asyncio.run(bring_up(site, plan))
            process.stdin.write("\n")
            process.stdin.flush()
            served = json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
    held = [outcome for outcome in outcomes if outcome.held_at]
    others = [each_s[outcome.rack] for outcome in outcomes if not outcome.held_at]
    show(
        "racks",
        f"{len(outcomes)} racks of {nodes // len(outcomes)} nodes, {AT_ONCE} at a time"
        + (", one with swapped cords" if broken else ""),
        seconds=round(seconds, 1),
        in_service=sum(outcome.in_service for outcome in outcomes),
        held_up=[f"{o.rack} at {o.held_at.name}" for o in held],
        median_rack_seconds=round(sorted(others)[len(others) // 2], 1),
        longest_rack_seconds=round(max(others), 1),
        peak_mib=peak_mib(),
        emulator_mib=served["mib"],
    )


async def bring_up(site, plan):
    """Lead every rack through all gates but the hosts'; return outcomes, time, and that of each."""
    live = open_live_site(site, plan, PATIENCE, port=dock.PORT)
    course = Course(gates=tuple(gate for gate in GATES if gate.name != "hosts"))
    began: dict[str, float] = {}
    ended: dict[str, float] = {}

    def hear(outcome) -> None:
        began.setdefault(outcome.rack, time.perf_counter())
        if outcome.ended:
            ended[outcome.rack] = time.perf_counter()

    started = time.perf_counter()
    racks = [rack.name for rack in plan.racks]
    outcomes = await run_racks(live, racks, course, hear, at_once=AT_ONCE)
    seconds = time.perf_counter() - started
    return outcomes, seconds, {name: ended[name] - began[name] for name in racks}


if __name__ == "__main__":
    measure_one(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
