"""The root file system that all hosts of all labs start from: this machine's Debian, small."""

import hashlib
import os
import platform
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from clusterwright.errors import OperationError, ToolError

PACKAGES = (
    "ca-certificates",
    "curl",
    "dbus",
    "gpg",
    "iproute2",
    "iputils-ping",
    "kmod",
    "netbase",
    "openssh-server",
    "procps",
    "python3",
    "python3-apt",
    "sudo",
    "systemd",
    "systemd-sysv",
)

SWITCH_PACKAGES = ("frr", "lldpd")
"""What a switch has beyond that."""

# What needs hardware, a seat or a schedule, none of which a lab's host has.
MASKED_UNITS = (
    "apt-daily-upgrade.timer",
    "apt-daily.timer",
    "console-getty.service",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "fstrim.timer",
    "getty-static.service",
    "getty@.service",
    "systemd-udev-trigger.service",
    "systemd-udevd-control.socket",
    "systemd-udevd-kernel.socket",
    "systemd-udevd.service",
)

# A host has no package source before its role gives it one, and no identity but its own.
REMOVED = (
    "etc/apt/sources.list",
    "etc/apt/sources.list.d/*",
    "etc/hostname",
    "etc/resolv.conf",
    "etc/ssh/ssh_host_*",
    "var/cache/apt/*.bin",
    "var/cache/apt/archives/*.deb",
    "var/lib/apt/lists/*",
    "var/log/*.log",
    "var/log/apt/*",
)

# How a host ended, left where its supervisor finds it: "reboot", "poweroff" or "halt".
SHUTDOWN_HOOK = "usr/lib/systemd/system-shutdown/say-how"
SHUTDOWN_WORD = "var/lib/ended"
SHUTDOWN_SCRIPT = f'#!/bin/sh\necho "$1" > /{SHUTDOWN_WORD}\n'

# These hosts shut down so fast that the bus was gone before logind had answered whoever called
# `reboot`, which then reported a failure.
BUS_SETTINGS = "etc/systemd/system/dbus.service.d/stop.conf"
BUS_TEXT = "[Service]\nExecStop=/bin/sleep 0.5\n"

MACHINE_SOURCES = (
    Path("/etc/apt/sources.list.d/debian.sources"),
    Path("/etc/apt/sources.list"),
)


def prepare_rootfs(say: Callable[[str], None], extra: tuple[str, ...] = ()) -> Path:
    """Return the folder of the root file system; make it first where the cache lacks it.

    `extra` are packages that it has beyond those of every host.
    """
    suite, packages = _debian_suite(), (*PACKAGES, *extra)
    ready = cache_folder() / f"rootfs-{_digest(suite, packages)}"
    if not ready.is_dir():
        partial = ready.with_name(f"{ready.name}.{os.getpid()}.partial")
        try:
            _build(suite, packages, partial, say)
            _keep(partial, ready)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return ready


def _keep(partial: Path, ready: Path) -> None:
    try:
        partial.rename(ready)
    except OSError:
        # Another lab may have been faster; what it made is as good.
        if not ready.is_dir():
            raise


def cache_folder() -> Path:
    """Where things that outlive a lab are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "clusterwright"


def _debian_suite() -> str:
    release = platform.freedesktop_os_release()
    suite = release.get("VERSION_CODENAME", "")
    if release.get("ID") != "debian" or not suite:
        raise OperationError(
            f"operating system {release.get('PRETTY_NAME', 'unknown')}: the lab's hosts are made "
            "of the machine's own Debian packages; run the lab on Debian 12 or later"
        )
    return suite


def _digest(suite: str, packages: tuple[str, ...]) -> str:
    recipe = repr(
        (suite, packages, MASKED_UNITS, REMOVED, SHUTDOWN_HOOK, SHUTDOWN_SCRIPT, BUS_TEXT)
    )
    return hashlib.sha256(recipe.encode()).hexdigest()[:12]


def _build(suite: str, packages: tuple[str, ...], folder: Path, say: Callable[[str], None]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    include = f"--include={','.join(packages)}"
    sources = [str(file) for file in MACHINE_SOURCES if file.is_file()][:1]
    command = ["mmdebstrap", "--variant=minbase", include, suite, str(folder), *sources]
    # An interrupted mmdebstrap leaves its scratch files; these go with their folder.
    with tempfile.TemporaryDirectory(prefix="mmdebstrap-", dir=folder.parent) as scratch:
        _follow(command, say, scratch)
    _finish(folder)


def _follow(command: list[str], say: Callable[[str], None], scratch: str) -> None:
    last_words: list[str] = []
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=os.environ | {"TMPDIR": scratch},
        )
    except FileNotFoundError as error:
        raise ToolError(
            f"{command[0]}: is not installed; install it with: apt-get install {command[0]}"
        ) from error
    with process:
        try:
            for line in process.stderr or ():
                words = line.decode(errors="replace").strip()
                last_words = [*last_words[-9:], words]
                if words.startswith("I: "):
                    say(words.removeprefix("I: "))
        except BaseException:
            # The whole group: what a program has started must not write on while we remove.
            os.killpg(process.pid, signal.SIGTERM)
            if process.stderr:
                process.stderr.read()
            raise
    if process.returncode:
        raise ToolError(
            "root file system of the lab's hosts: mmdebstrap failed; it needs the machine's apt "
            "sources to be reachable; its last words:\n  " + "\n  ".join(last_words)
        )


def _finish(folder: Path) -> None:
    for unit in MASKED_UNITS:
        link = folder / "etc/systemd/system" / unit
        link.unlink(missing_ok=True)
        link.symlink_to("/dev/null")
    for pattern in REMOVED:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    settings = folder / BUS_SETTINGS
    settings.parent.mkdir()
    settings.write_text(BUS_TEXT)
    hook = folder / SHUTDOWN_HOOK
    hook.write_text(SHUTDOWN_SCRIPT)
    hook.chmod(0o755)
