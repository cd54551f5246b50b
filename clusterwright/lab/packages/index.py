"""The indices of an APT repository, and their signature."""

import gzip
import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from email.utils import formatdate
from pathlib import Path

from clusterwright.lab.packages.archive import EPOCH_S, Wanted, control, run

SUITE = "clusterwright"
COMPONENT = "main"
ARCHITECTURES = ("amd64", "arm64")
SIGNER = "Clusterwright lab packages"


def _entry(wanted: Wanted, repository: Path) -> str:
    data = (repository / wanted.path).read_bytes()
    return (
        f"{control(wanted)}"
        f"Filename: {wanted.path}\n"
        f"Size: {len(data)}\n"
        f"SHA256: {hashlib.sha256(data).hexdigest()}\n"
    )


def write_packages(wanted: Sequence[Wanted], repository: Path) -> None:
    """Write the lists of packages; each holds all of them, as none is for one architecture."""
    text = "\n".join(_entry(one, repository) for one in wanted).encode()
    for architecture in ARCHITECTURES:
        folder = repository / "dists" / SUITE / COMPONENT / f"binary-{architecture}"
        folder.mkdir(parents=True)
        (folder / "Packages").write_bytes(text)
        (folder / "Packages.gz").write_bytes(gzip.compress(text, mtime=EPOCH_S))


def write_release(repository: Path) -> None:
    """Write the list of lists, which the signature covers."""
    dist = repository / "dists" / SUITE
    files = sorted(path for path in dist.rglob("*") if path.is_file())
    hashes = [
        f" {hashlib.sha256(file.read_bytes()).hexdigest()} {file.stat().st_size} "
        f"{file.relative_to(dist)}\n"
        for file in files
    ]
    (dist / "Release").write_text(
        f"Origin: {SIGNER}\n"
        f"Label: {SIGNER}\n"
        f"Suite: {SUITE}\n"
        f"Codename: {SUITE}\n"
        f"Date: {formatdate(EPOCH_S, usegmt=True)}\n"
        f"Architectures: {' '.join(ARCHITECTURES)}\n"
        f"Components: {COMPONENT}\n"
        f"SHA256:\n{''.join(hashes)}",
        encoding="utf-8",
    )


def sign(repository: Path) -> None:
    """Sign the release with a key that exists for this moment only; key.asc checks it."""
    dist = repository / "dists" / SUITE
    home = tempfile.mkdtemp(prefix="cw-gpg-")
    gpg = ("gpg", "--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback")
    try:
        key = ("--passphrase", "", "--quick-generate-key", SIGNER, "ed25519", "sign", "never")
        run(*gpg, *key)
        (repository / "key.asc").write_text(run(*gpg, "--armor", "--export"))
        release = str(dist / "Release")
        run(*gpg, "--clearsign", "--output", str(dist / "InRelease"), release)
        run(*gpg, "--armor", "--detach-sign", "--output", str(dist / "Release.gpg"), release)
    finally:
        run("gpgconf", "--homedir", home, "--kill", "all")
        shutil.rmtree(home, ignore_errors=True)
