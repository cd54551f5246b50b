"""One boot of a lab host: from its overlay to a process that ends when the host does."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from clusterwright.errors import HostError
from clusterwright.lab.namespace import plug
from clusterwright.lab.rootfs import SHUTDOWN_WORD

BOOT_SCRIPT = Path(__file__).with_name("boot_host.sh")
NAMESPACES = ("--mount", "--pid", "--uts", "--ipc", "--cgroup")
# systemd(1): what poweroff.target is started by.
SIGNAL_POWEROFF = signal.SIGRTMIN + 4
GRACE_S = 600.0
"""For a host to end by itself: no BMC cuts the power of its own accord. A forced reset does."""
SSH_PORT = 22


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
    network: str = ""
    """A network namespace that is there already, with its ports; else it gets one of its own."""
    hardware: str | None = None
    """Where the host is installed over the network: what it then knows of its own devices."""

    @property
    def disk(self) -> Path:
        """Says what the disk holds of a host that is installed; there is none before."""
        return self.folder / "disk.json"

    @property
    def is_blank(self) -> bool:
        """Whether its disk has no system yet."""
        return self.hardware is not None and not self.disk.exists()

    @property
    def upper(self) -> Path:
        """What the host's disk holds beyond the common root file system."""
        return self.folder / "upper"


async def spawn(spec: HostSpec, *command: str) -> asyncio.subprocess.Process:
    """Boot the host: in its control group, and never outliving this process.

    With a `command`, that runs in place of its system.
    """
    (spec.upper / SHUTDOWN_WORD).unlink(missing_ok=True)
    work, root = spec.folder / "work", spec.folder / "root"
    for folder in (spec.upper, work, root, spec.cgroup):
        folder.mkdir(parents=True, exist_ok=True)
    script = [
        str(BOOT_SCRIPT),
        *map(str, (spec.rootfs, spec.upper, work, root, spec.name)),
        *command,
    ]
    with _console(spec) as console:
        enter = ("nsenter", f"--net={spec.network}") if spec.network else ()
        namespaces = NAMESPACES if spec.network else ("--net", *NAMESPACES)
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(spec.cgroup)),
            *("setpriv", "--pdeathsig", "KILL"),
            *(*enter, "unshare", *namespaces, "--fork", "--kill-child=SIGKILL", "sh", *script),
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
        raise HostError(f"host {spec.name}: did not start: {console_text(spec)}")
    if not spec.network:
        await asyncio.to_thread(plug, spec.port, process.pid, spec.address, spec.prefix)
    process.stdin.write(b"plugged\n")
    await process.stdin.drain()
    process.stdin.close()


async def shut_down(process: asyncio.subprocess.Process) -> None:
    """Ask the host's systemd to power off, and give it its time."""
    for pid in children(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, SIGNAL_POWEROFF)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), GRACE_S)


async def answers(address: IPv4Address) -> bool:
    """Whether SSH can be reached."""
    try:
        async with asyncio.timeout(1):
            _, writer = await asyncio.open_connection(str(address), SSH_PORT)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
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


def console_text(spec: HostSpec) -> str:
    """The last that the host said before its journal could hear it."""
    return (spec.folder / "console.log").read_text(errors="replace").strip()[-500:]


def last_word(spec: HostSpec) -> str:
    """How the host ended: reboot, poweroff or halt; nothing where it could not say."""
    try:
        return (spec.upper / SHUTDOWN_WORD).read_text().strip()
    except OSError:
        return ""
