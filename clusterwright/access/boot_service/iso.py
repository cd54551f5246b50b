"""Where a file lies in an ISO 9660 image (ECMA-119)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from clusterwright.errors import UsageError

_SECTOR_BYTES = 2048
_DESCRIPTOR_AT = 16 * _SECTOR_BYTES
_ROOT_RECORD_AT = 156
_DIRECTORY_BYTES_AT_MOST = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """A run of bytes of an image."""

    start: int
    length: int


def find_file(image: Path, path: str) -> Extent:
    """Return where the file lies whose path has these names, in the case of the standard.

    Raises:
        UsageError: it is no ISO image, or has no such file.
    """
    try:
        with image.open("rb") as stream:
            return _follow(image, stream, path)
    except OSError as error:
        raise UsageError(
            f"image {image}: cannot be read ({error.strerror}); put the prepared ISO there"
        ) from error


def _follow(image: Path, stream: BinaryIO, path: str) -> Extent:
    found = _root(image, stream)
    for name in path.strip("/").upper().split("/"):
        inside = dict(_entries(stream, found))
        if name not in inside:
            raise UsageError(
                f"image {image}: has no file {path}, which is its boot menu; prepare the image as "
                "docs/os-install.md says"
            )
        found = inside[name]
    return found


def _root(image: Path, stream: BinaryIO) -> Extent:
    stream.seek(_DESCRIPTOR_AT)
    descriptor = stream.read(_SECTOR_BYTES)
    if descriptor[:6] != b"\x01CD001":
        raise UsageError(f"image {image}: is not an ISO 9660 image; put the prepared ISO there")
    return _extent(descriptor[_ROOT_RECORD_AT:])


def _entries(stream: BinaryIO, directory: Extent) -> Iterator[tuple[str, Extent]]:
    """Yield the names of a directory, without versions; no record crosses a sector."""
    stream.seek(directory.start)
    data = stream.read(min(directory.length, _DIRECTORY_BYTES_AT_MOST))
    at = 0
    while at < len(data):
        length = data[at]
        if not length:
            at += _SECTOR_BYTES - at % _SECTOR_BYTES
            continue
        record = data[at : at + length]
        name = record[33 : 33 + record[32]].decode("ascii", "replace")
        yield name.partition(";")[0].rstrip("."), _extent(record)
        at += length


def _extent(record: bytes) -> Extent:
    start = int.from_bytes(record[2:6], "little") * _SECTOR_BYTES
    return Extent(start=start, length=int.from_bytes(record[10:14], "little"))
