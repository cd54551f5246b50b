"""How long a definition takes to become all of its files."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from math import log
from pathlib import Path
from typing import TypeVar

from benchmarks.definitions import write_site
from benchmarks.line import peak_mib, show
from benchmarks.peers import beside
from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.load import load_site
from clusterwright.render import encode, render

NODES = (32, 128, 512, 2048, 16384)
COUNTED = frozenset({"plan", "inventory", "cables", "bill"})
"""The artefacts that the figures are about; drawings and the workbook have rows of their own."""
OTHERS = ("drawings", "workbook")
OTHERS_UP_TO = 512
REPEATED_UP_TO = 512
REPETITIONS = 3
T = TypeVar("T")


def measure() -> None:
    """Measure each size in a process of its own, so that memory is its own, too."""
    rows = [_in_a_process(nodes) for nodes in NODES]
    show("design", "exponent", links=[row["links"] for row in rows], exponent=exponent(rows))
    _measure_check()
    beside.measure()


def _in_a_process(nodes: int) -> dict[str, float]:
    """Pass the rows of one size on, and return the first."""
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.design", str(nodes)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    print(finished.stdout, end="", flush=True)
    row: dict[str, float] = json.loads(finished.stdout.splitlines()[0])
    return row


def exponent(rows: list[dict[str, float]]) -> float:
    """Return the slope of seconds over links, both as logarithms: 1 is linear growth."""
    points = [(log(row["links"]), log(row["cpu_seconds"])) for row in rows]
    mean_x, mean_y = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    rise = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return round(rise / sum((x - mean_x) ** 2 for x, _ in points), 3)


def measure_one(nodes: int) -> None:
    """Print the best of a few runs: what else the machine does only adds."""
    repetitions = REPETITIONS if nodes <= REPEATED_UP_TO else 1
    with tempfile.TemporaryDirectory() as folder:
        site = write_site(Path(folder), nodes)
        (load_s, _), loaded = best(lambda: load_site(site), repetitions)
        (design_s, design_cpu_s), plan = best(lambda: design(loaded), repetitions)
        (render_s, render_cpu_s), files = best(lambda: render(plan, COUNTED), repetitions)
    show(
        "design",
        f"{nodes} nodes",
        seconds=round(design_s + render_s, 4),
        cpu_seconds=round(design_cpu_s + render_cpu_s, 4),
        load_seconds=round(load_s, 4),
        design_seconds=round(design_s, 4),
        render_seconds=round(render_s, 4),
        gpus=sum(node.gpus.count for node in plan.nodes),
        links=len(plan.links),
        rendered_bytes=sum(len(encode(content)) for content in files.values()),
        peak_mib=peak_mib(),
    )
    if nodes <= OTHERS_UP_TO:
        _measure_others(nodes, plan)


def _measure_others(nodes: int, plan: SitePlan) -> None:
    for what in OTHERS:
        (seconds, cpu_s), _ = best(lambda what=what: render(plan, frozenset({what})), 1)
        show(
            "design",
            f"{what} of {nodes} nodes",
            seconds=round(seconds, 4),
            cpu_seconds=round(cpu_s, 4),
        )


def _measure_check() -> None:
    """Measure `clusterwright check` as an operator starts it."""
    command = [Path(sys.executable).with_name("clusterwright"), "check", "h100-su"]
    (seconds, _), _ = best(lambda: subprocess.run(command, check=True, capture_output=True), 5)
    show("design", "check h100-su, start-up included", seconds=round(seconds, 3))


def best(work: Callable[[], T], repetitions: int) -> tuple[tuple[float, float], T]:
    """Return the shortest time in seconds, the processor's time of that run, and the result."""
    times = []
    for _ in range(repetitions):
        started, cpu_started = time.perf_counter(), time.process_time()
        result = work()
        times.append((time.perf_counter() - started, time.process_time() - cpu_started))
    return min(times), result


if __name__ == "__main__":
    measure_one(int(sys.argv[1]))
