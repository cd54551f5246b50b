"""Another machine of the same model in the place of a device: as it leaves the factory."""

from collections.abc import Iterable
from pathlib import Path

from clusterwright.errors import UsageError
from clusterwright.lab.authority import sign_itself
from clusterwright.lab.facility.accounts import FIRST
from clusterwright.lab.facility.bmc import Bmc
from clusterwright.lab.facility.controller_memory import Account, ControllerMemory, digest
from clusterwright.lab.facility.identity import mac_of, serial_of
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.pdu import Pdu
from clusterwright.lab.facility.serve import Endpoint, Facility

_FILES = (".json", ".controller.json", ".log.json", ".crt", ".key", ".next.key")
"""What a device keeps of itself, behind its name."""


class Exchange:
    """Takes a device out, with what sits on its boards, and puts another one in."""

    def __init__(self, facility: Facility, subject: str, besides: Iterable[str] = ()) -> None:
        """Find the device; `besides` are others that are exchanged in another way.

        Raises:
            UsageError: the lab has none of that name that stands at a place of its own.
        """
        whole = [name for name in facility.endpoints if name not in facility.site.boards]
        if subject not in whole:
            raise UsageError(
                f"{subject}: is no device of the lab that another could take the place of; "
                f"choose one of {', '.join([*whole, *besides])}"
            )
        nodes = (node for node in facility.site.plan.nodes if node.name == subject)
        boards = (board.name for node in nodes for board in node.board_controllers)
        self._facility, self._subject = facility, subject
        self._ends = [facility.endpoints[name] for name in (subject, *boards)]
        self._feed_live = True

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the logins of all its controllers."""
        return tuple(end.controller.secret for end in self._ends)

    async def take_out(self) -> None:
        """Pull every cord of it: what is wrong with it is gone with it."""
        for name, subject in sorted(self._facility.faults):
            if subject in {end.subject for end in self._ends}:
                await self._facility.set_fault(name, subject, active=False)
        device = self._ends[0].device
        if isinstance(device, Pdu):
            self._feed_live = device.feed_live
            await device.set_feed(live=False)
        if isinstance(device, Bmc):
            await device.power.trip()
        for end in self._ends:
            await self._facility.board.close(end.listener)
        for end in self._ends:
            await end.device.close()

    async def put_in(self, login: tuple[str, str]) -> None:
        """Let another one stand there, which its factory's login opens; then it gets power."""
        settings, machine = self._facility.settings, self._ends[0].device.service.machine + 1
        for end in self._ends:
            _leave_factory(settings.devices, end.subject, login, machine)
            address = end.controller.address
            sign_itself(end.controller.name, address, into=settings.certificates)
        self._facility.site.renew(self._subject)
        if (network := self._facility.network) and network.plug_of(self._subject):
            # Nobody has told the DHCP server of it yet: that is what its manifest is for.
            mac = mac_of(serial_of(self._subject, machine), 0).lower()
            await network.fit(self._subject, mac)
        for end in self._ends:
            await self._open(end)
        device = self._facility.site.devices[self._subject]
        if isinstance(device, Pdu):
            await device.set_feed(live=self._feed_live)

    async def _open(self, old: Endpoint) -> None:
        end = self._facility.endpoint_of(old.subject)
        self._facility.endpoints[old.subject] = end
        await self._facility.open(end)


def _leave_factory(folder: Path, name: str, login: tuple[str, str], machine: int) -> None:
    for ending in _FILES:
        (folder / f"{name}{ending}").unlink(missing_ok=True)
    account = Account(number=FIRST, username=login[0], digest=digest(*login), must_change=True)
    memory = Memory(folder / f"{name}.controller.json", ControllerMemory())
    memory.update(machine=machine, accounts={FIRST: account}, hostname=name)
