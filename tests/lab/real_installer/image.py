"""An installer's image, made from the installer's files as docs/os-install.md says."""

import gzip
import os
import subprocess
from pathlib import Path

from tests.lab.real_installer.archive import run

MENU_BYTES = 4096


def make_image(installer: Path, ca_file: Path, folder: Path) -> Path:
    """Return an ISO with the installer, the site's CA for it, and room for a boot menu."""
    tree = folder / "iso"
    for name in ("install.amd", "boot/grub", "clusterwright"):
        (tree / name).mkdir(parents=True)
    for source, name in (("linux", "vmlinuz"), ("initrd.gz", "initrd.gz")):
        os.link(installer / source, tree / "install.amd" / name)
    (tree / "boot/grub/grub.cfg").write_text("#" * MENU_BYTES)
    (tree / "clusterwright/ca.cpio.gz").write_bytes(_authority(ca_file, folder))
    image = folder / "debian.iso"
    run("grub-mkrescue", "-o", str(image), str(tree))
    return image


def _authority(ca_file: Path, folder: Path) -> bytes:
    """Return the archive by which the installer trusts the site's CA, as OpenSSL looks it up."""
    tree = folder / "ca"
    name = run("openssl", "x509", "-subject_hash", "-noout", "-in", str(ca_file)).strip()
    inside = Path("etc/ssl/certs") / f"{name}.0"
    (tree / inside).parent.mkdir(parents=True)
    (tree / inside).write_bytes(ca_file.read_bytes())
    names = "\n".join(map(str, [*reversed(inside.parents[:-1]), inside]))
    words = ("cpio", "--create", "--format=newc", "--quiet")
    packed = subprocess.run(words, input=names.encode(), cwd=tree, capture_output=True, check=True)
    return gzip.compress(packed.stdout)
