"""The controller's part of an installation: what the server boots from, once."""

from dataclasses import dataclass

from cryptography import x509

from clusterwright.access.coolant_flow import Coolant
from clusterwright.access.os_install.order import Order
from clusterwright.access.power_change import refuse_to_heat
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.exchange import Reply
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members
from clusterwright.access.system import choose_reset, find_system, set_boot
from clusterwright.access.watched_reset import SWITCH_ON
from clusterwright.errors import DeviceRefused

HTTPS_BOOT = "https-boot"


class _Holder(Resource):
    media = Link("VirtualMedia")


class _Boot(Resource):
    certificates = Link("Boot/Certificates")
    uri = Field("Boot/HttpBootUri", str, "")


class _Drive(Resource):
    kinds: Field[list[str]] = Field("MediaTypes", list, [])
    inserted = Field("Inserted", bool, default=False)
    insert = Field("Actions/#VirtualMedia.InsertMedia/target", str, "")
    eject = Field("Actions/#VirtualMedia.EjectMedia/target", str, "")


class _Certificate(Resource):
    pem = Field("CertificateString", str, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A boot override as it was before, in Redfish's words."""

    target: str
    enabled: str
    mode: str


async def prepare(client: Redfish, order: Order, url: str, ca: str) -> Override:
    """Let the server's next boot, and only that one, be from `url`; return what was to be.

    Raises:
        DeviceRefused: the controller has no drive for it, or keeps no CA.
    """
    system = await find_system(client)
    if order.method == HTTPS_BOOT:
        await _enrol(client, ca)
        await client.patch(system.path, {"Boot": {"HttpBootUri": url}})
        await set_boot(client, system, target="UefiHttp", enabled="Once", mode="UEFI")
    else:
        drive = await _drive(client)
        await _eject(client, drive)
        await client.post(drive.insert, {"Image": url, "Inserted": True, "WriteProtected": True})
        await set_boot(client, system, target="Cd", enabled="Once", mode="UEFI")
    return Override(
        target=system.boot_target, enabled=system.boot_enabled, mode=system.boot_mode or "UEFI"
    )


async def start(client: Redfish, coolant: Coolant | None = None) -> Reply:
    """Restart the server, or switch it on; the reply says where its task is.

    Raises:
        DeviceRefused: it is off, and leaks or gets no coolant.
    """
    system = await find_system(client)
    wanted = ("ForceRestart", "PowerCycle")
    if system.power_state != "On":
        await refuse_to_heat(client, coolant)
        wanted = SWITCH_ON
    kind = await choose_reset(client, system, *wanted)
    return await client.start_post(system.reset, {"ResetType": kind})


async def clear_up(client: Redfish, order: Order, before: Override | None) -> None:
    """Take out what was put in, and let the server boot as `before`, where that is known."""
    if order.method != HTTPS_BOOT:
        await _eject(client, await _drive(client))
    system = await find_system(client)
    if order.method == HTTPS_BOOT and _Boot(client.name, system.body).uri:
        await client.patch(system.path, {"Boot": {"HttpBootUri": ""}})
    if before and before.enabled not in ("Once", system.boot_enabled):
        await set_boot(
            client, system, target=before.target, enabled=before.enabled, mode=before.mode
        )


async def _eject(client: Redfish, drive: _Drive) -> None:
    if drive.inserted:
        await client.post(drive.eject, {})


async def _drive(client: Redfish) -> _Drive:
    """Return the virtual drive for discs, which some list at the system and some at a manager."""
    system = await find_system(client)
    managers = await members(client, await from_root(client, "Managers"), _Holder)
    for holder in (_Holder(client.name, system.body), *managers):
        for drive in await members(client, holder.media, _Drive) if holder.media else ():
            if {"CD", "DVD"} & set(drive.kinds) and drive.insert:
                return drive
    raise DeviceRefused(
        f"{client.name}: VirtualMedia: it has no virtual drive for a disc; choose the method "
        "https-boot, or license virtual media on the controller"
    )


async def _enrol(client: Redfish, ca: str) -> None:
    """Let HTTPS boot trust the site's CA, beside whatever else it trusts."""
    system = await find_system(client)
    collection = _Boot(client.name, system.body).certificates
    if not collection:
        raise DeviceRefused(
            f"{client.name}: {system.path}: it has no Boot/Certificates, so HTTPS boot can trust "
            "nobody; choose the method virtual-media, or update its firmware"
        )
    wanted = x509.load_pem_x509_certificate(ca.encode())
    for known in await members(client, collection, _Certificate):
        if known.pem and x509.load_pem_x509_certificate(known.pem.encode()) == wanted:
            return
    await client.post(collection, {"CertificateString": ca, "CertificateType": "PEM"})
