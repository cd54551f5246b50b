"""The peers, in a virtual environment of their own that outlives a run."""

import subprocess
import sys
from pathlib import Path

from clusterwright.operate.pulumi_cli import cache_folder

NETLAB = "networklab==26.10"
AVD = "pyavd==6.4.0"


def peer_programs() -> Path:
    """Return the folder of the peers' programs; install them where these versions are not yet."""
    name = "-".join(("peers", NETLAB, AVD)).replace("==", "-")
    environment = cache_folder() / name
    done = environment / "installed"
    if not done.is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        pip = [environment / "bin/pip", "install", "--quiet", NETLAB, AVD]
        subprocess.run(pip, check=True, stdout=sys.stderr)
        done.touch()
    return environment / "bin"
