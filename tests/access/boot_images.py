"""Images to boot from, made as an operator would, and a boot service on loopback."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from clusterwright.access.boot_service import BootService, serve_boots
from clusterwright.lab.authority import issue

MENU_BYTES = 2048
needs_xorriso = pytest.mark.skipif(
    shutil.which("xorriso") is None,
    reason="xorriso is not installed: see tools/debian-packages.txt",
)


def make_image(folder: Path, menu_bytes: int = MENU_BYTES) -> Path:
    """Make an ISO with room for a boot menu, between other files."""
    tree = folder / "tree"
    for name, text in {
        "a-first": "1" * 5000,
        "boot/grub/grub.cfg": "#" * (menu_bytes - 1) + "\n",
        "install.amd/vmlinuz": "kernel",
        "z-last": "2" * 5000,
    }.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    image = folder / "image.iso"
    words = ["xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", str(image), str(tree)]
    subprocess.run(words, check=True, capture_output=True)
    return image


def read_image(image: Path, path: str, into: Path) -> str:
    """Read a file of an image with a program that is not ours."""
    words = ["xorriso", "-osirrox", "on", "-indev", str(image), "-extract", path, str(into)]
    subprocess.run(words, check=True, capture_output=True)
    return into.read_text()


def identity(authority: Path, folder: Path) -> dict[str, str]:
    """What the vault holds of the boot service."""
    certificate, key = issue(authority, "boot-service", "127.0.0.1", into=folder / "tls")
    return {"certificate": certificate.read_text(), "private_key": key.read_text()}


@asynccontextmanager
async def boots(authority: Path, folder: Path, port: int) -> AsyncIterator[BootService]:
    async with serve_boots("127.0.0.1", port, identity(authority, folder)) as service:
        yield service
