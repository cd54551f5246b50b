"""The installer's kernel and initrd, of a version whose modules the archive still has."""

import lzma
import re
from pathlib import Path

from tests.lab.real_installer.archive import RELEASE, VERSION, Archive, run
from tests.lab.real_installer.mirror import Store

PACKAGE = f"debian-installer-{VERSION}-netboot-amd64"
POOL = "pool/main/d/debian-installer-netboot-images"
FILES = f"usr/lib/debian-installer/images/{VERSION}/amd64/text/debian-installer/amd64"
INDEX = f"dists/{RELEASE}/main/debian-installer/binary-amd64/Packages.xz"
OLDER_AT_MOST = 3


def fetch_installer(archive: Archive, store: Store, folder: Path) -> Path | None:
    """Return the folder with `linux` and `initrd.gz`; None where none fits.

    A mirror may be behind with the installer's modules: then an older installer is the one that
    can run. Apt has verified the newest only; whichever it is runs where nothing leads out.
    """
    newest = archive.download(PACKAGE, folder)
    base, number = re.fullmatch(r"(.*\+deb\d+u)(\d+)_all\.deb", newest.name).groups()  # type: ignore[union-attr]
    for update in range(int(number), max(0, int(number) - OLDER_AT_MOST - 1), -1):
        package: Path | None = newest
        if update != int(number):
            package = store.file(f"{POOL}/{base}{update}_all.deb")
        if package and (found := _unpacked(package, folder)) and _modules_for(found, store):
            return found
    return None


def _unpacked(package: Path, folder: Path) -> Path:
    tree = folder / package.stem
    if not tree.is_dir():
        run("dpkg-deb", "--extract", str(package), str(tree))
    return tree / FILES


def _modules_for(installer: Path, store: Store) -> bool:
    """Say whether the archive has modules for the installer's kernel."""
    kernel = re.search(rb"(\d+\.\d+\.\d+[+\w.]*-amd64) \(", (installer / "linux").read_bytes())
    index = store.file(INDEX)
    if not (kernel and index):
        return False
    text = lzma.decompress(index.read_bytes()).decode()
    name = re.escape(f"pool/main/l/linux-signed-amd64/nic-shared-modules-{kernel[1].decode()}-di_")
    found = re.search(rf"^Filename: ({name}\S+)$", text, re.MULTILINE)
    return found is not None and store.file(found[1]) is not None
