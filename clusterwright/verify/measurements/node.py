"""What a server says of its power."""

from clusterwright.access.redfish import Redfish
from clusterwright.access.system import find_system


async def power_state(client: Redfish) -> str:
    return (await find_system(client)).power_state
