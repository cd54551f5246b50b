"""An installer's image, made from the installer's files as docs/os-install.md says."""

import gzip
import os
import subprocess
from pathlib import Path

from tests.lab.real_installer.archive import run

MENU_BYTES = 4096


def make_image(installer: Path, ca_file: Path, keyring: bytes, folder: Path) -> Path:
    """Return an ISO with the installer, what it shall trust, and room for a boot menu."""
    tree = folder / "iso"
    for name in ("install.amd", "boot/grub", "clusterwright"):
        (tree / name).mkdir(parents=True)
    for source, name in (("linux", "vmlinuz"), ("initrd.gz", "initrd.gz")):
        os.link(installer / source, tree / "install.amd" / name)
    (tree / "boot/grub/grub.cfg").write_text("#" * MENU_BYTES)
    (tree / "clusterwright/ca.cpio.gz").write_bytes(_trusted(ca_file, keyring, folder))
    image = folder / "debian.iso"
    run("grub-mkrescue", "-o", str(image), str(tree))
    return image


def _trusted(ca_file: Path, keyring: bytes, folder: Path) -> bytes:
    """Return the archive of the site's CA, as OpenSSL looks it up, and of the mirror's keys."""
    tree = folder / "ca"
    name = run("openssl", "x509", "-subject_hash", "-noout", "-in", str(ca_file)).strip()
    for path, content in (
        (f"etc/ssl/certs/{name}.0", ca_file.read_bytes()),
        ("usr/share/keyrings/debian-archive-keyring.pgp", keyring),
    ):
        (tree / path).parent.mkdir(parents=True)
        (tree / path).write_bytes(content)
    names = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    words = ("cpio", "--create", "--format=newc", "--quiet")
    packed = subprocess.run(words, input=names.encode(), cwd=tree, capture_output=True, check=True)
    return gzip.compress(packed.stdout)
