"""The server of images and answer files: open as long as something is installed."""

import asyncio
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import hdrs, web

from clusterwright.access.boot_service.grant import Grant
from clusterwright.access.boot_service.identity import SECRET
from clusterwright.access.boot_service.medium import Medium, make_medium, verify_image
from clusterwright.errors import OperationError, UsageError

_REPORT_BYTES_AT_MOST = 4096
_NO_STORE = {"Cache-Control": "no-store"}


@dataclass(slots=True, kw_only=True)
class BootService:
    """Knows the grants that are open; whoever comes with another token gets nothing."""

    address: str
    port: int
    _grants: dict[str, Grant] = field(default_factory=dict)
    _verified: dict[tuple[Path, str], asyncio.Task[None]] = field(default_factory=dict)

    async def medium(self, image: Path, sha256: str, boot_menu: str) -> Medium:
        """Return an image with a host's boot menu; each image is verified once.

        Raises:
            UsageError: the image is another one than declared, or not prepared for this.
        """
        if sha256:
            work = self._verified.get((image, sha256))
            if work is None or (work.done() and work.exception()):
                work = asyncio.create_task(asyncio.to_thread(verify_image, image, sha256))
                self._verified[image, sha256] = work
            await asyncio.shield(work)
        return make_medium(image, boot_menu)

    @contextmanager
    def open(self, grant: Grant) -> Iterator[None]:
        """Serve one host as long as the block runs."""
        tokens = grant.tokens
        mine = dict.fromkeys((tokens.medium, tokens.answer, tokens.report), grant)
        self._grants.update(mine)
        try:
            yield
        finally:
            for token in mine:
                self._grants.pop(token, None)

    def url(self, token: str, name: str) -> str:
        """Return where the host of a token finds a file."""
        return f"https://{self.address}:{self.port}/{token}/{name}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        token, name = request.match_info["token"], request.match_info["name"]
        grant = self._grants.get(token)
        if grant is None:
            # A host whose installation is taken up again may come a moment too early: it retries.
            raise web.HTTPServiceUnavailable(text="nothing is served under this token now\n")
        if token == grant.tokens.medium:
            grant.last_seen = "it has fetched its image"
            return await _send_medium(request, grant.medium)
        if token == grant.tokens.answer and request.method == hdrs.METH_GET:
            return await _send_answer(grant, name)
        if token == grant.tokens.report and request.method == hdrs.METH_POST:
            return await _take_report(request, grant)
        raise web.HTTPNotFound


@asynccontextmanager
async def serve_boots(
    address: str, port: int, certificate: Mapping[str, str]
) -> AsyncIterator[BootService]:
    """Serve on an address of this machine until the block ends.

    Raises:
        UsageError: `certificate`, from the vault, has no certificate and key that fit.
        OperationError: the address is not this machine's, or somebody else listens there.
    """
    service = BootService(address=address, port=port)
    application = web.Application(client_max_size=_REPORT_BYTES_AT_MOST)
    for method in (hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_POST):
        application.router.add_route(method, "/{token}/{name}", service.answer)
    # A handler that streams an image to a controller ends with its connection.
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, address, port, ssl_context=_identity(certificate))
        try:
            await site.start()
        except OSError as error:
            raise OperationError(
                f"boot service {address}:{port}: cannot be served ({error.strerror}); run "
                "clusterwright up on the machine that has this address, and end what listens there"
            ) from error
        yield service
    finally:
        await runner.cleanup()


def _identity(certificate: Mapping[str, str]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "identity.pem"
        file.touch(mode=0o600)
        both = (certificate.get(key, "") for key in ("private_key", "certificate"))
        file.write_text("\n".join(both))
        try:
            context.load_cert_chain(file)
        except ssl.SSLError as error:
            raise UsageError(
                f"secret {SECRET}: the vault has no certificate and private_key under that name "
                "that fit, nor the key of the site's CA; let the CA sign a certificate for the "
                "boot service's address, and add both in PEM with ansible-vault edit"
            ) from error
    return context


async def _send_medium(request: web.Request, medium: Medium) -> web.StreamResponse:
    first, last, status = _wanted(request, medium.length)
    headers = {"Accept-Ranges": "bytes", **_NO_STORE}
    if status == 206:
        headers["Content-Range"] = f"bytes {first}-{last}/{medium.length}"
    response = web.StreamResponse(status=status, headers=headers)
    response.content_type = "application/octet-stream"
    response.content_length = last + 1 - first
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        for chunk in medium.read(first, last):
            await response.write(chunk)
    await response.write_eof()
    return response


def _wanted(request: web.Request, length: int) -> tuple[int, int, int]:
    """Return the first and the last byte that is asked for, and the status that says so."""
    try:
        asked = request.http_range
    except ValueError as error:
        raise web.HTTPRequestRangeNotSatisfiable from error
    if asked.start is None and asked.stop is None:
        return 0, length - 1, 200
    first, stop, _ = asked.indices(length)
    if first >= stop:
        raise web.HTTPRequestRangeNotSatisfiable
    return first, stop - 1, 206


async def _send_answer(grant: Grant, name: str) -> web.StreamResponse:
    if name not in grant.files:
        raise web.HTTPNotFound
    if name in grant.served:
        raise web.HTTPGone(text=f"{name} has been fetched already, and is served once\n")
    grant.served.add(name)
    await asyncio.shield(grant.fetched())
    grant.last_seen = "it has fetched its answer file"
    return web.Response(text=grant.files[name], headers=_NO_STORE)


async def _take_report(request: web.Request, grant: Grant) -> web.StreamResponse:
    if grant.host_key.done():
        raise web.HTTPGone(text="this host has reported already\n")
    if not grant.report(await request.text()):
        raise web.HTTPBadRequest(text="this is no Ed25519 host key of OpenSSH\n")
    return web.Response(text="welcome\n")
