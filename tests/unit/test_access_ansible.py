"""Plays: what events say, what decides a digest, and how a play ends."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from clusterwright.access.ansible import TaskFailure, digest, leftovers, play, run_play
from clusterwright.access.ansible.changes import changes_of, differing_lines, pending_of
from clusterwright.access.ansible.events import Events
from clusterwright.access.ansible.inventory import read_hosts
from clusterwright.errors import ToolError, UsageError
from clusterwright.site_folder import SiteFolder

NOTHING = {"before": {}, "after": {}}
SSHD = "/etc/ssh/sshd_config.d/10-clusterwright.conf"
NO_SSH = 9


@pytest.fixture
def folder(tmp_path):
    inventory = tmp_path / "generated/ansible"
    (inventory / "group_vars").mkdir(parents=True)
    nodes = {
        f"n{i}": {"ansible_host": "127.0.0.1", "ansible_port": NO_SSH, "gpu_mig_devices": []}
        for i in (1, 2)
    }
    groups = {
        "management": {"hosts": {}},
        "nodes": {"hosts": nodes},
        "rack_r1": {"hosts": {"n1": {}}},
    }
    (inventory / "hosts.yml").write_text(yaml.safe_dump({"all": {"children": groups}}))
    (inventory / "group_vars/all.yml").write_text("base_os_packages: [chrony]\nshared: all\n")
    (inventory / "group_vars/nodes.yml").write_text(
        "gpu_driver_version: 580.95.05\nshared: nodes\n"
    )
    (tmp_path / "site.yml").touch()
    return SiteFolder(definition=tmp_path / "site.yml")


def change(**result):
    return [(c.item, c.before, c.after) for c in changes_of("n1", "task", "role", result)]


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(
            {"dest": SSHD, "diff": [{"before": "a\nb 9\nc\n", "after": "a\nb 4\nc\n"}, NOTHING]},
            [(SSHD, "b 9", "b 4")],
            id="file edited",
        ),
        pytest.param(
            {"dest": SSHD, "diff": [{"before": "", "after": "a\nb\n"}]},
            [(SSHD, "", "present")],
            id="file gone",
        ),
        pytest.param(
            {
                "dest": SSHD,
                "diff": {
                    "before": {"mode": "0600", "path": SSHD},
                    "after": {"mode": "0644", "path": SSHD},
                },
            },
            [(SSHD, "mode 0600", "mode 0644")],
            id="mode changed",
        ),
        pytest.param(
            {
                "dest": "/etc/x.list",
                "diff": {"before": {"state": "file"}, "after": {"state": "absent"}},
            },
            [("/etc/x.list", "present", "")],
            id="file too many",
        ),
        pytest.param(
            {
                "diff": [
                    {
                        "before_header": "nvidia-open-580",
                        "before": "580.95.04-1\n",
                        "after": "580.95.05-1 (held)\n",
                    },
                    {"before_header": "chrony", "before": "", "after": "any version\n"},
                ]
            },
            [
                ("nvidia-open-580", "580.95.04-1", "580.95.05-1 (held)"),
                ("chrony", "", "any version"),
            ],
            id="packages, each its own",
        ),
        pytest.param(
            {
                "name": "chrony",
                "state": "started",
                "enabled": True,
                "status": {"ActiveState": "inactive", "UnitFileState": "disabled"},
            },
            [("chrony", "inactive disabled", "active enabled")],
            id="service stopped",
        ),
        pytest.param(
            {
                "name": "chrony",
                "state": "stopped",
                "enabled": False,
                "status": {"ActiveState": "active", "UnitFileState": "enabled"},
            },
            [("chrony", "active enabled", "inactive disabled")],
            id="service that runs and should not",
        ),
        pytest.param(
            {
                "name": "chrony",
                "state": "restarted",
                "status": {"ActiveState": "active", "UnitFileState": "enabled"},
            },
            [("chrony", "active enabled", "active enabled")],
            id="service restarted",
        ),
        pytest.param({"msg": "?"}, [("", "not done", "done")], id="a module that says nothing"),
    ],
)
def test_a_result_names_what_is_and_what_should_be(result, expected):
    assert change(**result) == expected


def test_only_lines_that_differ_are_shown_and_not_too_many():
    old, new = "\n".join(map(str, range(100))), "x\n"
    assert differing_lines(old, new) == ("\n".join(map(str, range(8))), "x")
    assert differing_lines("a\nb\n", "a\nb\n") == ("", "")


def test_pending_is_read_from_a_module_and_from_a_message():
    entry = {"subject": "GPU 3", "before": "MIG off (in use by process 7)", "after": "MIG on"}
    for result in ({"pending": [entry]}, {"msg": {"pending": [entry]}}):
        (found,) = pending_of("n1", "task", "role", result)
        assert (found.item, found.before, found.after) == tuple(entry.values())
    assert pending_of("n1", "task", "role", {"msg": "text"}) == ()


def event(kind, *, task="Set it", uuid="1", host="n1", stdout="", **data):
    data = {"host": host, "task": task, "task_uuid": uuid, "role": "base_os", **data}
    return {"event": kind, "event_data": data, "stdout": stdout}


CHANGED = {"changed": True, "diff": [{"before": "a\n", "after": "b\n"}]}


def test_items_are_heard_once_and_handlers_not_at_all():
    events = Events()
    events.hear(event("runner_item_on_ok", res={**CHANGED, "dest": "/etc/a"}))
    events.hear(event("runner_item_on_ok", res={"changed": False}))
    assert (
        events.hear(event("runner_on_ok", res={"changed": True, "results": []}))
        == "n1: base_os : Set it: changed"
    )
    events.hear(
        {"event": "playbook_on_task_start", "event_data": {"uuid": "2", "is_conditional": True}}
    )
    events.hear(event("runner_on_ok", task="Restart it", uuid="2", res=CHANGED))
    result = events.result(())
    assert [(c.task, c.item, c.before, c.after) for c in result.changes] == [
        ("Set it", "/etc/a", "a", "b")
    ]
    assert (result.ok, result.changed) == (True, 1)


def test_a_file_that_is_not_there_is_named_after_the_task():
    events = Events()
    result = {"changed": True, "diff": [{"before": "", "after": "b\n"}]}
    events.hear(
        event("runner_on_ok", res=result, task_args="src=a.j2, dest=/etc/a.conf, mode=0644")
    )
    assert [c.item for c in events.result(()).changes] == ["/etc/a.conf"]


def test_a_failed_task_keeps_the_words_of_its_module():
    events = Events()
    said = {"msg": "Command failed", "stderr": "no such\nunit", "rc": 5}
    line = events.hear(event("runner_on_failed", res=said))
    result = events.result(())
    assert line == "n1: base_os : Set it: failed: Command failed: no such unit"
    failure = TaskFailure(host="n1", task="Set it", message="Command failed: no such unit")
    assert (result.ok, result.failures) == (False, (failure,))


def test_a_failure_that_is_ignored_is_none():
    events = Events()
    events.hear(event("runner_on_failed", res={"msg": "x"}, ignore_errors=True))
    assert events.result(()).ok


def test_unreachable_hosts_are_named_once():
    events = Events()
    events.hear(event("runner_on_unreachable", host="n2", res={"msg": "no route"}))
    result = events.result(("n1", "n2"))
    assert (result.ok, result.unreachable) == (False, ("n1", "n2"))


def test_variables_of_a_host_win_over_its_groups_and_those_over_all(folder):
    (host,) = read_hosts(folder, ["n1"])
    assert host.groups == ("all", "nodes", "rack_r1")
    assert (host.variables["shared"], host.variables["base_os_packages"]) == ("nodes", ["chrony"])


def test_a_host_that_is_not_in_the_inventory_is_named(folder):
    with pytest.raises(UsageError, match=r"^n9: not in the inventory .* clusterwright plan$"):
        read_hosts(folder, ["n1", "n9"])


def test_an_inventory_that_was_not_rendered_is_named(folder):
    (folder.ansible_inventory / "hosts.yml").unlink()
    with pytest.raises(UsageError, match="there is no rendered inventory; render it with"):
        digest("nodes", ["n1"], folder)


def test_a_playbook_that_does_not_exist_is_named(folder):
    with pytest.raises(UsageError, match=r"^playbook knodes: .*choose one of .*nodes.yml"):
        digest("knodes", ["n1"], folder)


def test_digest_does_not_depend_on_order_or_suffix(folder):
    assert digest("nodes", ["n1", "n2"], folder) == digest("nodes.yml", ["n2", "n1"], folder)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param("group_vars/nodes.yml", "580.95.05", "580.95.06", id="group variable"),
        pytest.param(
            "hosts.yml", "gpu_mig_devices: []", "gpu_mig_devices: [1]", id="host variable"
        ),
    ],
)
def test_digest_covers_variables(folder, file, old, new):
    before = digest("nodes", ["n1"], folder)
    changed = folder.ansible_inventory / file
    assert old in changed.read_text()
    changed.write_text(changed.read_text().replace(old, new))
    assert digest("nodes", ["n1"], folder) != before


def test_digest_covers_hosts_playbook_and_roles(folder, monkeypatch, tmp_path):
    digests = {digest("nodes", ["n1"], folder), digest("nodes", ["n1", "n2"], folder)}
    digests.add(digest("site", ["n1"], folder))
    assert len(digests) == 3
    before, read = digest("nodes", ["n1"], folder), Path.read_bytes
    edited = "roles/gpu_mig/tasks/main.yml"
    monkeypatch.setattr(
        Path, "read_bytes", lambda self: b"edited" if str(self).endswith(edited) else read(self)
    )
    assert digest("nodes", ["n1"], folder) != before
    assert digest("management", ["n1"], folder) != before


def run(folder, **arguments):
    return asyncio.run(run_play(folder, "nodes", ["n1"], check=True, **arguments))


def test_a_host_without_ssh_is_named_and_nothing_is_played(folder, monkeypatch):
    monkeypatch.setattr(play, "CHECK_PATIENCE_S", 0.0)
    monkeypatch.setattr(play.ansible_runner, "run", lambda **_: pytest.fail("it was played"))
    result = run(folder)
    assert (result.ok, result.unreachable, result.changed) == (False, ("n1",), 0)


@pytest.fixture
def reachable(monkeypatch):
    async def none_away(*_, **__):
        return ()

    monkeypatch.setattr(play, "hosts_without_ssh", none_away)


def test_progress_and_arguments_go_through_ansible_runner(folder, reachable, monkeypatch):
    seen, lines = {}, []

    def runner(*, event_handler, cancel_callback, **arguments):
        seen.update(arguments)
        event_handler(event("runner_on_ok", res=CHANGED))
        return SimpleNamespace(rc=0, status="successful")

    monkeypatch.setattr(play.ansible_runner, "run", runner)
    result = run(folder, on_progress=lines.append)
    assert lines == ["n1: base_os : Set it: changed"]
    assert (result.ok, result.changed) == (True, 1)
    assert (seen["cmdline"], seen["limit"]) == ("--check --diff", "n1")
    assert seen["envvars"]["ANSIBLE_CONFIG"].endswith("ansible.cfg")
    assert not Path(seen["private_data_dir"]).exists()


def test_ansible_that_ends_where_no_host_failed_is_an_error_with_its_words(
    folder, reachable, monkeypatch
):
    def runner(*, event_handler, cancel_callback, **_):
        event_handler({"event": "verbose", "stdout": "\x1b[31m[ERROR]: no such module\x1b[0m"})
        return SimpleNamespace(rc=4, status="failed")

    monkeypatch.setattr(play.ansible_runner, "run", runner)
    with pytest.raises(ToolError, match=r"with 4 before it was through: \[ERROR\]: no such module"):
        run(folder)


@pytest.mark.parametrize(
    ("last_words", "unfinished"),
    [
        pytest.param([], ("n2",), id="killed in the middle"),
        pytest.param([("n1",)], ("n2",), id="a later play left out"),
        pytest.param([("n1", "n2")], (), id="through"),
    ],
)
def test_a_host_that_the_play_was_not_through_with_is_named(
    folder, reachable, monkeypatch, last_words, unfinished
):
    def runner(*, event_handler, cancel_callback, **_):
        event_handler(event("runner_on_failed", res={"msg": "x"}))
        for hosts in last_words:
            processed = dict.fromkeys(hosts, 1)
            event_handler({"event": "playbook_on_stats", "event_data": {"processed": processed}})
        return SimpleNamespace(rc=2, status="failed")

    monkeypatch.setattr(play.ansible_runner, "run", runner)
    result = asyncio.run(run_play(folder, "nodes", ["n1", "n2"], check=False))
    assert (result.ok, result.unfinished) == (False, unfinished)
    assert [one.host for one in result.failures] == ["n1"]


@pytest.mark.parametrize("way", ["event", "task"])
def test_a_cancelled_play_ends_ansible_and_leaves_no_folder(folder, reachable, monkeypatch, way):
    seen = {}

    def runner(*, event_handler, cancel_callback, private_data_dir, **_):
        seen["folder"] = Path(private_data_dir)
        seen["loop"].call_soon_threadsafe(seen["started"].set)
        while not cancel_callback():
            time.sleep(0.01)
        seen["ended"] = True
        return SimpleNamespace(rc=254, status="canceled")

    monkeypatch.setattr(play.ansible_runner, "run", runner)

    async def cancelled():
        cancel = asyncio.Event()
        seen.update(loop=asyncio.get_running_loop(), started=asyncio.Event())
        task = asyncio.create_task(run_play(folder, "nodes", ["n1"], check=False, cancel=cancel))
        await seen["started"].wait()
        cancel.set() if way == "event" else task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert seen["ended"]
    assert not seen["folder"].exists()


def test_a_play_whose_owner_was_killed_is_ended_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(leftovers.tempfile, "tempdir", str(tmp_path))
    with subprocess.Popen(["true"]) as owner:
        owner.wait()
    orphaned, mine = tmp_path / f"cw-play-{owner.pid}-abc", tmp_path / f"cw-play-{os.getpid()}-abc"
    for folder in (orphaned, mine):
        folder.mkdir()
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(100)"]
    marked = {play.MARK: str(orphaned)}
    with subprocess.Popen(
        command, env=marked, stdout=subprocess.PIPE, start_new_session=True
    ) as orphan:
        # While the kernel still executes the program, /proc shows no environment of it.
        orphan.stdout.readline()
        with leftovers.scratch_folder() as scratch:
            assert orphan.wait(timeout=60) == -signal.SIGTERM
            left = set(tmp_path.iterdir())
    assert left == {mine, Path(scratch)}
