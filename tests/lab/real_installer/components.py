"""The installer's components as the archive still has them, under a signature of our own.

An archive may have lost one that its index names, and an installer that misses one stops. So the
index is made anew of those that are there, as whoever has a mirror of their own does, and signed
with a key that the installer's disc brings along. Packages of the host keep Debian's signatures.
"""

import hashlib
import lzma
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.lab.real_installer.archive import KEYRING, RELEASE, run
from tests.lab.real_installer.mirror import Store

INDEX = "main/debian-installer/binary-amd64/Packages.xz"
AT_ONCE = 4
OLDER_AT_MOST = 3


@dataclass(frozen=True, kw_only=True)
class Signer:
    """A key that is made for one run."""

    folder: Path

    def make(self) -> None:
        self.folder.mkdir(mode=0o700)
        self._gpg("--passphrase", "", "--quick-generate-key", "mirror", "ed25519", "sign", "never")

    def sign(self, file: Path) -> None:
        """Write a detached signature beside the file."""
        self._gpg("--yes", "--armor", "--output", f"{file}.gpg", "--detach-sign", str(file))

    def keyring(self) -> bytes:
        """Return Debian's keys and ours."""
        own = subprocess.run(
            ("gpg", "--homedir", str(self.folder), "--export"), check=True, capture_output=True
        ).stdout
        return Path(KEYRING).read_bytes() + own

    def end(self) -> None:
        """Let go of the agent that gpg has started for it."""
        run("gpgconf", "--homedir", str(self.folder), "--kill", "all")

    def _gpg(self, *words: str) -> None:
        run("gpg", "--homedir", str(self.folder), "--batch", "--quiet", *words)


def publish(store: Store, signer: Signer) -> None:
    """Put an index of what is there, and a signed Release that names it, into the store."""
    index = store.file(f"dists/{RELEASE}/{INDEX}")
    signed = store.file(f"dists/{RELEASE}/InRelease")
    assert index is not None, "the archive has no components of the installer"
    assert signed is not None, "the archive has no such release"
    stanzas = lzma.decompress(index.read_bytes()).decode().strip().split("\n\n")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        there = list(pool.map(lambda one: _that_is_there(store, one), stanzas))
    index.write_bytes(lzma.compress("\n\n".join(filter(None, [*there, "\n"])).encode()))
    release = signed.with_name("Release")
    release.write_text(_renamed(signed.read_text(), index.read_bytes()))
    signer.sign(release)


def _that_is_there(store: Store, stanza: str) -> str:
    """Return the stanza, that of an older build where only this is there, or nothing."""
    path = re.findall(r"^Filename: (\S+)$", stanza, re.MULTILINE)[0]
    if store.has(path):
        return stanza
    for older in _older(path):
        if file := store.file(older):
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            for key, value in (("Filename", older), ("Size", file.stat().st_size)):
                stanza = re.sub(rf"^{key}: .*$", f"{key}: {value}", stanza, flags=re.MULTILINE)
            stanza = re.sub(r"^MD5sum: .*\n", "", stanza, flags=re.MULTILINE)
            return re.sub(r"^SHA256: .*$", f"SHA256: {digest}", stanza, flags=re.MULTILINE)
    return ""


def _older(path: str) -> Iterator[str]:
    """Yield where earlier builds of the same source would be."""
    found = re.fullmatch(r"(.*\+b)(\d+)(_\w+\.udeb)", path)
    if found:
        build = int(found[2])
        for earlier in range(build - 1, max(0, build - 1 - OLDER_AT_MOST), -1):
            yield f"{found[1]}{earlier}{found[3]}"


def _renamed(signed: str, index: bytes) -> str:
    """Return a Release of this one index, with the release's own names."""
    head = signed.partition("\n\n")[2].partition("\nMD5Sum:")[0]
    digest = hashlib.sha256(index).hexdigest()
    return f"{head}\nSHA256:\n {digest} {len(index)} {INDEX}\n"
