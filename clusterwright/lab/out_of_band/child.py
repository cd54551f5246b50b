"""Programs of the network that run as long as the lab does."""

import asyncio
from pathlib import Path


async def start(
    group: Path, *command: str, output: int, words: int = asyncio.subprocess.STDOUT
) -> asyncio.subprocess.Process:
    """Start a program in a control group that is there; it never outlives this process."""
    return await asyncio.create_subprocess_exec(
        *("sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(group)),
        *("setpriv", "--pdeathsig", "KILL", *command),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=words,
    )


async def end(process: asyncio.subprocess.Process) -> None:
    """End it, if it has not ended by itself."""
    if process.returncode is None:
        process.terminate()
    await process.wait()
