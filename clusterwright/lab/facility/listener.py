"""One controller on its planned address: TLS, and what can be wrong with it.

This is the place where faults of the connection act; faults inside a device belong to its module.
"""

import ssl
from ipaddress import IPv4Address
from pathlib import Path

from aiohttp import web

from clusterwright.errors import OperationError
from clusterwright.lab.facility.wire import Handler


class Listener:
    """Answers at one address, or not, with the certificate it is told to show."""

    def __init__(self, handle: Handler, address: IPv4Address, port: int) -> None:
        self._handle = handle
        self._address, self._port = address, port
        self._runner: web.ServerRunner | None = None

    async def open(self, certificate_file: Path, key_file: Path) -> None:
        """Start to answer; a listener that is open is closed first."""
        await self.close()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate_file, key_file)
        server = web.Server(self._handle, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, str(self._address), self._port, ssl_context=context)
        try:
            await site.start()
        except OSError as error:
            raise OperationError(
                f"address {self._address}: port {self._port} cannot be listened on "
                f"({error.strerror or error}): end what listens there, or change the plan's address"
            ) from error

    async def close(self) -> None:
        """Stop to answer, and break the connections that are open."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
