"""One installation, from the first request to the first login; or the rest of one."""

from contextlib import suppress
from dataclasses import replace

from clusterwright.access.boot_service import new_tokens
from clusterwright.access.os_install.arrival import until_let_in, until_reported
from clusterwright.access.os_install.attempt import Attempt
from clusterwright.access.os_install.boot import Override, clear_up, prepare, start
from clusterwright.access.os_install.granting import grant_of, known_of
from clusterwright.access.os_install.known import read_known
from clusterwright.access.os_install.means import Means
from clusterwright.access.os_install.order import Order
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.exchange import Reply, Request
from clusterwright.access.redfish.session import location
from clusterwright.access.system import find_system
from clusterwright.errors import DeviceError, HostError

RETRIES_S = 1800.0
"""How long an installed host tries to report."""


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
    grant = await grant_of(order, means, attempt)
    with means.service.open(grant):
        before: Override | None = None
        if attempt.fetched:
            reply = _waiting_for(attempt.monitor)
        else:
            await means.attempts.keep(order.host, attempt)
            before, reply = await _begin(client, order, means, attempt)
        try:
            if read_known(means.folder.known_hosts, order.host) != known_of(order):
                await until_reported(client, order, means, grant, reply)
            await until_let_in(order, means)
        except HostError:
            await _give_up(client, order, means, before)
            raise
    await clear_up(client, order, before)
    await means.attempts.forget(order.host)


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


async def _give_up(client: Redfish, order: Order, means: Means, before: Override | None) -> None:
    """Void the tokens, but remember that the disk holds no system that anybody could miss."""
    attempt = Attempt(digest=order.digest, again=order.again, tokens=new_tokens())
    await means.attempts.keep(order.host, attempt)
    with suppress(DeviceError):
        await clear_up(client, order, before)
