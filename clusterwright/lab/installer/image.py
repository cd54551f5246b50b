"""The medium: fetched as firmware does, and opened as ISO images are."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from clusterwright.errors import ClusterwrightError, HostError
from clusterwright.lab.medium import Medium
from clusterwright.lab.programs import run

_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is on an installer's medium."""

    menu: str
    ca: str
    """Whom the installer trusts, in PEM."""
    archive_key: str
    """Who signs its packages."""
    release: str


async def fetch(medium: Medium, folder: Path) -> Path:
    """Fetch the image into `folder`, from whom the firmware trusts.

    Raises:
        HostError: nobody serves it, or nobody who is trusted.
    """
    file = folder / "medium.iso"
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(medium.url, ssl=_trust(medium), allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise HostError(
                    f"boot medium {_shown(medium)}: the server answers {response.status}"
                )
            with file.open("wb") as written:
                async for chunk in response.content.iter_chunked(1 << 18):
                    written.write(chunk)
    except (aiohttp.ClientSSLError, ssl.SSLError) as error:
        raise HostError(
            f"boot medium {_shown(medium)}: the server's certificate is not trusted: HTTPS boot "
            "believes only the CAs in its Boot/Certificates"
        ) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        words = getattr(error, "strerror", None) or type(error).__name__
        raise HostError(f"boot medium {_shown(medium)}: cannot be fetched ({words})") from error
    return file


def open_image(file: Path, folder: Path) -> Contents:
    """Take out of an image what its installer needs.

    Raises:
        HostError: it is no image of an installer.
    """
    into = folder / "contents"
    into.mkdir()
    wanted = ("/boot/grub/grub.cfg", "/clusterwright")
    extract = [part for path in wanted for part in ("-extract", path, str(into / Path(path).name))]
    try:
        run("xorriso", "-osirrox", "on", "-indev", file, *extract)
        return Contents(
            menu=(into / "grub.cfg").read_text(),
            ca=(into / "clusterwright/ca.pem").read_text(),
            archive_key=(into / "clusterwright/archive.asc").read_text(),
            release=(into / "clusterwright/release").read_text().strip(),
        )
    except (ClusterwrightError, OSError) as error:
        raise HostError("boot medium: the image holds no installer that boots") from error


def _trust(medium: Medium) -> ssl.SSLContext | bool:
    if medium.authorities is None:
        return False
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for pem in medium.authorities:
        context.load_verify_locations(cadata=pem)
    return context


def _shown(medium: Medium) -> str:
    """A URL without the token in it."""
    scheme, _, rest = medium.url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/…/{rest.rpartition('/')[2]}"
