"""A mirror inside the guest's network: what it is asked for it fetches from the archive outside."""

import hashlib
import http.server
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from clusterwright.lab.netns import Netns
from tests.lab.real_installer.archive import KEYRING

PREFIX = "/debian/"
INSTALLERS_INDEX = "main/debian-installer/binary-amd64/Packages.xz"
REQUESTS_AT_MOST = 5000
BYTES_AT_MOST = 512 << 20
TIMEOUT_S = 120.0


class Store:
    """What was fetched. Packages are kept from run to run, as their names never mean others."""

    def __init__(self, upstream: str, folder: Path) -> None:
        self._upstream, self._folder = upstream, folder
        self._turns: dict[str, threading.Lock] = {}
        self._left = REQUESTS_AT_MOST
        self._turn = threading.Lock()

    def file(self, path: str) -> Path | None:
        """Return the file that stands for a path of the archive; None where there is none."""
        kept = self._folder / path
        if ".." in path or not path.startswith(("dists/", "pool/")):
            return None
        with self._turn:
            turn = self._turns.setdefault(path, threading.Lock())
        with turn:
            if kept.is_file() or self._fetch(path, kept):
                return kept
        return None

    def forget_indices(self) -> None:
        """Let go of what means something else tomorrow."""
        shutil.rmtree(self._folder / "dists", ignore_errors=True)

    def _fetch(self, path: str, kept: Path) -> bool:
        with self._turn:
            self._left -= 1
            if self._left < 0:
                return False
        kept.parent.mkdir(parents=True, exist_ok=True)
        if re.fullmatch(r"dists/[^/]+/Release(\.gpg)?", path):
            return self._release(path.rpartition("/")[0])
        return any(self._kept(name, kept) for name in (self._by_hash(path), path))

    def _kept(self, name: str, kept: Path) -> bool:
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as whole:
            try:
                url = f"{self._upstream}/{name}"
                with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 - apt's
                    _copy(answer, whole)
            except OSError:
                Path(whole.name).unlink()
                return False
        Path(whole.name).replace(kept)
        return True

    def _by_hash(self, path: str) -> str:
        """Return the name that an index has by what is in it: that one is never of another day."""
        found = re.fullmatch(r"(dists/[^/]+)/(.+/[^/]+)", path)
        if not found or "/by-hash/" in path:
            return path
        release = self.file(f"{found[1]}/InRelease")
        listed = release.read_text() if release else ""
        digest = re.search(rf"^ ([0-9a-f]{{64}}) +\d+ {re.escape(found[2])}$", listed, re.MULTILINE)
        return f"{path.rpartition('/')[0]}/by-hash/SHA256/{digest[1]}" if digest else path

    def _release(self, folder: str) -> bool:
        """Keep a Release that is signed, and that knows the installer's index as it is here.

        A mirror may have these of different days, but the same ones under the suite's name.
        """
        signed = self.file(f"{folder}/InRelease")
        index = self.file(f"{folder}/{INSTALLERS_INDEX}")
        if not (signed and index):
            return False
        suite = re.findall(r"^Suite: (\S+)$", signed.read_text(), re.MULTILINE)[0]
        digest = hashlib.sha256(index.read_bytes()).hexdigest()
        for name in (folder, f"dists/{suite}"):
            text, signature = (self._read(f"{name}/Release{end}") for end in ("", ".gpg"))
            (signed.parent / "Release").write_bytes(text)
            (signed.parent / "Release.gpg").write_bytes(signature)
            if digest.encode() in text and _is_signed(signed.parent / "Release"):
                return True
            for end in ("", ".gpg"):
                (signed.parent / f"Release{end}").unlink()
        return False

    def _read(self, path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{self._upstream}/{path}", timeout=TIMEOUT_S) as answer:  # noqa: S310 - apt's
                return bytes(answer.read(BYTES_AT_MOST))
        except OSError:
            return b""


def _is_signed(release: Path) -> bool:
    words = ("gpgv", "--quiet", "--keyring", KEYRING, f"{release}.gpg", str(release))
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    length = 0
    while chunk := source.read(1 << 18):
        length += len(chunk)
        if length > BYTES_AT_MOST:
            raise OSError(f"more than {BYTES_AT_MOST} bytes")
        target.write(chunk)


@contextmanager
def serving(store: Store, network: Netns, address: str) -> Iterator[None]:
    """Serve the store on port 80 of the network until the block ends."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            inside = self.path.startswith(PREFIX)
            file = store.file(self.path.removeprefix(PREFIX)) if inside else None
            if file is None:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(file.stat().st_size))
            self.end_headers()
            if self.command == "GET":
                with file.open("rb") as stream:
                    shutil.copyfileobj(stream, self.wfile)

        do_HEAD = do_GET  # noqa: N815 - its name

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name
            pass

    server = http.server.ThreadingHTTPServer((address, 80), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = network.socket()
    server.daemon_threads = True
    server.server_bind()
    server.server_activate()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        store.forget_indices()
