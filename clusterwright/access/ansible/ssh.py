"""Logging in to hosts that may still be booting."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from clusterwright.access.ansible.inventory import InventoryHost
from clusterwright.access.program import run_program

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
    ended = await run_program(
        command, deadline_s=2 * ONE_TRY_S, environment={**os.environ, **environment}
    )
    return None if ended.status == 0 else ended.words
