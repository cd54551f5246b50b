"""Controllers are met in their own switch ports: no password goes to whoever is in a wrong one."""

from clusterwright.operate.rack.gates import contact, ports
from clusterwright.operate.rack.gates.contact import Met
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Checks


async def look(rack: LiveRack, met: list[Met]) -> Checks:
    """Say of each whether it is in its port, answers, shows the right certificate, lets us in."""
    found = await ports.look(rack, met)
    return (*found.checks, *await contact.look(rack, _plugged(met, found)))


async def act(rack: LiveRack, met: list[Met], *, starts: bool) -> Checks:
    """Replace the passwords that must be; a controller that `starts` is waited for."""
    found = await ports.look(rack, met)
    return await contact.act(rack, _plugged(met, found), starts=starts)


def _plugged(met: list[Met], found: ports.Ports) -> list[Met]:
    return [one for one in met if one[0] not in found.misplugged]
