"""The root file system is made whole or not at all, and names no package source."""

import os
import platform
from pathlib import Path

import pytest

from clusterwright.errors import OperationError, ToolError
from clusterwright.lab import rootfs

SUCCEEDS = """#!/bin/sh
# mmdebstrap --variant=minbase --include=... SUITE FOLDER [SOURCES]
echo "I: unpacking $3" >&2
mkdir -p "$4/etc/apt/sources.list.d" "$4/etc/systemd/system" "$4/etc/ssh"
mkdir -p "$4/usr/lib/systemd/system-shutdown" "$4/var/lib/apt/lists/partial"
echo "URIs: http://mirror.example/debian" > "$4/etc/apt/sources.list.d/0000debian.sources"
echo mirror > "$4/var/lib/apt/lists/mirror.example_Packages"
echo key > "$4/etc/ssh/ssh_host_rsa_key"
echo "nameserver 192.0.2.53" > "$4/etc/resolv.conf"
"""
FAILS = """#!/bin/sh
mkdir -p "$4/etc"
echo "E: cannot fetch" >&2
exit 1
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    release = {"ID": "debian", "VERSION_CODENAME": "bookworm"}
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)
    return tmp_path / "cache/clusterwright"


def install(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    program = folder / "bin/mmdebstrap"
    program.parent.mkdir(exist_ok=True)
    program.write_text(script)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def test_it_is_built_once_and_says_what_it_does(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, tmp_path, SUCCEEDS)
    said: list[str] = []
    ready = rootfs.prepare_rootfs(said.append)
    assert said == ["unpacking bookworm"]
    assert list(cache.iterdir()) == [ready]
    install(monkeypatch, tmp_path, FAILS)
    assert rootfs.prepare_rootfs(said.append) == ready


def test_nothing_of_this_machines_sources_and_keys_stays_in_it(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, tmp_path, SUCCEEDS)
    ready = rootfs.prepare_rootfs(lambda _: None)
    files = [path for path in ready.rglob("*") if path.is_file() and not path.is_symlink()]
    assert {path.relative_to(ready).as_posix() for path in files} == {
        rootfs.SHUTDOWN_HOOK,
        rootfs.BUS_SETTINGS,
    }


def test_units_without_a_purpose_in_the_lab_are_masked(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, tmp_path, SUCCEEDS)
    units = rootfs.prepare_rootfs(lambda _: None) / "etc/systemd/system"
    masked = [unit for unit in units.iterdir() if unit.is_symlink()]
    assert {unit.name: str(unit.readlink()) for unit in masked} == dict.fromkeys(
        rootfs.MASKED_UNITS, "/dev/null"
    )


def test_a_build_that_fails_leaves_nothing_and_gives_its_last_words(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, tmp_path, FAILS)
    with pytest.raises(ToolError, match="E: cannot fetch"):
        rootfs.prepare_rootfs(lambda _: None)
    assert list(cache.iterdir()) == []


def test_a_machine_that_is_not_debian_is_refused(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = {"ID": "fedora", "PRETTY_NAME": "Fedora Linux 43", "VERSION_CODENAME": ""}
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)
    with pytest.raises(OperationError) as refused:
        rootfs.prepare_rootfs(lambda _: None)
    assert str(refused.value) == (
        "operating system Fedora Linux 43: the lab's hosts are made of the machine's own Debian "
        "packages; run the lab on Debian 12 or later"
    )


def test_an_interrupted_build_leaves_nothing(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, tmp_path, SUCCEEDS + "sleep 60\n")

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rootfs.prepare_rootfs(interrupt)
    assert list(cache.iterdir()) == []
