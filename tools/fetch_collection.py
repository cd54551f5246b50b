"""Fetch the collection community.general, whose Redfish modules judge the emulated facility.

It comes out of the package `ansible` on PyPI, which carries all collections; no role uses it. It
lies in the user's cache, where tests/lab finds it. The Python of the environment runs this.
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
sys.path.insert(0, str(TOOLS.parent))

from clusterwright.operate.pulumi_cli import cache_folder  # noqa: E402 - after its path is known

ANSIBLE = "12.3.0"
"""The release of `ansible` that goes with our ansible-core."""
COLLECTION = "ansible_collections/community/general/"


def main() -> None:
    """Make sure that the collection is there."""
    if not place().is_dir():
        print(f"Fetching community.general of ansible {ANSIBLE}", flush=True)
        place().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place().parent) as folder:
            fetch(Path(folder))


def place() -> Path:
    """Return the folder for ANSIBLE_COLLECTIONS_PATH."""
    return cache_folder() / f"collections-{ANSIBLE}"


def fetch(folder: Path) -> None:
    """Unpack into a folder beside `place` and rename it, so that nobody sees a half."""
    words = ("download", f"ansible=={ANSIBLE}", "--no-deps", "--quiet", "--dest", str(folder))
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    unpacked = folder / "collections"
    with zipfile.ZipFile(next(folder.glob("ansible-*.whl"))) as wheel:
        wheel.extractall(
            unpacked, [name for name in wheel.namelist() if name.startswith(COLLECTION)]
        )
    try:
        unpacked.rename(place())
    except OSError:  # another checkout was faster
        shutil.rmtree(unpacked)


if __name__ == "__main__":
    main()
