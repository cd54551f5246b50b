"""The module that owns files whole: what it compares, writes, removes and refuses."""

import importlib.util
import os
from pathlib import Path

import pytest

from clusterwright.site_folder import PROJECT

SOURCE = PROJECT / "roles/base_os/library/owned_files.py"


class Failed(Exception):
    """What AnsibleModule.fail_json ends a module with."""


class Module:
    """Stands in for AnsibleModule; a validator refuses whatever has the word `wrong` in it."""

    def __init__(self, tmpdir, *files, check_mode=False, **params):
        defaults = {"mode": "0644", "validate": None}
        self.params = {
            "files": [{**defaults, **file} for file in files],
            "downloads": {},
            "nothing_else_in": None,
            "patterns": [],
            **params,
        }
        self.check_mode, self.tmpdir = check_mode, str(tmpdir)

    def run_command(self, command):
        draft = Path(command.split()[1]).read_text()
        return (1, "", "line 1: wrong") if "wrong" in draft else (0, "", "")

    def atomic_move(self, source, destination):
        Path(source).replace(destination)

    def fail_json(self, msg, **_):
        raise Failed(msg)


@pytest.fixture(scope="module")
def owned():
    spec = importlib.util.spec_from_file_location("owned_files", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(owned, tmp_path, monkeypatch):
    (tmp_path / "drafts").mkdir()
    owner = f"{os.getuid()}:{os.getgid()}"
    monkeypatch.setattr(owned, "OWNER", owner)
    return lambda *files, **more: owned.result(Module(tmp_path / "drafts", *files, **more))


def test_a_file_is_written_with_its_folder_once(run, tmp_path):
    file = {"path": str(tmp_path / "etc/new.d/a.conf"), "content": "a\n", "mode": "0600"}
    first = run(file)
    assert (first["changed_paths"], first["absent_paths"]) == ([file["path"]], [file["path"]])
    assert (tmp_path / "etc/new.d/a.conf").read_text() == "a\n"
    assert (tmp_path / "etc/new.d/a.conf").stat().st_mode & 0o777 == 0o600
    again = run(file)
    assert (again["changed"], again["absent_paths"], again["diff"]) == (False, [], [])


def test_check_mode_shows_the_difference_and_writes_nothing(run, tmp_path):
    there, gone = tmp_path / "there", tmp_path / "gone"
    there.write_text("old\n")
    there.chmod(0o644)
    files = [{"path": str(path), "content": "new\n"} for path in (there, gone)]
    found = run(*files, check_mode=True)
    assert [(d["before_header"], d["before"], d["after"]) for d in found["diff"]] == [
        (str(there), "old\n", "new\n"),
        (str(gone), "", "new\n"),
    ]
    assert (there.read_text(), gone.exists()) == ("old\n", False)


def test_permissions_differ_though_the_content_does_not(run, tmp_path):
    path = tmp_path / "a"
    path.write_text("a\n")
    path.chmod(0o666)
    (shown,) = run({"path": str(path), "content": "a\n"})["diff"]
    assert (shown["before"]["mode"], shown["after"]["mode"]) == ("0666", "0644")
    assert path.stat().st_mode & 0o777 == 0o644


def test_what_the_validator_refuses_is_not_written(run, tmp_path):
    path = tmp_path / "a"
    path.write_text("right\n")
    file = {"path": str(path), "content": "wrong\n", "validate": "check %s"}
    with pytest.raises(Failed, match=r"a was not written: its validator said: line 1: wrong"):
        run(file)
    assert path.read_text() == "right\n"


def test_only_matching_strangers_go(run, tmp_path):
    folder = tmp_path / "apt"
    (folder / "d").mkdir(parents=True)
    for name in ("sources.list", "d/other.sources", "d/ours.sources", "d/keep.conf"):
        (folder / name).write_text("x\n")
        (folder / name).chmod(0o644)
    ours = {"path": str(folder / "d/ours.sources"), "content": "x\n"}
    found = run(ours, nothing_else_in=str(folder), patterns=["*.list", "*.sources"])
    assert {d["after"]["state"] for d in found["diff"]} == {"absent"}
    left = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert left == {"d/ours.sources", "d/keep.conf"}


def test_a_download_is_a_file_and_one_that_fails_is_named(run, tmp_path):
    source, path = tmp_path / "key.asc", tmp_path / "keyring.asc"
    source.write_text("key\n")
    assert run(downloads={str(path): source.as_uri()})["changed_paths"] == [str(path)]
    assert path.read_text() == "key\n"
    with pytest.raises(Failed, match=r"keyring.asc: .*/none cannot be fetched: .*No such file"):
        run(downloads={str(path): (tmp_path / "none").as_uri()})
