"""`pulumi up`, a no-op and a refresh of N nodes, beside the same program with a no-op provider.

What the no-op provider takes is the engine's floor: Pulumi's own cost on this machine.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.controllers import everything_of, furnish, inputs_of, plan_of
from benchmarks.line import show
from clusterwright.design.plan import SitePlan
from clusterwright.operate.environment import environment
from clusterwright.site_folder import PROJECT, SiteFolder

NODES = (10, 100, 500)
WITH_EVERYTHING = (125,)
"""Each with all four kinds that a stack declares of it: as many resources as 500 nodes are."""
NOOP_PROVIDER = PROJECT / "benchmarks" / "noop_provider"
OWN_PROVIDER = Path(sys.prefix) / "bin"
OPERATIONS = {
    "create": ("up", "--yes", "--skip-preview"),
    "no-op": ("up", "--yes", "--skip-preview", "--expect-no-changes"),
    "refresh": ("refresh", "--yes", "--skip-preview", "--expect-no-changes"),
}


def measure() -> None:
    """Measure each size in a network namespace of its own, which ends with the measurement."""
    if os.geteuid() != 0:
        sys.exit("bench pulumi: emulated controllers need a network namespace: run it as root")
    sizes = [(nodes, "node") for nodes in NODES] + [(nodes, "all") for nodes in WITH_EVERYTHING]
    for nodes, parts in sizes:
        own = [sys.executable, "-m", "benchmarks.pulumi_up", str(nodes), parts]
        subprocess.run(["unshare", "--net", *own], check=True)


def measure_one(nodes: int, parts: str) -> None:
    """Print a line for each operation. We are in the namespace already."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = plan_of(folder, nodes)
        furnish(folder, plan)
        answer_at(plan)
        write_inputs(folder, plan, parts)
        floor = timed_operations(folder / "floor", folder, plan, NOOP_PROVIDER)
        with controllers(folder, nodes):
            own = timed_operations(folder / "own", folder, plan, OWN_PROVIDER)
    each = ", everything" if parts == "all" else ""
    for operation, seconds in own.items():
        show(
            "pulumi",
            f"{nodes} nodes{each}, {operation}",
            seconds=round(seconds, 2),
            floor_seconds=round(floor[operation], 2),
            ratio=round(seconds / floor[operation], 2),
        )


def answer_at(plan: SitePlan) -> None:
    """Make every address of the out-of-band network this namespace's own."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    route = ["ip", "route", "add", "local", str(plan.oob.prefix), "dev", "lo"]
    subprocess.run(route, check=True)


@contextmanager
def controllers(folder: Path, nodes: int) -> Iterator[None]:
    """Run the emulated BMCs in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.controllers", str(folder), str(nodes)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout.readline() == "ready\n"
        yield
        child.stdin.close()


def timed_operations(
    project: Path, folder: Path, plan: SitePlan, provider: Path
) -> Mapping[str, float]:
    """Return the seconds that each operation takes with one provider."""
    write_project(project, provider)
    variables = os.environ | {
        "PULUMI_HOME": str(project / "home"),
        "PULUMI_BACKEND_URL": f"file://{project}/state",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(folder / "passphrase"),
    }
    variables |= environment(SiteFolder(definition=folder / "site.yml"), plan, variables)
    pulumi(project, variables, "stack", "init", plan.site, "--secrets-provider", "passphrase")
    pulumi(project, variables, "config", "set", "bench:nodes", str(folder / "nodes.json"))
    pulumi(project, variables, "config", "set", "clusterwright:site", str(folder))
    seconds = {}
    for operation, arguments in OPERATIONS.items():
        started = time.perf_counter()
        pulumi(project, variables, *arguments)
        seconds[operation] = time.perf_counter() - started
    return seconds


def write_inputs(folder: Path, plan: SitePlan, parts: str) -> None:
    """Write what is declared of each node, by kind."""
    of_all = {
        node.name: everything_of(node) if parts == "all" else {"Node": inputs_of(node)}
        for node in plan.nodes
    }
    (folder / "nodes.json").write_text(json.dumps(of_all))


def write_project(project: Path, provider: Path) -> None:
    (project / "state").mkdir(parents=True)
    settings = {
        "name": "clusterwright",
        "runtime": "python",
        "main": str(PROJECT / "benchmarks" / "program"),
        "plugins": {"providers": [{"name": "clusterwright", "path": str(provider)}]},
    }
    (project / "Pulumi.yaml").write_text(json.dumps(settings))


def pulumi(project: Path, variables: Mapping[str, str], *arguments: str) -> None:
    """Run one command; where it fails, its own words are what the benchmark ends with."""
    command = ["pulumi", *arguments, "--non-interactive"]
    answer = subprocess.run(
        command, cwd=project, env=variables, capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{answer.stdout}{answer.stderr}")


if __name__ == "__main__":
    measure_one(int(sys.argv[1]), sys.argv[2])
