"""Where MACs are seen, asked of the out-of-band switches themselves."""

import asyncio
from collections.abc import Iterable
from ipaddress import IPv4Address

from clusterwright.access.switch import SwitchState, read
from clusterwright.design.plan import SitePlan, Switch
from clusterwright.operate.intake.clues import Ports
from clusterwright.operate.rack.gates.neighbours import ETHERNET
from clusterwright.operate.rack.gates.reach import answers
from clusterwright.render.names import list_names
from clusterwright.site_folder import SiteFolder

OUT_OF_BAND, HTTPS = "oob", 443
KNOCK_S = 2.0
AT_ONCE = 128


async def ask_switches(folder: SiteFolder, plan: SitePlan) -> Ports:
    """Knock at every planned controller, then read what the switches have seen.

    Raises:
        DeviceUnreachable: a switch does not answer.
        DeviceRefused: it does not let us in, or does not say.
    """
    switches = [one for one in plan.switches if one.fabric == OUT_OF_BAND]
    await _knock(one.address for one in list_names(plan) if one.network == OUT_OF_BAND)
    user = plan.software.ssh_user
    reads = (read(folder, one.name, str(one.address), user) for one in switches)
    return seen(plan, switches, await asyncio.gather(*reads))


def seen(plan: SitePlan, switches: Iterable[Switch], states: Iterable[SwitchState]) -> Ports:
    """Return the port of each MAC; what comes over a cable from another switch hangs there."""
    trunks = _trunks(plan)
    return {
        mac: (switch.name, port)
        for switch, state in zip(switches, states, strict=True)
        for mac, port in state.ports_of.items()
        if (switch.name, port) not in trunks
    }


def _trunks(plan: SitePlan) -> frozenset[tuple[str, str]]:
    ethernet = {one.name for one in plan.switches if one.fabric in ETHERNET}
    between = (link for link in plan.links if {link.a.device, link.b.device} <= ethernet)
    return frozenset((end.device, end.port) for link in between for end in (link.a, link.b))


async def _knock(addresses: Iterable[IPv4Address]) -> None:
    """Switches forget who is silent for some minutes."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(address: IPv4Address) -> None:
        async with places:
            await answers(address, deadline_s=KNOCK_S, port=HTTPS)

    await asyncio.gather(*(one(address) for address in addresses))
