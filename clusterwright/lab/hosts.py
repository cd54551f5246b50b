"""The lab's hosts: each a systemd in namespaces of its own, on one root file system."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from clusterwright.errors import ClusterwrightError, HostError
from clusterwright.lab import cgroup
from clusterwright.lab.host_boot import (
    HostSpec,
    answers,
    console_text,
    last_word,
    shut_down,
    spawn,
)
from clusterwright.lab.host_install import erase, run_installer
from clusterwright.lab.medium import Medium

PROBES = 600
PROBE_PAUSE_S = 0.1

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class _Power:
    """What changes about one host: its processes while it runs, and who waits for its end."""

    process: asyncio.subprocess.Process | None = None
    watcher: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    idle: bool = False
    """Powered, without a system: no disk that boots, or an installer that has stopped."""


class Hosts:
    """Power for the lab's hosts. A host that reboots itself is started again, as hardware would."""

    def __init__(self, specs: dict[str, HostSpec]) -> None:
        self._specs = specs
        self._power = {name: _Power() for name in specs}

    def running(self, name: str) -> bool:
        power = self._power[name]
        return power.idle or power.process is not None

    def console(self, name: str) -> str:
        """The last that the host said before its journal could hear it."""
        return console_text(self._specs[name])

    async def boot(self, name: str) -> bool:
        """Start the host unless it runs; return when its SSH answers, or it has ended.

        False says that it has nothing to boot.
        """
        spec, power = self._specs[name], self._power[name]
        async with power.lock:
            if spec.is_blank:
                power.idle = True
                log.info("host %s: no disk of it boots", name)
                return False
            if power.process is None:
                await self._start(spec, power)
        for _ in range(PROBES):
            if power.process is None or await answers(spec.address):
                return True
            await asyncio.sleep(PROBE_PAUSE_S)
        log.warning("host %s: runs, but nobody answers on its SSH port", name)
        return True

    async def install(self, name: str, medium: Medium) -> None:
        """Run the installer on a medium, which erases the disk, then boot what it has made.

        Raises:
            HostError: there is no system; the installer's sentence says why.
        """
        spec, power = self._specs[name], self._power[name]
        async with power.lock:
            power.idle = True
            try:
                await run_installer(spec, medium)
            except HostError as error:
                log.error("host %s: %s", name, error)
                raise
        power.idle = False
        await self.boot(name)

    async def replace_disk(self, name: str, furnish: Callable[[HostSpec], HostSpec]) -> None:
        """Put an empty disk into a host that is off, and on it what `furnish` writes."""
        power = self._power[name]
        async with power.lock:
            await asyncio.to_thread(erase, self._specs[name])
            self._specs[name] = await asyncio.to_thread(furnish, self._specs[name])

    async def stop(self, name: str, *, graceful: bool) -> None:
        """End the host: by its own shutdown first where `graceful`, else at once."""
        power = self._power[name]
        async with power.lock:
            power.idle = False
            if power.process is None or power.watcher is None:
                return
            if graceful:
                await shut_down(power.process)
            power.watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await power.watcher
            await self._clean(self._specs[name], power)

    async def close(self) -> None:
        """End all hosts at once."""
        await asyncio.gather(*(self.stop(name, graceful=False) for name in self._specs))

    async def _start(self, spec: HostSpec, power: _Power) -> None:
        try:
            power.process = await spawn(spec)
        except BaseException:
            await self._clean(spec, power)
            raise
        power.watcher = asyncio.create_task(self._watch(spec, power))
        log.info("host %s: started", spec.name)

    async def _watch(self, spec: HostSpec, power: _Power) -> None:
        """Wait for the host's own end; start it again if it asked for a reboot."""
        if power.process is None:
            return
        await power.process.wait()
        async with power.lock:
            word = last_word(spec)
            log.info("host %s: ended (%s)", spec.name, word or "without a word")
            await self._clean(spec, power)
            if word in ("reboot", "kexec"):
                await self._restart(spec, power)

    async def _restart(self, spec: HostSpec, power: _Power) -> None:
        try:
            await self._start(spec, power)
        except ClusterwrightError as error:
            log.error("host %s: does not come back from its reboot: %s", spec.name, error)

    async def _clean(self, spec: HostSpec, power: _Power) -> None:
        await asyncio.to_thread(cgroup.kill, spec.cgroup)
        if power.process is not None:
            await power.process.wait()
        await asyncio.to_thread(cgroup.remove, spec.cgroup)
        power.process = power.watcher = None
