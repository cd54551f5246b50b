"""One run of an installer: from a medium to a disk with a system on it."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from clusterwright.errors import HostError
from clusterwright.lab.installer.act import act
from clusterwright.lab.installer.answer import Answer
from clusterwright.lab.installer.autoinstall import read_autoinstall
from clusterwright.lab.installer.environment import PROGRAMS, Environment
from clusterwright.lab.installer.image import fetch, open_image
from clusterwright.lab.installer.kernel_line import KernelLine, read_menu
from clusterwright.lab.installer.preseed import read_preseed
from clusterwright.lab.medium import Medium


async def install(
    host: str, address: str, medium: Medium, environment: Environment
) -> Mapping[str, object]:
    """Install a host; return what its disk holds.

    Raises:
        HostError: there is no host; the sentence says at which step that was decided.
    """
    with tempfile.TemporaryDirectory(prefix="clusterwright-medium-") as scratch:
        contents = open_image(await fetch(medium, Path(scratch)), Path(scratch))
    line = read_menu(contents.menu)
    if line.address != address:
        raise HostError(
            f"network: the boot menu says {line.address}, but the port that the server hangs on "
            f"carries {address}: nobody answers"
        )
    await environment.prepare({"ca.pem": contents.ca, "archive.asc": contents.archive_key})
    return await act(host, await _answer(line, contents.release, environment), environment)


async def _answer(line: KernelLine, release: str, environment: Environment) -> Answer:
    """Fetch the answer file as the installer does, and read it as strictly as can be."""
    try:
        if line.installer == "debian":
            return read_preseed(await _fetch(line.answer_url, environment), line.hostname)
        for name in ("meta-data", "user-data"):
            text = await _fetch(f"{line.answer_url}{name}", environment)
        return read_autoinstall(text, release)
    except HostError as error:
        raise HostError(f"answer file: {error}") from error


async def _fetch(url: str, environment: Environment) -> str:
    trust = ("--cacert", f"{PROGRAMS}/ca.pem", "--capath", "/nonexistent")
    quiet = ("--silent", "--show-error", "--fail", "--max-time", "30")
    return await environment.run("curl", *quiet, *trust, url)
