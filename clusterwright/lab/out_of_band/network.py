"""The out-of-band network of one lab, from its cables to the leases of its controllers."""

import asyncio
import contextlib
import logging
from collections.abc import Collection
from pathlib import Path

from clusterwright.design.plan import LinkEnd, SitePlan
from clusterwright.lab.facility.identity import mac_of, serial_of
from clusterwright.lab.host_boot import HostSpec
from clusterwright.lab.instance import Lab
from clusterwright.lab.netns import Netns
from clusterwright.lab.out_of_band.cables import cables, relit, settings
from clusterwright.lab.out_of_band.kea import DhcpServer
from clusterwright.lab.out_of_band.plug import SCRIPT, BoardPlug, LeasedPlug
from clusterwright.lab.out_of_band.wiring import wiring_of
from clusterwright.lab.programs import run
from clusterwright.lab.rootfs import SWITCH_PACKAGES, prepare_rootfs

LEASE_S = 30.0
MOVED_S = 10.0
STRANGER_S = 3.0
"""Another machine may get no address at all, where addresses go by MAC: nobody waits for long."""
KEA_FILE = "dhcp/kea-dhcp4.conf"
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")

log = logging.getLogger(__name__)


class OutOfBand:
    """Switches, a DHCP server, and a port for each device with a controller."""

    def __init__(self, lab: Lab, plan: SitePlan) -> None:
        self._lab, self._plan, self._wiring = lab, plan, wiring_of(plan)
        self._folder = lab.state / "network"
        self._group = lab.cgroup / "network"
        self._switches = {one.name: Netns() for one in self._wiring.switches}
        script = self._folder / "lease.sh"
        self._plugs = {
            name: LeasedPlug(name, mac_of(serial_of(name), 0).lower(), script, self._group)
            for name in self._wiring.controllers
        }
        self._boards = {
            board.name: BoardPlug(self._plugs[node.name], board.address)
            for node in plan.nodes
            for board in node.board_controllers
            if node.name in self._plugs
        }
        self._server = DhcpServer(lab.folder.generated / KEA_FILE, self._folder, self._group)
        self._ports = dict(self._wiring.controllers)
        self._following: set[asyncio.Task[None]] = set()
        self.switches = {one.name: one for one in self._wiring.switches}

    def switch_specs(self) -> dict[str, HostSpec]:
        """Return what boots as a switch; nothing where none is planned."""
        if not self._wiring.switches:
            return {}
        rootfs = prepare_rootfs(lambda _: None, SWITCH_PACKAGES)
        return {
            one.name: HostSpec(
                name=one.name,
                address=one.switch.address,
                prefix=self._plan.oob.prefix,
                port="",
                rootfs=rootfs,
                folder=self._lab.host_folder(one.name),
                cgroup=self._lab.cgroup / "hosts" / one.name,
                network=self._switches[one.name].path,
            )
            for one in self._wiring.switches
        }

    def connect(self) -> None:
        """Lay all cables; called in the lab's own network."""
        self._folder.mkdir(parents=True)
        self._group.mkdir(exist_ok=True)
        script = self._folder / "lease.sh"
        script.write_text(SCRIPT)
        script.chmod(0o700)
        FORWARDING.write_text("1")
        paths = {name: netns.path for name, netns in self._switches.items()}
        ends = {name: (plug.mac, plug.netns.path) for name, plug in self._plugs.items()}
        run("ip", "-batch", "-", text="\n".join(cables(self._wiring, paths, ends)) + "\n")
        for switch in self._wiring.switches:
            self._switches[switch.name].ip(settings(switch, self._plan.oob.gateway))
        for node in self._plan.nodes:
            if plug := self._plugs.get(node.name):
                plug.prepare(board.address for board in node.board_controllers)
        for name in self._plugs.keys() - {node.name for node in self._plan.nodes}:
            self._plugs[name].prepare(())

    async def start(self, dark: Collection[str] = ()) -> None:
        """Let all ports ask for an address, and wait until they have one, or long enough.

        Those of devices that are `dark` are down, and do not ask before they get power.
        """
        await self._server.start()
        await asyncio.gather(*(self._plugs[n].power(live=False) for n in dark if n in self._plugs))
        await asyncio.gather(*(plug.ask() for plug in self._plugs.values()))
        await self._settled(*self._plugs)

    async def close(self) -> None:
        """Take it down; the switches have been ended before."""
        for following in tuple(self._following):
            following.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        await asyncio.gather(*(plug.close() for plug in self._plugs.values()))
        await self._server.close()
        for netns in self._switches.values():
            netns.close()

    def plug_of(self, subject: str) -> LeasedPlug | BoardPlug | None:
        """Return the port at which the controller of `subject` is reached."""
        return self._plugs.get(subject) or self._boards.get(subject)

    def beside(self, subject: str) -> str:
        """Return who has the next port of the same switch; nobody, where it is the last."""
        own = self._wiring.controllers.get(subject)
        if own is None:
            return ""
        same = [n for n, end in self._wiring.controllers.items() if end.device == own.device]
        return next(iter(same[same.index(subject) + 1 :]), "")

    def power(self, subject: str, *, live: bool) -> None:
        """Let the port of a device go up or down with its power, soon."""
        if plug := self._plugs.get(subject):
            following = asyncio.create_task(plug.power(live=live))
            self._following.add(following)
            following.add_done_callback(self._followed)

    def _followed(self, following: asyncio.Task[None]) -> None:
        self._following.discard(following)
        if not following.cancelled() and (error := following.exception()):
            log.error("a management port does not follow the power of its device: %s", error)

    async def swap(self, one: str, other: str) -> None:
        """Plug the cables of two devices into each other's port of their switch."""
        plugs = (self._plugs[one], self._plugs[other])
        await asyncio.gather(*(plug.release() for plug in plugs))
        first, second = self._ports[one], self._ports[other]
        await asyncio.to_thread(self._exchange, first, second)
        self._ports[one], self._ports[other] = second, first
        await asyncio.gather(*(plug.ask() for plug in plugs))
        await self._settled(one, other, within_s=MOVED_S)

    async def fit(self, subject: str, mac: str) -> None:
        """Give the port of a device another MAC: it is another device."""
        plug = self._plugs[subject]
        await plug.release()
        await asyncio.to_thread(plug.change, mac)
        await plug.ask()
        await self._settled(subject, within_s=STRANGER_S)

    def darken(self, name: str) -> None:
        """Let all ports of a switch be down, as without power."""
        ports = self.switches[name].ports
        self._switches[name].ip(f"link set dev {port.name} down" for port in ports)

    def light(self, name: str, mac: str) -> None:
        """Let a switch's ports be up again, as another machine's with its own MAC."""
        self._switches[name].ip(relit(self.switches[name], mac, self._plan.oob.gateway))

    def _exchange(self, one: LinkEnd, other: LinkEnd) -> None:
        names = (one.port, other.port)
        spare = "unplugged"
        self._switches[one.device].ip(
            (
                *(f"link set dev {name} down" for name in names),
                f"link set dev {names[0]} name {spare}",
                f"link set dev {names[1]} name {names[0]}",
                f"link set dev {spare} name {names[1]}",
                *(f"link set dev {name} up" for name in names),
            )
        )

    async def _settled(self, *names: str, within_s: float = LEASE_S) -> None:
        waiting = asyncio.gather(*(self._plugs[n].leased() for n in names if self._plugs[n].lit))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(waiting, within_s)
        for name in names:
            if self._plugs[name].address is None and self._plugs[name].lit:
                log.warning("%s: has got no address by DHCP, so nobody answers there", name)
