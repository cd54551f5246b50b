"""The web server from which the lab's hosts get their packages."""

from ipaddress import IPv4Address
from pathlib import Path

from aiohttp import web

from clusterwright.errors import OperationError

PORT = 80


async def serve_packages(folder: Path, address: IPv4Address) -> web.AppRunner:
    """Serve `folder` under /apt on the in-band gateway's address; `cleanup()` ends it."""
    application = web.Application()
    application.router.add_static("/apt", folder)
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
