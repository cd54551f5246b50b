"""Network namespaces without a name: they end with the process that holds them."""

import contextlib
import ctypes
import os
import socket
from collections.abc import Iterable, Iterator

from clusterwright.errors import OperationError
from clusterwright.lab.namespace import CLONE_NEWNET
from clusterwright.lab.programs import run

OURS = "/proc/thread-self/ns/net"


class Netns:
    """A network namespace of this process's own. Make and close it in one thread."""

    def __init__(self) -> None:
        with _coming_back():
            _call("unshare", CLONE_NEWNET)
            self._handle = os.open(OURS, os.O_RDONLY | os.O_CLOEXEC)

    @property
    def path(self) -> str:
        """What other programs find it by, as long as this process holds it."""
        return f"/proc/{os.getpid()}/fd/{self._handle}"

    @property
    def prefix(self) -> tuple[str, ...]:
        """What a command begins with that runs in it."""
        return ("nsenter", f"--net={self.path}")

    def socket(self) -> socket.socket:
        """Return a TCP socket of this namespace: it stays there, whoever uses it."""
        with _coming_back():
            _call("setns", self._handle, CLONE_NEWNET)
            return socket.socket(socket.AF_INET, socket.SOCK_STREAM)

    def ip(self, lines: Iterable[str]) -> None:
        """Run commands of ip(8) in it."""
        run(*self.prefix, "ip", "-batch", "-", text="\n".join(lines) + "\n")

    def close(self) -> None:
        """Let go of it: it is gone as soon as no process is in it."""
        os.close(self._handle)


@contextlib.contextmanager
def _coming_back() -> Iterator[None]:
    """Only the calling thread goes elsewhere, and nothing else runs in it meanwhile."""
    home = os.open(OURS, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield
    finally:
        _call("setns", home, CLONE_NEWNET)
        os.close(home)


def _call(function: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise OperationError(f"network namespace: {function} failed ({reason}); run as root")
