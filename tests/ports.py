"""Ports that nobody takes between the question and the answer."""

import socket
from random import SystemRandom

_FIRST, _BEHIND_LAST = 10_000, 32_000
"""Below those that Linux hands out by itself (ip_local_port_range begins with 32768)."""


def free_port() -> int:
    """Return a port on which no address of this machine listens."""
    while True:
        port = SystemRandom().randrange(_FIRST, _BEHIND_LAST)
        with socket.socket() as probe:
            # All addresses: a rig listens on many of 127.0.0.0/8.
            if _bound(probe, port):
                return port


def _bound(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind(("", port))
    except OSError:
        return False
    return True
