"""The DHCP server: the real Kea, on the very file that is rendered from the plan."""

import asyncio
import contextlib
import logging
import os
import signal
from pathlib import Path

from clusterwright.lab.netns import Netns
from clusterwright.lab.out_of_band import child
from clusterwright.lab.programs import run

GATEWAY, SERVER = "169.254.67.1", "169.254.67.2"
"""It is reached through relays only: it stands behind a route, as in a hall."""
DEVICE = "dhcp"
LOOK_S = 1.0
# Where Kea keeps leases is in no file of ours, and several labs share this machine.
_START = 'mount -t tmpfs tmpfs /var/lib && ln -s "$0" /var/lib/kea && exec kea-dhcp4 -c "$1"'

log = logging.getLogger(__name__)


class DhcpServer:
    """Kea in a network namespace of its own; it reads its file again when that has changed."""

    def __init__(self, configuration: Path, folder: Path, group: Path) -> None:
        self._configuration, self._folder, self._group = configuration, folder, group
        self._process: asyncio.subprocess.Process | None = None
        self._follower: asyncio.Task[None] | None = None
        self._netns: Netns | None = None

    async def start(self) -> None:
        """Answer relays; called in the lab's own network."""
        self._netns = netns = Netns()
        await asyncio.to_thread(_plug, netns)
        with contextlib.ExitStack() as stack:
            said = stack.enter_context((self._folder / "kea.log").open("ab"))
            self._process = await child.start(
                self._group,
                *("env", f"KEA_PIDFILE_DIR={self._folder}", f"KEA_LOCKFILE_DIR={self._folder}"),
                *(*netns.prefix, "unshare", "--mount"),
                *("sh", "-c", _START, str(self._folder), str(self._configuration)),
                output=said.fileno(),
            )
        self._follower = asyncio.create_task(self._follow())

    async def close(self) -> None:
        """End it; leases are forgotten with the lab."""
        if self._follower:
            self._follower.cancel()
        if self._process:
            await child.end(self._process)
        if self._netns:
            self._netns.close()

    async def _follow(self) -> None:
        seen = _changed_ns(self._configuration)
        while self._process and self._process.returncode is None:
            await asyncio.sleep(LOOK_S)
            if (now := _changed_ns(self._configuration)) != seen:
                seen = now
                log.info("DHCP server: reads its changed configuration")
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._process.pid, signal.SIGHUP)
        if self._process:
            log.error("DHCP server: has ended (%s)", self._process.returncode)


def _plug(netns: Netns) -> None:
    """Let it be reached over a route."""
    run("ip", "link", "add", DEVICE, "type", "veth", "peer", "eth0", "netns", netns.path)
    run("ip", "address", "add", f"{GATEWAY}/30", "dev", DEVICE)
    run("ip", "link", "set", DEVICE, "up")
    netns.ip(
        (
            "link set dev lo up",
            f"address add {SERVER}/30 dev eth0",
            "link set dev eth0 up",
            f"route add default via {GATEWAY}",
        )
    )


def _changed_ns(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
