"""Serve a site's facility over Redfish, and break it on request."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from clusterwright.catalogue import Catalogue, load_catalogue
from clusterwright.design.plan import Controller, SitePlan
from clusterwright.errors import UsageError
from clusterwright.lab.facility.board import Board
from clusterwright.lab.facility.faults import FAULTS, Undo
from clusterwright.lab.facility.listener import Listener
from clusterwright.lab.facility.network import FacilityNetwork, Plug
from clusterwright.lab.facility.node_host import HostPower
from clusterwright.lab.facility.settings import Settings
from clusterwright.lab.facility.site import Device, Site
from clusterwright.lab.facility.wire import handler

SLOW_S = 30.0
"""How long a slow controller takes to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One controller as it is reached: `subject` is the name of what it controls."""

    subject: str
    device: Device
    listener: Listener
    delivered: tuple[Path, Path]
    """The certificate that it came with, and the key."""

    @property
    def kind(self) -> str:
        return self.device.kind

    @property
    def controller(self) -> Controller:
        return self.device.controller

    @property
    def certificate(self) -> tuple[Path, Path]:
        """What it shows: what somebody has installed, or what it came with."""
        return self.device.service.store.installed or self.delivered


class Facility:
    """A running facility: `site` for its devices, `set_fault` for what is wrong with it."""

    def __init__(
        self,
        site: Site,
        board: Board,
        settings: Settings,
        *,
        network: FacilityNetwork | None = None,
        slow_s: float = SLOW_S,
    ) -> None:
        self.site, self.board, self.settings, self.slow_s = site, board, settings, slow_s
        self.network = network
        self.endpoints = {subject: self.endpoint_of(subject) for subject in site.devices}
        self.feeds = {pdu.feed: pdu.feed for pdu in site.plan.pdus}
        self._undo: dict[tuple[str, str], Undo] = {}
        if network:
            site.power_changed = lambda name, live: network.power(name, live=live)

    @property
    def faults(self) -> frozenset[tuple[str, str]]:
        """The faults that are active, as (name, subject)."""
        return frozenset(self._undo)

    @property
    def possible_faults(self) -> tuple[tuple[str, str], ...]:
        """Every fault that can be injected, with its subject."""
        return tuple(
            (name, subject) for name, fault in FAULTS.items() for subject in fault.subjects(self)
        )

    async def set_fault(self, name: str, subject: str, *, active: bool) -> None:
        """Inject or clear a fault of `subject` (su1-n1, cdu1, r1-pdu-a, feed A)."""
        if name not in FAULTS:
            raise UsageError(f"fault {name}: unknown; choose one of {', '.join(FAULTS)}")
        known = FAULTS[name].subjects(self)
        if subject not in known:
            there_is = ", ".join(sorted(known)) or "nothing it could happen to"
            raise UsageError(f"fault {name}: it cannot happen to {subject}; there is {there_is}")
        if active and (name, subject) not in self._undo:
            self._undo[name, subject] = await FAULTS[name].inject(self, subject)
        elif not active and (name, subject) in self._undo:
            await self._undo[name, subject]()
            del self._undo[name, subject]

    def endpoint_of(self, subject: str) -> Endpoint:
        """Return how a device is reached that is not open yet."""
        plug = self.network.plug_of(subject) if self.network else None
        return _endpoint(subject, self.site.devices[subject], self.settings, plug)

    async def start(self) -> None:
        """Answer at every address, and bring hosts back to what their BMCs remember."""
        opening = (self.open(endpoint) for endpoint in self.endpoints.values())
        # All have ended, well or badly, before anybody closes what is open.
        for ending in await asyncio.gather(*opening, return_exceptions=True):
            if ending:
                raise ending
        self.site.start()

    async def open(
        self, endpoint: Endpoint, certificate: Callable[[], tuple[Path, Path]] | None = None
    ) -> None:
        """Answer at an address, with the endpoint's own certificate where no other is given."""

        def show() -> None:
            endpoint.listener.open(certificate() if certificate else endpoint.certificate)

        show()
        endpoint.device.service.certificate_changed = show
        await self.board.open(endpoint.listener)

    async def close(self) -> None:
        """Stop to answer; devices keep their state, hosts stay as they are."""
        await asyncio.gather(*(self.board.close(e.listener) for e in self.endpoints.values()))
        await self.site.close()


async def serve_facility(  # noqa: PLR0913 - everything that tells one lab from another
    plan: SitePlan,
    hosts: HostPower,
    *,
    state: Path,
    credentials: Mapping[str, tuple[str, str]],
    certificates: Path,
    catalogue: Catalogue | None = None,
    network: FacilityNetwork | None = None,
    port: int = 443,
    shared_device: str = "",
    slow_s: float = SLOW_S,
    **times: float,
) -> Facility:
    """Serve all controllers of `plan` on their planned addresses until `Facility.close`.

    `credentials` are user name and password by the name of the secret; `certificates` holds
    <controller name>.crt and .key; with `shared_device` one socket answers for all addresses, to
    whoever comes in through that device; a controller with a plug in `network` answers under the
    address that it has there. `times` are further settings of how the devices behave.
    """
    settings = Settings(
        devices=state / "devices",
        certificates=certificates,
        catalogue=catalogue or load_catalogue(),
        credentials=credentials,
        **times,  # type: ignore[arg-type]
    )
    site = Site(plan, hosts, settings)
    board = Board(port, device=shared_device)
    facility = Facility(site, board, settings, network=network, slow_s=slow_s)
    try:
        await facility.start()
    except BaseException:
        await facility.close()
        raise
    return facility


def _endpoint(subject: str, device: Device, settings: Settings, plug: Plug | None) -> Endpoint:
    address = IPv4Address(device.controller.address)
    return Endpoint(
        subject=subject,
        device=device,
        listener=Listener(handler(device.service), address, plug),
        delivered=settings.certificate(device.controller),
    )
