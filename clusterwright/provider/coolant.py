"""What cools a server: from the plan, and as it is when the server is to be switched on."""

from collections.abc import Mapping

from pydantic import Field

from clusterwright.access.coolant_flow import Coolant, read_source
from clusterwright.access.interlock import CoolantSource
from clusterwright.errors import DeviceError
from clusterwright.provider.inputs import Inputs
from clusterwright.provider.site import Site


class CoolantInputs(Inputs):
    """A CDU whose loop cools the server."""

    address: str = Field(min_length=1)
    """Out-of-band IP address or host name of the CDU."""

    secret: str = Field(min_length=1)
    """Name in the site's vault of the CDU's user name and password."""

    valves: list[str] = Field(default_factory=list)
    """The valves through which the coolant comes, by their names; those that are not there, too."""

    least_pumps: int | None = None
    """With fewer, the loop carries less than it was built for."""


def coolant_of(site: Site, sources: Mapping[str, CoolantInputs]) -> Coolant | None:
    """Return how to see whether coolant flows; None for a server that needs none."""
    if not sources:
        return None

    async def look() -> tuple[CoolantSource, ...]:
        # In one order for everybody, so that no two wait for each other.
        by_address = sorted(sources.items(), key=lambda item: item[1].address)
        return tuple([await _look(site, loop, one) for loop, one in by_address])

    return look


async def _look(site: Site, loop: str, source: CoolantInputs) -> CoolantSource:
    try:
        async with site.beside(source.address, source.secret) as client:
            return await read_source(
                client, loop, valves=source.valves, least_pumps=source.least_pumps
            )
    except DeviceError as error:
        return CoolantSource(loop=loop, cdu=source.secret, unknown=str(error))
