"""The site's known_hosts: whom we have installed, with which key, and what with.

What was installed stands in the comment of the host's line, so nothing is wiped only because it
does not answer today.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

_MARK = "clusterwright-installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the line of a host that we have installed says."""

    digest: str
    again: str


def read_known(file: Path, host: str) -> Known | None:
    """Return what a host was installed with; None where it was not by us."""
    for line in _lines(file):
        names, _, rest = line.partition(" ")
        if host in names.split(",") and f" {_MARK} " in rest:
            _, _, marks = rest.partition(f" {_MARK} ")
            digest, _, again = marks.partition(" ")
            return Known(digest=digest, again=again.strip())
    return None


def has_key(file: Path, host: str) -> bool:
    """Say whether a key of the host is known, whoever has installed it."""
    return any(host in line.partition(" ")[0].split(",") for line in _lines(file))


def write_known(file: Path, host: str, address: str, key: str, known: Known) -> None:
    """Write the line of a host in place of all that stood there of it."""
    others = [
        line
        for line in _lines(file)
        if not {host, address} & set(line.partition(" ")[0].split(","))
    ]
    own = f"{host},{address} {key} {_MARK} {known.digest} {known.again}".rstrip()
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(handle, "w") as temporary:
        temporary.write("\n".join([*others, own]) + "\n")
    Path(name).chmod(0o644)
    Path(name).replace(file)


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.is_file() else []
