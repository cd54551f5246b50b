"""Controllers are met in their own switch ports: no password goes to whoever is in a wrong one."""

import asyncio
import time

from clusterwright.operate.rack.gates import contact, ports
from clusterwright.operate.rack.gates.contact import Met
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Checks


async def look(rack: LiveRack, met: list[Met]) -> Checks:
    """Say of each whether it is in its port, answers, shows the right certificate, lets us in."""
    found = await ports.look(rack, met)
    return (*found.checks, *await contact.look(rack, _plugged(met, found)))


async def act(rack: LiveRack, met: list[Met], *, starts: bool) -> Checks:
    """Replace the passwords that must be; a controller that `starts` is waited for.

    Until it is seen at a switch port: whose cable it hangs on is known only then. The switches are
    asked once for all that are waited for, and ever more seldom.
    """
    patience = rack.site.patience
    ends_s = time.monotonic() + (patience.controller_s if starts else 0)
    pauses_s = patience.ever_longer_s()
    checks: Checks = ()
    while True:
        late = time.monotonic() >= ends_s
        found = await ports.look(rack, met)
        seen = [one for one in _plugged(met, found) if one[0] not in found.unseen]
        checks = (*checks, *await contact.act(rack, seen, starts=starts))
        met = [one for one in met if one[0] in found.unseen]
        if late or not met:
            return checks
        rack.note(f"waiting for {met[0][1].name} to be seen at its switch port")
        await asyncio.sleep(next(pauses_s))


def _plugged(met: list[Met], found: ports.Ports) -> list[Met]:
    return [one for one in met if one[0] not in found.misplugged]
