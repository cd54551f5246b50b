"""Checks of a live site: every expectation comes from the plan, never from role variables."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import testinfra
from testinfra.host import Host

from clusterwright.design import design
from clusterwright.design.plan import ManagementHost, Node, SitePlan
from clusterwright.load import load_site
from clusterwright.site_folder import find_site
from clusterwright.verify.pytest_plugin import ProbeFailed

Planned = Node | ManagementHost

# One connection per host carries all its checks. A host that stops answering is noticed after 15 s.
SSH = "-o BatchMode=yes -o ServerAliveInterval=5 -o ServerAliveCountMax=3"
PLAN = pytest.StashKey[SitePlan]()


def read_plan(config: pytest.Config) -> SitePlan:
    site = config.getoption("--site")
    if site is None:
        raise pytest.UsageError("--site: name a site under inventory/, or give its definition")
    return design(load_site(find_site(site)))


def pytest_configure(config: pytest.Config) -> None:
    config.stash[PLAN] = read_plan(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    hosts = chosen_hosts(metafunc.config)
    metafunc.parametrize("planned", hosts, ids=[host.name for host in hosts], scope="session")


def chosen_hosts(config: pytest.Config) -> Sequence[Planned]:
    names = (config.getoption("--hosts") or "").split(",")
    return [host for host in config.stash[PLAN].hosts if host.name in names or names == [""]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A host gets only the checks of what it has."""
    fitting = [item for item in items if fits(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in fitting])
    items[:] = fitting


def fits(item: pytest.Item) -> bool:
    planned = item.callspec.params["planned"]  # type: ignore[attr-defined]
    marks = {mark.name for mark in item.iter_markers()}
    if not isinstance(planned, Node):
        return marks.isdisjoint({"gpu", "nvswitch"})
    return "nvswitch" not in marks or planned.gpus.nvswitch


@pytest.fixture(scope="session")
def plan(pytestconfig: pytest.Config) -> SitePlan:
    return pytestconfig.stash[PLAN]


@pytest.fixture(scope="session")
def control_path() -> Iterator[Path]:
    """A folder for the sockets of shared connections: short, or ssh refuses it."""
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def host(
    planned: Planned, plan: SitePlan, pytestconfig: pytest.Config, control_path: Path
) -> Iterator[Host]:
    """The live host as root, over one SSH connection that ends with its last check."""
    config = pytestconfig.getoption("--ssh-config")
    socket = control_path / planned.name
    yield testinfra.get_host(
        f"ssh://{planned.name}",
        ssh_config=config,
        ssh_extra_args=SSH,
        controlpath=str(socket),
        sudo=plan.software.ssh_user != "root",
    )
    testinfra.get_host("local://").run(
        "ssh -O exit -o ControlPath=%s %s", str(socket), planned.name
    )


@pytest.fixture(scope="session")
def probe(host: Host) -> Callable[..., str]:
    """Run a command on the host and return what it prints; it may end with `accept` only."""

    def look(command: str, *arguments: str, accept: Sequence[int] = (0,)) -> str:
        result = host.run(command, *arguments)
        if result.rc not in accept:
            raise ProbeFailed(command, result.rc, result.stdout + result.stderr)
        return str(result.stdout).rstrip("\n")

    return look
