"""Looking at many devices at once: what one of them refuses to tell is that one's own check."""

import asyncio
from collections.abc import Awaitable, Iterable

from clusterwright.errors import DeviceError
from clusterwright.operate.rack.verdict import Checks, failed


async def each(looks: Iterable[Awaitable[Checks]]) -> Checks:
    """Look at all at once; return their checks in order."""
    return tuple(check for checks in await asyncio.gather(*looks) for check in checks)


async def told(subject: str, sentence: str, look: Awaitable[Checks]) -> Checks:
    """Look at a device; where it does not answer, or says no, its `sentence` fails."""
    try:
        return await look
    except DeviceError as error:
        return (failed(subject, sentence, str(error)),)


ANSWERS = "the controller answers, and lets us in"
