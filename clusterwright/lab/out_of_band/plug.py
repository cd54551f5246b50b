"""The management port of one emulated device: its MAC, its cable, the lease that it got."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv4Address
from pathlib import Path

from clusterwright.lab.netns import Netns
from clusterwright.lab.out_of_band import child

DEVICE = "eth0"
SCRIPT = f"""\
#!/bin/sh
# Called by udhcpc with what has happened; our lines are read by the lab.
case $1 in
bound | renew)
  ip address replace "$ip/$mask" dev {DEVICE}
  ip route replace default via "${{router%% *}}"
  # As devices do: whoever knew another one under this address hears of it.
  busybox arping -U -q -c 1 -w 1 -I {DEVICE} "$ip" >/dev/null &
  echo "$ip"
  ;;
deconfig)
  ip address flush dev {DEVICE}
  echo none
  ;;
esac
"""
_LINK = {True: "up", False: "down"}
# Four tries a second apart, a second's rest, and so on for ever; what it has is given back.
CLIENT = ("udhcpc", "-f", "-R", "-i", DEVICE, "-t", "4", "-T", "1", "-A", "1")

log = logging.getLogger(__name__)


async def _nobody() -> None:
    """Nobody listens to this plug."""


class LeasedPlug:
    """A port that asks for its address by DHCP, and may get another one at any time."""

    def __init__(self, device: str, mac: str, script: Path, group: Path) -> None:
        self.device, self.mac, self.netns = device, mac, Netns()
        self.address: IPv4Address | None = None
        self.moved: Callable[[], Awaitable[None]] = _nobody
        self._script, self._group = script, group
        self._has_lease = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self.lit = True
        """Whether its device has power: without, its link is down and nobody asks."""
        self._turn = asyncio.Lock()

    def socket(self) -> socket.socket:
        """Return a socket of this port's network."""
        return self.netns.socket()

    def prepare(self, others: Iterable[IPv4Address]) -> None:
        """Switch the port on; `others` are addresses of boards that are reached through it."""
        self.netns.ip(
            (
                "link set dev lo up",
                *(f"address add {address}/32 dev lo" for address in others),
                f"link set dev {DEVICE} up",
            )
        )

    def change(self, mac: str) -> None:
        """Be another device's port."""
        self.mac = mac
        self.netns.ip(
            (
                f"link set dev {DEVICE} down",
                f"link set dev {DEVICE} address {mac}",
                *([f"link set dev {DEVICE} up"] if self.lit else []),
            )
        )

    async def power(self, *, live: bool) -> None:
        """Follow the power of its device."""
        async with self._turn:
            if live == self.lit:
                return
            self.lit = live
            await asyncio.to_thread(self.netns.ip, (f"link set dev {DEVICE} {_LINK[live]}",))
            log.info("%s: its management port is %s", self.device, _LINK[live])
            if live:
                await self.ask()
            else:
                await self.release()

    async def ask(self) -> None:
        """Ask for an address, and keep it as long as the server does not take it back."""
        if self._process or not self.lit:
            return
        command = (*self.netns.prefix, *CLIENT, "-s", str(self._script))
        self._process = await child.start(
            self._group, *command, output=asyncio.subprocess.PIPE, words=asyncio.subprocess.DEVNULL
        )
        self._reader = asyncio.create_task(self._listen(self._process))

    async def leased(self) -> None:
        """Return when there is an address."""
        await self._has_lease.wait()

    async def release(self) -> None:
        """Give the address back."""
        if self._process:
            await child.end(self._process)
        if self._reader:
            await self._reader
        await self._set(None)
        self._process = self._reader = None

    async def close(self) -> None:
        """Pull the plug."""
        if self._reader:
            self._reader.cancel()
        if self._process:
            await child.end(self._process)
        self.netns.close()

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            raise AssertionError("started with a pipe")
        async for line in process.stdout:
            word = line.decode().strip()
            await self._set(None if word == "none" else IPv4Address(word))

    async def _set(self, address: IPv4Address | None) -> None:
        if address == self.address:
            return
        log.info("%s: has %s by DHCP", self.device, address or "no address any more")
        self.address = address
        if address:
            self._has_lease.set()
        else:
            self._has_lease.clear()
        await self.moved()


class BoardPlug:
    """A fixed address of a board that is reached through its device's port."""

    def __init__(self, through: LeasedPlug, address: IPv4Address) -> None:
        self.address: IPv4Address | None = address
        self.moved: Callable[[], Awaitable[None]] = _nobody
        self._through = through

    def socket(self) -> socket.socket:
        """Return a socket of its device's network."""
        return self._through.socket()
