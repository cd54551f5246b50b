"""Bring a lab up from nothing, or leave nothing."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from clusterwright.catalogue import load_catalogue
from clusterwright.design.plan import SitePlan
from clusterwright.errors import OperationError, UsageError
from clusterwright.lab import cgroup, inotify, namespace
from clusterwright.lab.dock import make_commissioned, make_dock
from clusterwright.lab.firmware_store import build_store
from clusterwright.lab.furnish import make_logins, make_site_folder
from clusterwright.lab.installation_media import make_images, make_installation_secrets
from clusterwright.lab.instance import DOCK, Lab
from clusterwright.lab.out_of_band.wiring import wiring_of
from clusterwright.lab.packages import build_repository
from clusterwright.lab.requirements import (
    require_linux_root,
    require_nothing_there,
    require_programs,
)
from clusterwright.lab.rootfs import SWITCH_PACKAGES, prepare_rootfs
from clusterwright.lab.take_down import take_down
from clusterwright.render import Content
from clusterwright.site_folder import SiteFolder

PATIENCE_S = 120.0
SUPERVISOR = "clusterwright.lab.supervisor"


class Say(Protocol):
    """Tells the operator which step has begun, and what a long one is doing now."""

    def __call__(self, step: str, detail: str = "") -> None: ...


def bring_up(  # noqa: PLR0913 - what a lab is made from, and what as
    lab: Lab,
    definition: SiteFolder,
    plan: SitePlan,
    rendered: Mapping[str, Content],
    say: Say,
    *,
    commissioned: bool = False,
) -> None:
    """Bring the lab of `plan` up; `say` hears each step. A step that fails undoes all before it.

    It is a loading dock: dark, and nobody has met its controllers. Where it is `commissioned`,
    intake and first contact are done, and the outlets are on.

    Raises:
        OperationError: the machine cannot have this lab now, or a step failed.
    """
    _require(lab, plan)
    say("root file system of the hosts")
    rootfs = prepare_rootfs(lambda detail: say("root file system of the hosts", detail))
    switches = wiring_of(plan).switches
    if switches:
        step = "root file system of the switches"
        say(step)
        prepare_rootfs(lambda detail: say(step, detail), SWITCH_PACKAGES)
    cgroup.claim(lab.cgroup)
    try:
        say("secrets, certificates and keys")
        inotify.make_room(len(plan.hosts) + len(switches))
        make_site_folder(lab, definition, plan, rendered)
        if commissioned:
            make_commissioned(lab, plan, load_catalogue(lab.folder.catalogue))
        else:
            make_dock(lab, plan)
        make_logins(lab, plan)
        say("package repository and firmware store")
        build_repository(plan, lab.packages)
        build_store(plan, lab.firmware)
        if plan.installations:
            say("images of the installers")
            make_installation_secrets(lab, plan)
            make_images(lab, plan)
        say("network namespace")
        namespace.make(lab.namespace, plan)
        say("controllers and the head host")
        _start_supervisor(lab, rootfs, *(() if commissioned else (DOCK,)))
    except BaseException as error:
        say("undoing what was made")
        _undo(lab)
        if isinstance(error, OSError):
            raise OperationError(
                f"lab {lab.site}: {error.filename or lab.state}: {error.strerror}; "
                "set CLUSTERWRIGHT_STATE_HOME to a folder with space where root may write"
            ) from error
        raise


def _undo(lab: Lab) -> None:
    # A second Ctrl-C must not leave half of it behind.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        take_down(lab)
    finally:
        signal.signal(signal.SIGINT, before)


def _require(lab: Lab, plan: SitePlan) -> None:
    require_linux_root("lab up")
    if not plan.emulated:
        raise UsageError(
            f"site {plan.site}: is a real one, and only a site whose definition says "
            "`emulated: true` has a lab"
        )
    require_programs(switches=bool(wiring_of(plan).switches))
    require_nothing_there(lab)


def _start_supervisor(lab: Lab, *arguments: str | Path) -> None:
    with lab.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", SUPERVISOR, str(lab.state), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
        )
    deadline_s = time.monotonic() + PATIENCE_S
    while not lab.control_socket.exists():
        if process.poll() is not None or time.monotonic() > deadline_s:
            raise OperationError(
                f"lab {lab.site}: its supervisor did not come up; its last words:\n"
                + _last_words(lab.log)
            )
        time.sleep(0.05)


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return "\n".join(f"  {line}" for line in lines[-12:]) or "  (none)"
