"""One installation, from the first request to the first login; or the rest of one."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from clusterwright.access.boot_service import BootService, Grant, new_tokens
from clusterwright.access.coolant_flow import Coolant
from clusterwright.access.os_install.answer import Filler
from clusterwright.access.os_install.attempt import Attempt, Attempts
from clusterwright.access.os_install.boot import Override, clear_up, prepare, start
from clusterwright.access.os_install.known import Known, read_known, write_known
from clusterwright.access.os_install.order import Order
from clusterwright.access.os_install.state import Presence
from clusterwright.access.os_install.state_of import state_of
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.exchange import Reply, Request
from clusterwright.access.redfish.session import location
from clusterwright.access.redfish.tasks import finish
from clusterwright.access.system import find_system
from clusterwright.access.vault import Vault
from clusterwright.errors import DeviceError, DeviceRefused, HostError
from clusterwright.site_folder import SiteFolder

DEADLINE_S = 3600.0
RETRIES_S = 1800.0
"""How long an installed host tries to report."""
_TRY_EVERY_S = 1.0
Hear = Callable[[str], None]


def unheard(_: str) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an installation needs beside its controller.

    `tell` hears how far it has come, `say` what should be read afterwards as well.
    """

    folder: SiteFolder
    service: BootService
    vault: Vault = field(repr=False)
    attempts: Attempts
    tell: Hear = unheard
    say: Hear = unheard
    coolant: Coolant | None = None
    deadline_s: float = DEADLINE_S


async def install(client: Redfish, order: Order, means: Means) -> None:
    """Install a host; where an earlier run has come far enough, only wait for its end.

    Raises:
        HostError: the installation failed, or the host has not reported in time.
        UsageError: the image or a secret is not as it must be; nothing was touched.
    """
    kept = await means.attempts.find(order.host)
    if kept and kept.is_for(order) and kept.fetched and await _runs(client):
        means.say("waiting for an installation that an earlier run began")
        patient = replace(means, deadline_s=min(means.deadline_s, RETRIES_S))
        with suppress(HostError):
            await _install(client, order, patient, kept)
            return
        means.say("that one did not come to its end: beginning again")
    await _install(
        client,
        order,
        means,
        Attempt(digest=order.digest, again=order.again, tokens=new_tokens()),
    )


async def _runs(client: Redfish) -> bool:
    return (await find_system(client)).power_state == "On"


async def _install(client: Redfish, order: Order, means: Means, attempt: Attempt) -> None:
    grant = await _grant(order, means, attempt)
    with means.service.open(grant):
        before: Override | None = None
        if attempt.fetched:
            reply = _waiting_for(attempt.monitor)
        else:
            await means.attempts.keep(order.host, attempt)
            before, reply = await _begin(client, order, means, attempt)
        try:
            if read_known(means.folder.known_hosts, order.host) != _known(order):
                await _until_reported(client, order, means, grant, reply)
            await _until_let_in(order, means)
        except HostError:
            await _give_up(client, order, means, before)
            raise
    await clear_up(client, order, before)
    await means.attempts.forget(order.host)


async def _grant(order: Order, means: Means, attempt: Attempt) -> Grant:
    tokens, url = attempt.tokens, means.service.url
    filler = Filler(order=order, vault=means.vault, ca_file=means.folder.ca_file)
    words = {
        # Ubuntu's installer asks for files in a folder, Debian's for one file.
        "answer-url": url(tokens.answer, order.answer_name if _debian(order) else ""),
        "report-url": url(tokens.report, "host-key"),
    }
    medium = await means.service.medium(
        order.image, order.sha256, filler.fill(order.boot_menu, words)
    )
    files = {order.answer_name: filler.fill(order.answer, words)}
    if not _debian(order):
        files["meta-data"] = ""

    async def fetched() -> None:
        kept = await means.attempts.find(order.host) or attempt
        await means.attempts.keep(order.host, replace(kept, fetched=True))

    def reported(key: str) -> None:
        write_known(means.folder.known_hosts, order.host, order.address, key, _known(order))

    return Grant(
        host=order.host,
        tokens=tokens,
        medium=medium,
        files=files,
        fetched=fetched,
        reported=reported,
    )


def _known(order: Order) -> Known:
    return Known(digest=order.digest, again=order.again)


def _debian(order: Order) -> bool:
    return order.answer_name == "preseed.cfg"


async def _begin(
    client: Redfish, order: Order, means: Means, attempt: Attempt
) -> tuple[Override, Reply]:
    means.tell("preparing the boot")
    url = means.service.url(attempt.tokens.medium, f"{order.host}.iso")
    before = await prepare(client, order, url, means.folder.ca_file.read_text())
    reply = await start(client, means.coolant)
    kept = await means.attempts.find(order.host) or attempt
    await means.attempts.keep(order.host, replace(kept, monitor=location(reply)))
    return before, reply


def _waiting_for(monitor: str) -> Reply:
    """The answer that an earlier run was given."""
    request = Request(method="GET", path=monitor)
    headers = {"Location": monitor} if monitor else {}
    return Reply(request=request, status=202, headers=headers, body={})


async def _until_reported(
    client: Redfish, order: Order, means: Means, grant: Grant, reply: Reply
) -> None:
    """Wait for the host's report; a controller that says that the boot failed is believed."""
    failing = asyncio.ensure_future(_failure(client, reply, means.deadline_s))
    ends = time.monotonic() + means.deadline_s
    try:
        while not grant.host_key.done():
            if failing.done() and failing.result():
                raise HostError(
                    f"{order.host}: its installation failed: {failing.result()}; "
                    f"{grant.last_seen}; correct that and run clusterwright up again"
                )
            if time.monotonic() >= ends:
                raise HostError(
                    f"{order.host}: has not reported within {means.deadline_s:g} s, "
                    f"{grant.last_seen}; look at its console through the BMC, and run "
                    "clusterwright up again"
                )
            means.tell(f"installing: {grant.last_seen}")
            await asyncio.wait({grant.host_key}, timeout=_TRY_EVERY_S)
    finally:
        failing.cancel()


async def _failure(client: Redfish, reply: Reply, deadline_s: float) -> str:
    """Return why the reset that began it failed; nothing where it did not, or nobody knows."""
    try:
        await finish(client, reply, deadline_s=deadline_s)
    except DeviceRefused as error:
        # A task that is forgotten says nothing about the host.
        return "" if "404" in str(error) else str(error)
    except DeviceError:
        return ""
    return ""


async def _until_let_in(order: Order, means: Means) -> None:
    """Wait until the host that reported boots from its disk and lets us in."""
    means.tell("waiting for its first boot")
    ends = time.monotonic() + means.deadline_s
    while True:
        state = await state_of(means.folder, order)
        if state.presence is Presence.OURS and state.digest == order.digest:
            return
        if time.monotonic() >= ends:
            raise HostError(
                f"{order.host}: reported its host key, but does not let {order.user} in with it "
                f"({state.words or state.presence}); look at its console through the BMC"
            )
        await asyncio.sleep(_TRY_EVERY_S)


async def _give_up(client: Redfish, order: Order, means: Means, before: Override | None) -> None:
    """Void the tokens, but remember that the disk holds no system that anybody could miss."""
    attempt = Attempt(digest=order.digest, again=order.again, tokens=new_tokens())
    await means.attempts.keep(order.host, attempt)
    with suppress(DeviceError):
        await clear_up(client, order, before)
