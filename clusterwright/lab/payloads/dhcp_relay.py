"""A switch's DHCP relay: it tells the server at which port somebody asks (RFC 3046).

Clients take the relay for their server, as many switches have it, so that they renew through it: a
server that knows places only would not know who renews without it. Runs on a lab's switches under
their own Python, so it uses nothing but the standard library.
"""

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

SETTINGS = Path("/etc/dhcp-relay.json")
SERVER_PORT, CLIENT_PORT = 67, 68
REQUEST, REPLY = 1, 2
GIADDR, CHADDR, OPTIONS = slice(24, 28), slice(28, 34), 240
PAD, KIND, SERVER, AGENT, END = 0, 53, 54, 82, 255
RELEASE = b"\x07"
CIRCUIT = 1
NOBODY = bytes(4)
HOPS = 3


def asked(packet: bytes, circuit: str, relay: bytes, server: bytes) -> bytes:
    """Return a client's packet as it goes to the server."""
    body = bytearray(packet[:OPTIONS])
    body[HOPS] += 1
    body[GIADDR] = relay
    for number, data in _options(packet):
        body += _option(number, server if number == SERVER else data)
    place = _option(CIRCUIT, circuit.encode())
    return bytes(body) + _option(AGENT, place) + bytes((END,))


def answered(packet: bytes, relay: bytes) -> bytes:
    """Return the server's packet as it goes to the client, which is not told where it is."""
    body = bytearray(packet[:OPTIONS])
    body[GIADDR] = NOBODY
    for number, data in _options(packet):
        if number != AGENT:
            body += _option(number, relay if number == SERVER else data)
    return bytes(body) + bytes((END,))


def is_release(packet: bytes) -> bool:
    """Whether a client gives its address back: it may be unplugged before it is looked for."""
    return (KIND, RELEASE) in _options(packet)


def port_of(table: str, mac: str) -> str:
    """Return the port at which the switch has seen a MAC, from `bridge -j fdb`; empty for none."""
    found = (one["ifname"] for one in json.loads(table) if one["mac"] == mac and "ifname" in one)
    return next(found, "")


def main() -> None:
    """Relay until the end."""
    settings = json.loads(SETTINGS.read_text())
    relay, server = (socket.inet_aton(settings[key]) for key in ("address", "server"))
    ours = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, settings["bridge"].encode())
    ours.bind(("", SERVER_PORT))
    while True:
        packet = ours.recv(4096)
        if len(packet) <= OPTIONS:
            continue
        if packet[0] == REQUEST and packet[GIADDR] == NOBODY:
            port = port_of(_table(settings["bridge"]), packet[CHADDR].hex(":"))
            if port in settings["ports"] or is_release(packet):
                circuit = f"{settings['switch']}:{port}"
                told = asked(packet, circuit, relay, server)
                ours.sendto(told, (settings["server"], SERVER_PORT))
        elif packet[0] == REPLY and packet[GIADDR] == relay:
            ours.sendto(answered(packet, relay), ("255.255.255.255", CLIENT_PORT))


def _option(number: int, data: bytes) -> bytes:
    return bytes((number, len(data))) + data


def _options(packet: bytes) -> Iterator[tuple[int, bytes]]:
    at = OPTIONS
    while at + 1 < len(packet) and packet[at] != END:
        if packet[at] == PAD:
            at += 1
            continue
        ends = at + 2 + packet[at + 1]
        yield packet[at], packet[at + 2 : ends]
        at = ends


def _table(bridge: str) -> str:
    command = ("bridge", "-j", "fdb", "show", "br", bridge)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
