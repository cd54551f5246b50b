"""Labs for tests: each an instance of its own, so that a lab that is up is never in the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from clusterwright.lab.control import ask
from clusterwright.lab.instance import Lab
from clusterwright.lab.namespace import NAMED
from clusterwright.lab.take_down import take_down
from clusterwright.site_folder import find_site
from tests.sites import without_installation, without_switches

COMMAND = Path(sys.prefix) / "bin/clusterwright"
NUMBERS = count(1)
STORE = "http://10.101.0.1/firmware"
"""Where the lab serves the images of its devices."""

# Speaks Redfish with nothing but the standard library: what `status --json` says is enough.
REDFISH = """
import base64, json, pathlib, ssl, sys, urllib.request
service, ca_file, method, path, body = json.loads(sys.argv[1])
password = pathlib.Path(service["password_file"]).read_text()
login = base64.b64encode(f"{service['username']}:{password}".encode()).decode()
request = urllib.request.Request(
    service["url"] + path,
    method=method,
    data=None if body is None else json.dumps(body).encode(),
    headers={"Authorization": f"Basic {login}", "Content-Type": "application/json"},
)
context = ssl.create_default_context(cafile=ca_file)
with urllib.request.urlopen(request, context=context, timeout=120) as response:
    print(response.read().decode() or "{}")
"""

Finished = subprocess.CompletedProcess[str]


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A lab of a test's own, driven through the command line as an operator would."""

    site: str
    definition: Path
    lab: Lab
    variables: Mapping[str, str] = field(repr=False)

    def command(self, *arguments: str, prefix: tuple[str, ...] = ()) -> Finished:
        """Run `clusterwright ARGUMENTS`."""
        return subprocess.run(
            [*prefix, str(COMMAND), *arguments],
            env=dict(self.variables),
            capture_output=True,
            text=True,
            check=False,
        )

    def up(self) -> Finished:
        """Bring it up with all of its controllers met, as most tests need it."""
        return self.command("lab", "up", "--commissioned", "--site", str(self.definition))

    def dock(self) -> Finished:
        """Bring it up as it is delivered: dark, and nobody has met its controllers."""
        return self.command("lab", "up", "--site", str(self.definition))

    def down(self) -> Finished:
        return self.command("lab", "down", "--site", self.site)

    def status(self) -> dict[str, Any]:
        finished = self.command("lab", "status", "--json", "--site", str(self.definition))
        assert finished.returncode == 0, finished.stderr
        document: dict[str, Any] = json.loads(finished.stdout)
        return document

    def execute(self, *command: str) -> Finished:
        """Run a command in the lab's network, as an operator does."""
        return self.command("lab", "exec", "--site", self.site, "--", *command)

    def inside(self, *command: str) -> Finished:
        """Run a command in the lab's network, without the time that the command line takes."""
        network = NAMED / self.lab.namespace
        return subprocess.run(
            ["nsenter", f"--net={network}", *command], capture_output=True, text=True, check=False
        )

    def ssh(self, host: str, command: str) -> Finished:
        return self.inside("ssh", "-F", str(self.lab.folder.ssh_config), host, command)

    def redfish(self, subject: str, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Ask the controller of `subject`."""
        status = ask(self.lab.control_socket, {"do": "status"})
        service = next(one for one in status["redfish"] if one["subject"] == subject)
        request = json.dumps([service, status["ca_file"], method, path, body])
        finished = self.inside(sys.executable, "-c", REDFISH, request)
        assert finished.returncode == 0, finished.stderr
        document: dict[str, Any] = json.loads(finished.stdout)
        return document


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> None:
    """Where the tests were started in the background, they and their children would ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def make_instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Instance]]:
    """Makes instances that are not up; whatever becomes of them, they are removed at the end."""
    _skip_where_no_lab_can_be()
    made: list[Instance] = []

    def make() -> Instance:
        folder = tmp_path_factory.mktemp("lab")
        site = f"lab-t{os.getpid()}-{next(NUMBERS)}"
        definition = folder / "definition/site.yml"
        definition.parent.mkdir()
        # What is installed over the network has tests of its own.
        text = without_installation(find_site("lab").definition.read_text())
        # So have the switches; without them all addresses are simply there.
        text = without_switches(text)
        assert text.count("\nsite: lab\n") + text.startswith("site: lab\n") == 1
        definition.write_text(text.replace("site: lab\n", f"site: {site}\n", 1))
        state_home = folder / "state"
        made.append(
            Instance(
                site=site,
                definition=definition,
                lab=Lab(site=site, state=state_home / "lab" / site),
                variables={**os.environ, "CLUSTERWRIGHT_STATE_HOME": str(state_home)},
            )
        )
        return made[-1]

    yield make
    for instance in made:
        take_down(instance.lab)


@pytest.fixture
def instance(make_instance: Callable[[], Instance]) -> Iterator[Instance]:
    """A lab of one test's own, not yet up."""
    one = make_instance()
    yield one
    take_down(one.lab)


@pytest.fixture(scope="session")
def running_lab(make_instance: Callable[[], Instance]) -> Instance:
    """A lab that is up, for tests that leave it as they found it."""
    one = make_instance()
    finished = one.up()
    assert finished.returncode == 0, finished.stderr
    return one


@pytest.fixture(scope="session")
def deployed_site(make_instance: Callable[[], Instance]) -> Instance:
    """Three nodes deployed but for their hosts' software; tests leave it as planned."""
    one = make_instance()
    keep_one(one, "hgx-h100-liquid")
    return deployed(one)


@pytest.fixture(scope="session")
def two_nodes(make_instance: Callable[[], Instance]) -> Instance:
    """One node cooled by air and one by liquid, deployed likewise; tests leave it as planned."""
    one = make_instance()
    keep_one(one, "dgx-h100", "hgx-h100-liquid")
    return deployed(one)


def keep_one(instance: Instance, *servers: str) -> None:
    """Leave one server of each of these models in the definition of a lab that is not up yet."""
    text = instance.definition.read_text()
    for server in servers:
        two = f"{{server: {server}, count: 2,"
        assert two in text
        text = text.replace(two, f"{{server: {server}, count: 1,")
    instance.definition.write_text(text)


def deployed(instance: Instance) -> Instance:
    """Bring up a lab and its facility, and nothing of its hosts' software."""
    words = ("up", str(instance.definition), "--layer", "facility")
    for finished in (instance.up(), instance.command(*words)):
        assert finished.returncode == 0, finished.stdout + finished.stderr
    return instance


def _skip_where_no_lab_can_be() -> None:
    if os.geteuid() != 0:
        pytest.skip("the lab needs root: run the tests as root, or deselect with -m 'not lab'")
    if shutil.which("mmdebstrap") is None:
        pytest.skip("mmdebstrap is not installed: see tools/debian-packages.txt")
