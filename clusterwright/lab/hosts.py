"""The lab's hosts: each a systemd in namespaces of its own, on one root file system."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from clusterwright.errors import ClusterwrightError, HostError
from clusterwright.lab import cgroup
from clusterwright.lab.namespace import plug
from clusterwright.lab.rootfs import SHUTDOWN_WORD

BOOT_SCRIPT = Path(__file__).with_name("boot_host.sh")
NAMESPACES = ("--net", "--mount", "--pid", "--uts", "--ipc", "--cgroup")
# systemd(1): what poweroff.target is started by.
SIGNAL_POWEROFF = signal.SIGRTMIN + 4
GRACE_S = 20.0
SSH_PORT = 22
PROBES = 600
PROBE_PAUSE_S = 0.1

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSpec:
    """One host as its supervisor sees it: where its disk lies and which bridge port is its own."""

    name: str
    address: IPv4Address
    prefix: IPv4Network
    port: str
    rootfs: Path
    folder: Path
    cgroup: Path

    @property
    def upper(self) -> Path:
        """What the host's disk holds beyond the common root file system."""
        return self.folder / "upper"


@dataclass(slots=True, kw_only=True)
class _Power:
    """What changes about one host: its processes while it runs, and who waits for its end."""

    process: asyncio.subprocess.Process | None = None
    watcher: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hosts:
    """Power for the lab's hosts. A host that reboots itself is started again, as hardware would."""

    def __init__(self, specs: dict[str, HostSpec]) -> None:
        self._specs = specs
        self._power = {name: _Power() for name in specs}

    def running(self, name: str) -> bool:
        return self._power[name].process is not None

    async def boot(self, name: str) -> None:
        """Start the host unless it runs; return when its SSH answers, or it has ended."""
        spec, power = self._specs[name], self._power[name]
        async with power.lock:
            if power.process is None:
                await self._start(spec, power)
        for _ in range(PROBES):
            if power.process is None or await _answers(spec.address):
                return
            await asyncio.sleep(PROBE_PAUSE_S)
        log.warning("host %s: runs, but nobody answers on its SSH port", name)

    async def stop(self, name: str, *, graceful: bool) -> None:
        """End the host: by its own shutdown first where `graceful`, else at once."""
        power = self._power[name]
        async with power.lock:
            if power.process is None or power.watcher is None:
                return
            if graceful:
                await _shut_down(power.process)
            power.watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await power.watcher
            await self._clean(self._specs[name], power)

    async def close(self) -> None:
        """End all hosts at once."""
        await asyncio.gather(*(self.stop(name, graceful=False) for name in self._specs))

    async def _start(self, spec: HostSpec, power: _Power) -> None:
        (spec.upper / SHUTDOWN_WORD).unlink(missing_ok=True)
        try:
            power.process = await _spawn(spec)
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
            word = _last_word(spec)
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


async def _spawn(spec: HostSpec) -> asyncio.subprocess.Process:
    work, root = spec.folder / "work", spec.folder / "root"
    for folder in (spec.upper, work, root, spec.cgroup):
        folder.mkdir(parents=True, exist_ok=True)
    script = [str(BOOT_SCRIPT), *map(str, (spec.rootfs, spec.upper, work, root, spec.name))]
    with _console(spec) as console:
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(spec.cgroup)),
            *("setpriv", "--pdeathsig", "KILL"),
            *("unshare", *NAMESPACES, "--fork", "--kill-child=SIGKILL", "sh", *script),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=console,
        )
    await _plug(spec, process)
    return process


async def _plug(spec: HostSpec, process: asyncio.subprocess.Process) -> None:
    if process.stdin is None or process.stdout is None:
        raise AssertionError("started with pipes")
    if await process.stdout.readline() != b"unshared\n":
        raise HostError(f"host {spec.name}: did not start: {_console_text(spec)}")
    await asyncio.to_thread(plug, spec.port, process.pid, spec.address, spec.prefix)
    process.stdin.write(b"plugged\n")
    await process.stdin.drain()
    process.stdin.close()


async def _shut_down(process: asyncio.subprocess.Process) -> None:
    for pid in _children(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, SIGNAL_POWEROFF)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), GRACE_S)


async def _answers(address: IPv4Address) -> bool:
    try:
        async with asyncio.timeout(1):
            _, writer = await asyncio.open_connection(str(address), SSH_PORT)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except OSError:
        return []


@contextlib.contextmanager
def _console(spec: HostSpec) -> Iterator[int]:
    handle = os.open(spec.folder / "console.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _console_text(spec: HostSpec) -> str:
    return (spec.folder / "console.log").read_text(errors="replace").strip()[-500:]


def _last_word(spec: HostSpec) -> str:
    try:
        return (spec.upper / SHUTDOWN_WORD).read_text().strip()
    except OSError:
        return ""
