"""Run one play on some hosts of a site."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TypeVar

import ansible_runner  # type: ignore[import-untyped]

from clusterwright.access.ansible.events import Event, Events
from clusterwright.access.ansible.inventory import read_hosts
from clusterwright.access.ansible.leftovers import end_processes_of, scratch_folder
from clusterwright.access.ansible.playbook import CONFIGURATION, find_playbook
from clusterwright.access.ansible.results import PlayResult
from clusterwright.access.ansible.ssh import Ssh, hosts_without_ssh
from clusterwright.errors import ToolError
from clusterwright.site_folder import PROJECT, SiteFolder

MARK = "CLUSTERWRIGHT_PLAY"
BOOT_PATIENCE_S = 60.0
CHECK_PATIENCE_S = 10.0
LOOK_FOR_CANCEL_EVERY_S = 1
Progress = Callable[[str], None]
T = TypeVar("T")


async def run_play(  # noqa: PLR0913 - each is one thing that a caller decides
    folder: SiteFolder,
    playbook: str,
    hosts: Sequence[str],
    *,
    check: bool,
    on_progress: Progress | None = None,
    cancel: asyncio.Event | None = None,
) -> PlayResult:
    """Play `playbook` (a file name under playbooks/) on `hosts`, and on no others.

    Hosts that are still booting are waited for; those that stay away are named in the result and
    do not keep the others from being played. `check` changes nothing and says what would change.
    Ends within seconds once `cancel` is set or the caller's task is cancelled.

    Raises:
        UsageError: there is no such playbook, or a host is not in the rendered inventory.
        ToolError: Ansible ended before it was through, and no host had failed.
        CancelledError: the play was cancelled.
    """
    book, wanted = find_playbook(playbook), read_hosts(folder, hosts)
    with scratch_folder() as scratch:
        ssh = Ssh(
            configuration=folder.ssh_config if folder.ssh_config.is_file() else None,
            sockets=Path(scratch),
            known_hosts=folder.known_hosts,
        )
        environment = _environment(ssh, scratch)
        try:
            patience_s = CHECK_PATIENCE_S if check else BOOT_PATIENCE_S
            away = await _or_cancelled(
                hosts_without_ssh(ssh, wanted, environment, patience_s=patience_s), cancel
            )
            limit = [host.name for host in wanted if host.name not in away]
            events = Events()
            if limit:
                arguments = _arguments(folder, book, limit, scratch, environment, check=check)
                await _or_cancelled(_play(arguments, events, on_progress), cancel)
            return events.result(away, limit)
        finally:
            await asyncio.to_thread(end_processes_of, scratch)


def _environment(ssh: Ssh, scratch: str) -> dict[str, str]:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {
        MARK: scratch,
        "PATH": programs,
        "ANSIBLE_CONFIG": str(CONFIGURATION),
        "ANSIBLE_SSH_ARGS": " ".join(ssh.options),
        "ANSIBLE_LOCAL_TEMP": f"{scratch}/ansible",
        "ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "True",
        # ansible-runner turns it off; the site's known_hosts decides.
        "ANSIBLE_HOST_KEY_CHECKING": "True",
    }


def _arguments(  # noqa: PLR0913
    folder: SiteFolder,
    book: Path,
    limit: Sequence[str],
    scratch: str,
    environment: dict[str, str],
    *,
    check: bool,
) -> dict[str, object]:
    return {
        "private_data_dir": scratch,
        "project_dir": str(PROJECT),
        "playbook": str(book),
        "inventory": str(folder.ansible_inventory),
        "limit": ",".join(limit),
        "cmdline": "--check --diff" if check else "--diff",
        "envvars": environment,
        "settings": {"pexpect_timeout": LOOK_FOR_CANCEL_EVERY_S},
        "quiet": True,
    }


async def _play(arguments: dict[str, object], events: Events, on_progress: Progress | None) -> None:
    """Run ansible-runner in a thread; end it when this task is cancelled."""
    loop, stop = asyncio.get_running_loop(), threading.Event()

    def hear(event: Event) -> bool:
        line = events.hear(event)
        if line and on_progress:
            loop.call_soon_threadsafe(on_progress, line)
        return False

    running = asyncio.create_task(
        asyncio.to_thread(
            ansible_runner.run, **arguments, event_handler=hear, cancel_callback=stop.is_set
        )
    )
    try:
        runner = await asyncio.shield(running)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([running])
        raise
    if runner.rc != 0 and not events.failures and not events.unreachable:
        said = "\n".join(events.last_lines) or f"status {runner.status}"
        raise ToolError(f"ansible-playbook ended with {runner.rc} before it was through: {said}")


async def _or_cancelled(work: Coroutine[None, None, T], cancel: asyncio.Event | None) -> T:
    """Await `work`, unless `cancel` is set first: then end it and raise CancelledError."""
    task = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future((cancel or asyncio.Event()).wait())
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise asyncio.CancelledError("the play was cancelled")
    finally:
        waiting.cancel()
        task.cancel()
        await asyncio.wait({task, waiting})
