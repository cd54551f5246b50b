"""Logging in to hosts that may still be booting."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from clusterwright.access.ansible.inventory import InventoryHost

RETRY_EVERY_S = 0.5
ONE_TRY_S = 5.0
LOGINS_AT_ONCE = 16
# What waiting does not cure: Ansible then says it, host by host.
HOPELESS = ("Permission denied", "verification failed", "Bad configuration", "not known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ssh:
    """How the `ssh` of one play is called; its connections are shared through `sockets`."""

    configuration: Path | None
    sockets: Path
    known_hosts: Path
    """Host keys of the site, beside those that the operator knows."""

    @property
    def options(self) -> tuple[str, ...]:
        own = ("-F", str(self.configuration)) if self.configuration else ()
        if self.configuration is None and self.known_hosts.is_file():
            own = ("-o", f"GlobalKnownHostsFile={self.known_hosts}")
        shared = ("ControlMaster=auto", "ControlPersist=60s", f"ControlPath={self.sockets}/%C")
        return (*own, *(part for option in shared for part in ("-o", option)))


async def hosts_without_ssh(
    ssh: Ssh, hosts: Iterable[InventoryHost], environment: Mapping[str, str], *, patience_s: float
) -> tuple[str, ...]:
    """Try to log in to every host until it lets us in; return those that did not in time."""
    places = asyncio.Semaphore(LOGINS_AT_ONCE)

    async def answers(host: InventoryHost) -> bool:
        deadline = asyncio.get_running_loop().time() + patience_s
        while True:
            async with places:
                said = await _log_in(ssh, host, environment)
            if said is None or any(sign in said for sign in HOPELESS):
                return True
            if asyncio.get_running_loop().time() + RETRY_EVERY_S >= deadline:
                return False
            await asyncio.sleep(RETRY_EVERY_S)

    tried = list(hosts)
    answered = await asyncio.gather(*(answers(host) for host in tried))
    return tuple(host.name for host, up in zip(tried, answered, strict=True) if not up)


async def _log_in(ssh: Ssh, host: InventoryHost, environment: Mapping[str, str]) -> str | None:
    """Log in once; return None, or what ssh says when it does not get in."""
    user = host.variables.get("ansible_user")
    port = host.variables.get("ansible_port")
    command = [
        "ssh", *ssh.options, "-o", "BatchMode=yes", "-o", f"ConnectTimeout={ONE_TRY_S:.0f}",
        *(("-l", str(user)) if user else ()), *(("-p", str(port)) if port else ()),
        host.address, "true",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
    )
    try:
        # A master connection keeps stderr open for as long as it lives, so no communicate().
        status = await asyncio.wait_for(process.wait(), 2 * ONE_TRY_S)
    except TimeoutError:
        status = 255
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return None if status == 0 else await _first_words(process)


async def _first_words(process: asyncio.subprocess.Process) -> str:
    if process.stderr is None:
        return ""
    try:
        said = await asyncio.wait_for(process.stderr.read(4096), RETRY_EVERY_S)
    except TimeoutError:
        return ""
    return said.decode(errors="replace")
