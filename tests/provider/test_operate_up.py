"""`up` with the real engine and a provider that manages nothing: dead runs, Ctrl-C, no-ops."""

import json
import os
import select
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import pytest

from clusterwright.errors import ToolError
from clusterwright.operate.pulumi_cli import find_pulumi
from clusterwright.site_folder import PROJECT

RUNNER = """
import sys
import textwrap
import time
from pathlib import Path
from rich.console import Console
from clusterwright.operate import engine, stack
from clusterwright.operate.up import up
from clusterwright.site_folder import SiteFolder
from tests.plans import lab_plan

project = Path.cwd()
engine.PROJECT = project
stack.CONFIGURATIONS = project
folder = SiteFolder(definition=project / "site" / "site.yml")
sys.exit(up(folder, lab_plan(), layer=None, rack=None, console=Console()))
"""
PROGRAM = """
import json
import pulumi
for name in json.loads(open("{nodes}").read()):
    pulumi.CustomResource("clusterwright:facility:Node", name, {{"powerState": "On"}})
"""


def has_engine():
    with suppress(ToolError):
        return bool(find_pulumi())
    return False


pytestmark = pytest.mark.skipif(not has_engine(), reason="no pulumi: run `make tools`")


@pytest.fixture
def project(tmp_path):
    """A project whose program declares the nodes that nodes.json names."""
    (tmp_path / "program").mkdir()
    nodes = tmp_path / "nodes.json"
    nodes.write_text('["su1-n1"]')
    (tmp_path / "program" / "__main__.py").write_text(PROGRAM.format(nodes=nodes))
    (tmp_path / "passphrase").write_text("word\n")
    provider = {"name": "clusterwright", "path": str(PROJECT / "benchmarks" / "noop_provider")}
    settings = {
        "name": "clusterwright",
        "runtime": "python",
        "main": "program",
        "options": {"refresh": "always"},
        "plugins": {"providers": [provider]},
    }
    (tmp_path / "Pulumi.yaml").write_text(json.dumps(settings))
    return tmp_path


class Run:
    """One `up` in a process of its own."""

    def __init__(self, project, operation_s=0, command=(sys.executable, "-u", "-c", RUNNER)):
        variables = os.environ | {
            "PYTHONPATH": str(PROJECT),
            "PULUMI_HOME": str(project / "home"),
            "PULUMI_BACKEND_URL": f"file://{project}/state",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(project / "passphrase"),
            "NOOP_OPERATION_S": str(operation_s),
        }
        self.process = subprocess.Popen(
            command,
            cwd=project,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until(self, words):
        """Read on until a line holds `words`."""
        for line in self.process.stdout:
            if words in line:
                return
        pytest.fail(f"`up` ended and never said {words!r}")

    def ended(self):
        """Return the exit code and the rest of what it says."""
        output, _ = self.process.communicate(timeout=600)
        return self.process.returncode, output


def wait_for_pending_operation(project):
    """The engine says what it begins a moment before it has written that down."""
    state = project / "state" / ".pulumi" / "stacks" / "clusterwright" / "lab.json"
    deadline = time.monotonic() + 600
    while '"pending_operations"' not in state.read_text():
        assert time.monotonic() < deadline, "no pending operation was ever written"
        time.sleep(0.05)


def children(process):
    """Return who was started by any of a process's threads; some of these may have ended by now."""
    found = []
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, file.read_text().split())
    return found


def test_the_second_run_changes_nothing(project):
    code, output = Run(project).ended()
    assert (code, "changes: 2 created" in output) == (0, True), output
    assert Run(project).ended() == (0, "reading what is live\nchanges: none\n")


CHAIN = """
import pulumi
needs = []
for name in ("su1-n1", "su1-n2", "su1-n3"):
    opts = pulumi.ResourceOptions(depends_on=needs)
    needs = [pulumi.CustomResource("clusterwright:facility:Node", name, {"at": "1"}, opts)]
pulumi.CustomResource("clusterwright:facility:Node", "su1-n4", {"at": "1"})
"""


