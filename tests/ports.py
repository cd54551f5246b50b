"""Ports that nobody takes between the question and the answer."""

import os
import socket
from random import SystemRandom

_FIRST, _BEHIND_LAST = 10_000, 32_000
"""Below those that Linux hands out by itself (ip_local_port_range begins with 32768)."""
_SHARES = 20


def free_port() -> int:
    """Return a port on which no address of this machine listens.

    Each worker of a run has ports of its own: no other takes one before it is listened on.
    """
    share = (_BEHIND_LAST - _FIRST) // _SHARES
    first = _FIRST + share * (_worker() % _SHARES)
    while True:
        port = SystemRandom().randrange(first, first + share)
        with socket.socket() as probe:
            # All addresses: a rig listens on many of 127.0.0.0/8.
            if _bound(probe, port):
                return port


def _worker() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _bound(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind(("", port))
    except OSError:
        return False
    return True
