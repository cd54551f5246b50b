"""Programs that the lab starts and waits for."""

import subprocess
from pathlib import Path

from clusterwright.errors import ToolError


def run(*arguments: str | Path, text: str | None = None) -> str:
    """Return what the program printed on stdout.

    Raises:
        ToolError: it is not installed, or it failed: with its own last words.
    """
    command = [str(argument) for argument in arguments]
    try:
        done = subprocess.run(
            command,
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise ToolError(f"{command[0]}: is not installed; install it and try again") from error
    except subprocess.CalledProcessError as error:
        words = (error.stderr or error.stdout or "").strip() or f"exit code {error.returncode}"
        raise ToolError(f"{' '.join(command)}: {words}") from error
    return done.stdout