def test_what_a_failure_holds_up_is_named_at_the_end(project, monkeypatch):
    (project / "program" / "__main__.py").write_text(CHAIN)
    monkeypatch.setenv("NOOP_FAILING", "su1-n1")
    code, output = Run(project).ended()
    assert code == 1
    assert output.splitlines()[-2:] == [
        "failed: su1-n1: it shall fail",
        "not touched: su1-n2, su1-n3: they depend on su1-n1, which failed",
    ]
    assert "su1-n4: created" in output
    monkeypatch.setenv("NOOP_FAILING", "")
    code, output = Run(project).ended()
    assert (code, output.splitlines()[-1]) == (0, "changes: 3 created")


def test_another_passphrase_is_the_operators_mistake(project):
    Run(project).ended()
    (project / "passphrase").write_text("another\n")
    _, output = Run(project).ended()
    sentence = (
        f"UsageError: PULUMI_CONFIG_PASSPHRASE_FILE is {project}/passphrase, whose passphrase"
    )
    assert sentence in output


def test_the_stack_says_which_site_it_is(project):
    Run(project).ended()
    said = (project / "Pulumi.lab.yaml").read_text()
    assert f"clusterwright:site: {project}/site\n" in said


def test_after_ctrl_c_only_the_engine_speaks_and_the_next_run_converges(project):
    (project / "nodes.json").write_text(json.dumps([f"su1-n{i}" for i in range(1, 100)]))
    run = Run(project, operation_s=0.5)
    run.until("creating")
    run.process.send_signal(signal.SIGINT)
    code, output = run.ended()
    assert code == 1
    assert output.splitlines()[-1] == "update canceled"
    assert "Traceback" not in output
    code, output = Run(project).ended()
    assert code == 0, output


def test_after_a_killed_engine_the_next_run_takes_up_what_was_open(project):
    run = Run(project, operation_s=600)
    run.until("creating")
    wait_for_pending_operation(project)
    (engine,) = children(run.process.pid)
    plugins = [os.pidfd_open(plugin) for plugin in children(engine)]
    os.kill(engine, signal.SIGKILL)
    code, output = run.ended()
    assert "the engine was killed by signal 9 in the middle of its work" in output
    assert code == 1
    assert plugins
    # A process's descriptor becomes readable when it ends.
    assert [select.select([plugin], [], [], 300)[0] for plugin in plugins] == [[p] for p in plugins]
    code, output = Run(project).ended()
    assert code == 0, output
    assert f"removed the lock of a run that died (process {engine}" in output
    assert "cleared 1 operation that a run left open; this one takes it up" in output


FULL_DISK = """
mkdir state && mount -t tmpfs -o size=8k none state
"$0" -u -c "$1"; echo "exit $?"
mount -o remount,size=64m state
"$0" -u -c "$1"; echo "exit $?"
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk is mounted: needs root")
def test_after_a_full_disk_the_next_run_converges(project):
    unlimited = f"from clusterwright.operate import stack\nstack.LEAST_FREE_BYTES = 0\n{RUNNER}"
    shown = unlimited.replace("sys.exit(up(", "print(up(")
    guarded = f"try:\n{textwrap.indent(shown, '    ')}\nexcept Exception as error: print(error)"
    shell = ("unshare", "--mount", "sh", "-c", FULL_DISK, sys.executable, guarded)
    code, output = Run(project, command=shell).ended()
    assert code == 0, output
    first, _, second = output.partition("exit 0\n")
    assert "its disk is full, so the state of what was done last could not be saved" in first
    assert "changes: 2 created" in second


def test_a_program_that_the_definition_breaks_shows_its_sentence_only(project):
    broken = (
        "from clusterwright.errors import UsageError\nraise UsageError('site x: no such site')\n"
    )
    (project / "program" / "__main__.py").write_text(broken)
    code, output = Run(project).ended()
    assert code == 1
    assert "site x: no such site" in output
    assert "Traceback" not in output
