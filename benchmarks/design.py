"""How long a definition takes to become all of its files."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.definitions import write_site
from benchmarks.line import peak_mib, show
from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.render import encode, render

NODES = (4, 32, 128)
REPETITIONS = 3


def measure() -> None:
    """Measure each size in a process of its own, so that memory is its own, too."""
    for nodes in NODES:
        subprocess.run([sys.executable, "-m", "benchmarks.design", str(nodes)], check=True)


def measure_one(nodes: int) -> None:
    """Print the best of a few runs: what else the machine does only adds."""
    with tempfile.TemporaryDirectory() as folder:
        site = write_site(Path(folder), nodes)
        load_s, loaded = best(lambda: load_site(site))
        design_s, plan = best(lambda: design(loaded))
        render_s, files = best(lambda: render(plan))
    show(
        "design",
        f"{nodes} nodes",
        seconds=round(design_s + render_s, 4),
        load_seconds=round(load_s, 4),
        design_seconds=round(design_s, 4),
        render_seconds=round(render_s, 4),
        links=len(plan.links),
        rendered_bytes=sum(len(encode(content)) for content in files.values()),
        peak_mib=peak_mib(),
    )


def best(work):
    """Return the shortest time in seconds, and the result."""
    times = []
    for _ in range(REPETITIONS):
        started = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - started)
    return min(times), result


if __name__ == "__main__":
    measure_one(int(sys.argv[1]))
