"""An installer's image with a boot menu of one host's own, and no copy of it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from clusterwright.access.boot_service.iso import find_file
from clusterwright.errors import UsageError

BOOT_MENU = "/boot/grub/grub.cfg"
_CHUNK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """An image in which `menu` stands from `start` on in place of what is there."""

    image: Path
    length: int
    start: int
    menu: bytes = field(repr=False)

    def read(self, first: int, last: int) -> Iterator[bytes]:
        """Yield the bytes from `first` to `last`, both included."""
        with self.image.open("rb") as stream:
            stream.seek(first)
            at = first
            while at <= last:
                chunk = stream.read(min(_CHUNK_BYTES, last + 1 - at))
                if not chunk:
                    return
                yield self._patched(at, chunk)
                at += len(chunk)

    def _patched(self, at: int, chunk: bytes) -> bytes:
        first, last = max(at, self.start), min(at + len(chunk), self.start + len(self.menu))
        if first >= last:
            return chunk
        inside = self.menu[first - self.start : last - self.start]
        return chunk[: first - at] + inside + chunk[last - at :]


def make_medium(image: Path, boot_menu: str) -> Medium:
    """Return the image with this boot menu.

    Raises:
        UsageError: it is no image, has no boot menu, or one that is too short for this.
    """
    extent = find_file(image, BOOT_MENU)
    menu = boot_menu.encode()
    if len(menu) > extent.length:
        raise UsageError(
            f"image {image}: its {BOOT_MENU} has {extent.length} bytes, but the host's needs "
            f"{len(menu)}: prepare the image with a longer one, as docs/os-install.md says"
        )
    padded = menu + b"\n" * (extent.length - len(menu))
    length = image.stat().st_size
    return Medium(image=image, length=length, start=extent.start, menu=padded)


def verify_image(image: Path, sha256: str) -> None:
    """Compare an image with its checksum.

    Raises:
        UsageError: it cannot be read, or is another one.
    """
    try:
        with image.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(
            f"image {image}: cannot be read ({error.strerror}); put the prepared ISO there"
        ) from error
    if found != sha256:
        raise UsageError(
            f"image {image}: its SHA-256 is {found}, but the definition says {sha256}: put the "
            "right image there, or correct installation.images"
        )
