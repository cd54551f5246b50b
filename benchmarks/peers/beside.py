"""Our command beside the peers' on fabrics of as many leaves and spines, start-up included."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.definitions import write_site
from benchmarks.line import show
from benchmarks.peers.install import peer_programs

NODES = (32, 128)
"""Of our sites: they have 8 leaves and 4 spines, and 32 and 16."""
COUNTED = ("plan", "inventory", "cables", "bill")


def measure() -> None:
    """Print a row for each size and peer."""
    programs = peer_programs()
    for nodes in NODES:
        leaves, spines = nodes // 4, nodes // 8
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            own_s = _own(folder, nodes)
            for peer, seconds in (
                ("netlab", _netlab(programs, folder, leaves, spines)),
                ("pyavd", _avd(programs, folder, leaves, spines)),
            ):
                show(
                    "design",
                    f"{leaves + spines} switches beside {peer}",
                    seconds=round(own_s, 2),
                    peer_seconds=round(seconds, 2),
                    ratio=round(own_s / seconds, 3),
                )


def _own(folder: Path, nodes: int) -> float:
    site = write_site(folder / "own", nodes)
    picked = [word for what in COUNTED for word in ("--what", what)]
    program = Path(sys.executable).with_name("clusterwright")
    return _timed([program, "plan", site.definition, "--out", folder / "out", *picked], folder)


def _netlab(programs: Path, folder: Path, leaves: int, spines: int) -> float:
    script = Path(__file__).with_name("netlab_fabric.py")
    made = subprocess.run(
        [sys.executable, script, str(leaves), str(spines)], check=True, capture_output=True
    )
    (folder / "topology.yml").write_bytes(made.stdout)
    return _timed([programs / "netlab", "create", "topology.yml"], folder)


def _avd(programs: Path, folder: Path, leaves: int, spines: int) -> float:
    script = Path(__file__).with_name("avd_fabric.py")
    return _timed([programs / "python", script, str(leaves), str(spines)], folder)


def _timed(command: list[str | Path], folder: Path) -> float:
    """Run a command that must succeed; PATH has its own programs first."""
    path = f"{Path(command[0]).parent}:{os.environ['PATH']}"
    started = time.perf_counter()
    subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, check=True, capture_output=True
    )
    return time.perf_counter() - started
