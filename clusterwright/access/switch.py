"""An Ethernet switch: which of its ports are up, who is there, and which MACs it has seen where.

Read over SSH with what every switch on Linux has: ip(8), bridge(8), and lldpd.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clusterwright.access.ssh import run_on
from clusterwright.errors import DeviceRefused, DeviceUnreachable
from clusterwright.site_folder import SiteFolder

COMMAND = "ip -j link show; lldpcli -f json show neighbors; bridge -j fdb show"
_SWITCH_PORT = re.compile(r"swp(\d+)(?:s(\d+))?")
"""What Cumulus Linux calls its ports, split or not."""
_MANAGEMENT = "eth0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Who is at the other end of a cable, by LLDP."""

    device: str
    port: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchState:
    """What a switch says of its ports, by the names that a plan has for them."""

    up: frozenset[str]
    """Ports that have a link."""
    neighbours: Mapping[str, Neighbour]
    ports_of: Mapping[str, str]
    """The port at which each MAC was seen last, by MAC."""


async def read(folder: SiteFolder, name: str, address: str, user: str) -> SwitchState:
    """Ask a switch.

    Raises:
        DeviceUnreachable: nobody answers there.
        DeviceRefused: somebody does, and does not let us in or does not know the commands.
    """
    said = await run_on(folder, address, user, COMMAND)
    if said.silent:
        raise DeviceUnreachable(
            f"{name}: nobody answers at {address} by SSH; see its power and its management cable"
        )
    if not said.known:
        raise DeviceRefused(
            f"{name}: {said.text or 'SSH to ' + address + ' failed'}; let user {user} of the "
            "site's key in, and write its host key into known_hosts"
        )
    try:
        return parse(said.text)
    except ValueError as error:
        raise DeviceRefused(
            f"{name}: does not say how its ports are ({error}); install iproute2 and lldpd on it"
        ) from error


def parse(text: str) -> SwitchState:
    """Read what the three commands have printed.

    Raises:
        ValueError: one of them has printed something else.
    """
    links, lldp, table = _documents(text)
    return SwitchState(
        up=frozenset(port_name(one["ifname"]) for one in links if one.get("operstate") == "UP"),
        neighbours=dict(_neighbours(lldp)),
        ports_of={
            one["mac"].lower(): port_name(one["ifname"])
            for one in table
            if one.get("state") != "permanent" and "self" not in one.get("flags", ())
        },
    )


def port_name(said: str) -> str:
    """Return a plan's name for what a switch calls its port: 1 for swp1, 1/2 for swp1s1."""
    if found := _SWITCH_PORT.fullmatch(said):
        number, part = found.groups()
        return number if part is None else f"{number}/{int(part) + 1}"
    return "MGMT" if said == _MANAGEMENT else said


def _documents(text: str) -> list[Any]:
    decoder, found, at = json.JSONDecoder(), [], 0
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        found.append(document)
        at += len(text[at:]) - len(text[at:].lstrip())
    if len(found) != 3:
        raise ValueError(f"{len(found)} of 3 commands have answered")
    return found


def _neighbours(lldp: Any) -> Iterator[tuple[str, Neighbour]]:
    """Yield who is at each port; lldpcli drops the list where there is one of a thing."""
    there = lldp.get("lldp", {}).get("interface", [])
    for entry in there if isinstance(there, list) else [there]:
        for port, about in entry.items():
            # A chassis is under its name, or bare where it told none.
            device = next(iter(about["chassis"]))
            told = "" if device == "id" else device.partition(".")[0]
            yield port_name(port), Neighbour(device=told, port=_port_of(about["port"]))


def _port_of(port: Any) -> str:
    """Some call a port by its MAC, and write its name beside it."""
    said = port["id"]
    return port_name(
        str(port.get("descr") or said["value"] if said["type"] == "mac" else said["value"])
    )
