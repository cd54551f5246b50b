"""Whether anybody takes a connection at an address: the least that can be said of a device."""

import asyncio
import os
from contextlib import suppress
from ipaddress import IPv4Address

SSH = 22


async def answers(address: IPv4Address, *, deadline_s: float, port: int = SSH) -> str:
    """Return an empty text where somebody does, and else why not."""
    try:
        async with asyncio.timeout(deadline_s):
            _, writer = await asyncio.open_connection(str(address), port)
    except TimeoutError:
        return f"nobody answers at its address, port {port}, within {deadline_s:g} s"
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        return f"nobody answers at its address, port {port} ({why})"
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return ""
