"""Where an installer works: in the host's namespaces, on its network, with its disk as root."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clusterwright.errors import HostError

PROGRAMS = "/run/installer"
_PATH = f"{PROGRAMS}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Both run a command in the new system, which in the lab is where the installer works itself.
_IN_TARGET = '#!/bin/sh\nexec "$@"\n'
_CURTIN = (
    '#!/bin/sh\n[ "$1" = in-target ] || { echo "curtin $1: is not known" >&2; exit 2; }\n'
    'while [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n'
)
_ENTER = ("--net", "--mount", "--pid", "--uts", "--ipc")
_CAPABILITIES = "-sys_time,-sys_module,-sys_boot,-sys_resource,-sys_rawio,-syslog"
_PATIENCE_S = 2400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The process whose namespaces are the host's, and the control group that ends with it."""

    process: int
    cgroup: Path

    async def prepare(self, files: Mapping[str, str]) -> None:
        """Put the installer's own programs and files where no disk is."""
        programs = {"in-target": _IN_TARGET, "curtin": _CURTIN}
        await self.run("mkdir", PROGRAMS)
        for name, text in {**programs, **files}.items():
            await self.write(f"{PROGRAMS}/{name}", text)
        await self.run("chmod", "755", *(f"{PROGRAMS}/{name}" for name in programs))
        await self.run("ln", "--symbolic", "--force", "--no-dereference", "/", "/target")

    async def write(self, path: str, text: str) -> None:
        """Write a file; its folder is there."""
        await self.run("sh", "-c", 'cat > "$0"', path, text=text)

    async def shell(self, command: str) -> str:
        """Run a command as installers do."""
        return await self.run("sh", "-c", command)

    async def run(self, *command: str, text: str = "") -> str:
        """Run a program; return what it says.

        Raises:
            HostError: it failed: with its last words.
        """
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(self.cgroup)),
            *("nsenter", "--target", str(self.process), *_ENTER, "--wd=/", "--root"),
            *("setpriv", f"--bounding-set={_CAPABILITIES}", "env", "-i", f"PATH={_PATH}"),
            *("DEBIAN_FRONTEND=noninteractive", "HOME=/root", "TERM=dumb"),
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(_PATIENCE_S):
                output, errors = await process.communicate(text.encode())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            said = (errors or output).decode(errors="replace").strip().splitlines()
            # Some say it first, some last; what lies between helps nobody at a console.
            words = list(dict.fromkeys([*said[:1], *said[-2:]]))
            raise HostError(" ".join(words) or f"exit code {process.returncode}")
        return output.decode(errors="replace")
