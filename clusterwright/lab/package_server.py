"""The web server from which the lab's hosts get packages, and its devices get firmware."""

from ipaddress import IPv4Address
from pathlib import Path

from aiohttp import web

from clusterwright.errors import OperationError
from clusterwright.lab import firmware_store

PORT = 80


async def serve_packages(packages: Path, firmware: Path, address: IPv4Address) -> web.AppRunner:
    """Serve both folders, as /apt and /firmware, on the in-band gateway; `cleanup()` ends it."""
    application = web.Application()
    application.router.add_static("/apt", packages)
    application.router.add_static(firmware_store.PATH, firmware)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, str(address), PORT).start()
    except OSError as error:
        await runner.cleanup()
        raise OperationError(
            f"package repository {address}:{PORT}: cannot be served ({error.strerror}); "
            "end what listens there in the lab's network namespace"
        ) from error
    return runner
