"""Serve a site's facility over Redfish, and break it on request."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from clusterwright.catalogue import Catalogue, load_catalogue
from clusterwright.design.plan import Controller, SitePlan
from clusterwright.errors import OperationError, UsageError
from clusterwright.lab.authority import issue, make_ca
from clusterwright.lab.facility.bmc import Bmc
from clusterwright.lab.facility.cdu import Cdu
from clusterwright.lab.facility.listener import Listener
from clusterwright.lab.facility.node_power import HostPower
from clusterwright.lab.facility.pdu import Pdu
from clusterwright.lab.facility.site import Settings, Site
from clusterwright.lab.facility.wire import handler

UNREACHABLE = "bmc-unreachable"
FOREIGN_CERTIFICATE = "foreign-certificate"
FAULTS = (UNREACHABLE, FOREIGN_CERTIFICATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One controller as it is reached: `subject` is the name of what it controls."""

    subject: str
    kind: str
    controller: Controller
    listener: Listener


class Facility:
    """A running facility: `site` for its devices, `set_fault` for what is wrong with it."""

    def __init__(self, site: Site, endpoints: tuple[Endpoint, ...], folder: Path) -> None:
        self.site = site
        self.endpoints = {endpoint.subject: endpoint for endpoint in endpoints}
        self._folder = folder
        self._faults: set[tuple[str, str]] = set()

    @property
    def faults(self) -> frozenset[tuple[str, str]]:
        """The faults that are active, as (name, subject)."""
        return frozenset(self._faults)

    async def set_fault(self, name: str, subject: str, *, active: bool) -> None:
        """Inject or clear a fault at the controller of `subject` (su1-n1, cdu1, r1-pdu-a)."""
        if name not in FAULTS:
            raise UsageError(f"fault {name}: unknown; choose one of {', '.join(FAULTS)}")
        if subject not in self.endpoints:
            known = ", ".join(sorted(self.endpoints))
            raise UsageError(f"fault {name}: there is no controller of {subject}; there is {known}")
        before = set(self._faults)
        (self._faults.add if active else self._faults.discard)((name, subject))
        try:
            await self._apply(self.endpoints[subject])
        except OperationError:
            self._faults = before
            raise

    async def start(self) -> None:
        """Answer at every address, and bring hosts back to what their BMCs remember."""
        opening = (self._apply(endpoint) for endpoint in self.endpoints.values())
        # All have ended, well or badly, before anybody closes what is open.
        for ending in await asyncio.gather(*opening, return_exceptions=True):
            if ending:
                raise ending
        for bmc in self.site.nodes.values():
            bmc.power.resume()

    async def close(self) -> None:
        """Stop to answer; devices keep their state, hosts stay as they are."""
        await asyncio.gather(*(e.listener.close() for e in self.endpoints.values()))
        await asyncio.gather(*(device.close() for device in self.site.devices.values()))

    async def _apply(self, endpoint: Endpoint) -> None:
        if (UNREACHABLE, endpoint.subject) in self._faults:
            await endpoint.listener.close()
            return
        certificate, key = self._certificate(endpoint)
        await endpoint.listener.open(certificate, key)

    def _certificate(self, endpoint: Endpoint) -> tuple[Path, Path]:
        name = endpoint.controller.name
        if (FOREIGN_CERTIFICATE, endpoint.subject) not in self._faults:
            return self._folder / f"{name}.crt", self._folder / f"{name}.key"
        other_site = self._folder / "another-site"
        make_ca(other_site, name="CA of another site")
        return issue(other_site, name, endpoint.controller.address)


async def serve_facility(  # noqa: PLR0913 - everything that tells one lab from another
    plan: SitePlan,
    hosts: HostPower,
    *,
    state: Path,
    credentials: Mapping[str, tuple[str, str]],
    certificates: Path,
    catalogue: Catalogue | None = None,
    port: int = 443,
    post_s: float = 1.5,
) -> Facility:
    """Serve all controllers of `plan` on their planned addresses until `Facility.close`.

    `credentials` are user name and password by the name of the secret; `certificates` holds
    <controller name>.crt and .key; `post_s` is how long a server's power-on self test takes.
    """
    settings = Settings(
        devices=state / "devices",
        catalogue=catalogue or load_catalogue(),
        credentials=credentials,
        post_s=post_s,
    )
    site = Site(plan, hosts, settings)
    endpoints = tuple(_endpoint(subject, device, port) for subject, device in site.devices.items())
    facility = Facility(site, endpoints, certificates)
    try:
        await facility.start()
    except BaseException:
        await facility.close()
        raise
    return facility


def _endpoint(subject: str, device: Bmc | Cdu | Pdu, port: int) -> Endpoint:
    kind, controller = _described(device)
    address = IPv4Address(controller.address)
    listener = Listener(handler(device.tree, device.sessions), address, port)
    return Endpoint(subject=subject, kind=kind, controller=controller, listener=listener)


def _described(device: Bmc | Cdu | Pdu) -> tuple[str, Controller]:
    if isinstance(device, Bmc):
        return "bmc", device.node.controller
    if isinstance(device, Cdu):
        return "cdu", device.loop.controller
    return "pdu", device.pdu.controller
