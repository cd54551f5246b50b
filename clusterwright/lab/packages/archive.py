"""Debian packages: the same bytes for the same contents."""

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from clusterwright.errors import ToolError
from clusterwright.lab.packages.contents import Contents, InstalledFile, contents

EPOCH_S = 1767225600
"""2026-01-01: the time that every file of every package carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A package that the repository must have, at one version."""

    name: str
    version: str

    @property
    def path(self) -> str:
        """Where it lies in the repository; a colon (of an epoch) is left out, as Debian does."""
        return f"pool/main/{self.name}/{self.name}_{self.version.rpartition(':')[2]}_all.deb"


def control(wanted: Wanted) -> str:
    """Return the package's description of itself."""
    return (
        f"Package: {wanted.name}\n"
        f"Version: {wanted.version}\n"
        "Architecture: all\n"
        "Maintainer: Clusterwright lab <lab@clusterwright.invalid>\n"
        "Section: misc\n"
        "Priority: optional\n"
        f"Description: {wanted.name} with emulated contents, for the lab only\n"
    )


def run(*command: str, **environment: str) -> str:
    """Run one program that the repository is built with."""
    try:
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env=os.environ | environment
        )
    except FileNotFoundError as error:
        raise ToolError(
            f"{command[0]}: is not installed, but the lab's package repository is built with it; "
            "install the Debian packages of tools/debian-packages.txt"
        ) from error
    except subprocess.CalledProcessError as error:
        raise ToolError(f"{' '.join(command)}: {error.stderr.strip() or error.stdout}") from error
    return done.stdout


def _write(root: Path, path: str, file: InstalledFile) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(file.data)
    place.chmod(file.mode)


def _script(text: str) -> InstalledFile:
    return InstalledFile(data=f"#!/bin/sh\nset -e\n{text}".encode(), mode=0o755)


def _control_files(wanted: Wanted, inside: Contents) -> dict[str, InstalledFile]:
    files = {"control": InstalledFile(data=control(wanted).encode())}
    if inside.configuration:
        listed = "".join(f"{path}\n" for path in sorted(inside.configuration))
        files["conffiles"] = InstalledFile(data=listed.encode())
    if inside.after_install:
        files["postinst"] = _script(inside.after_install)
    if inside.before_remove:
        files["prerm"] = _script(inside.before_remove)
    return files


def build(wanted: Wanted, repository: Path) -> Path:
    """Write the package below `repository` and return its path."""
    inside = contents(wanted.name, wanted.version)
    target = repository / wanted.path
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        root.mkdir(mode=0o755)
        for path, file in inside.files.items():
            _write(root, path, file)
        for path, file in _control_files(wanted, inside).items():
            _write(root / "DEBIAN", path, file)
        options = ("--root-owner-group", "-Zgzip", "-z1", "--build")
        run("dpkg-deb", *options, str(root), str(target), SOURCE_DATE_EPOCH=str(EPOCH_S))
    return target
