"""Definitions of sites of a given size: scalable units with a row's share of racks each.

Up to 2,048 nodes of DGX H100 on switches of 64 ports; beyond, of DGX B300 on switches of 144.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from clusterwright.site_folder import SiteFolder

UNITS_PER_ROW = 4
NODES_PER_RACK = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a site is made of. Its network racks stand between the racks of their unit."""

    server: str
    switch: str
    cable: str
    pdu: str
    feeds: list[str]
    nodes_per_unit: int
    network_racks_per_unit: int
    rack_kw: int
    pdus_per_feed: int


H100 = Kind(
    server="dgx-h100",
    switch="qm9700",
    cable="ndr-singlemode",
    pdu="rack-pdu-415v-60a",
    feeds=["A", "B", "C"],
    nodes_per_unit=32,
    network_racks_per_unit=1,
    rack_kw=44,
    pdus_per_feed=1,
)
B300 = Kind(
    server="dgx-b300",
    switch="q3400-ra",
    cable="xdr-fibre",
    pdu="rack-pdu-415v-60a",
    feeds=["A", "B"],
    nodes_per_unit=64,
    network_racks_per_unit=2,
    rack_kw=66,
    pdus_per_feed=2,
)
LARGEST_OF_H100 = 2048

# No list of lengths that is published covers a hall of this size.
XDR_FIBRE = {
    "title": "Single-mode fibre cut to length",
    "source": "The benchmark's own",
    "confidence": "assumed",
    "medium": "singlemode-fibre",
    "speed_gbps": 800,
    "lengths_m": [3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
    "reach_max_m": 5000,
    "protocols": ["infiniband"],
    "a": {"connector": "mpo-12-apc"},
    "b": {"connector": "mpo-12-apc"},
    "transceivers": ["xdr-2xdr4", "xdr-dr4"],
}


def write_site(folder: Path, nodes: int) -> SiteFolder:
    """Write the definition of a site with so many nodes, and the models of its own."""
    cables = folder / "catalogue/cables"
    cables.mkdir(parents=True, exist_ok=True)
    (cables / "xdr-fibre.yml").write_text(yaml.safe_dump(XDR_FIBRE, sort_keys=False))
    file = folder / "site.yml"
    file.write_text(yaml.safe_dump(definition(nodes), sort_keys=False))
    return SiteFolder(definition=file)


def definition(nodes: int) -> dict[str, Any]:
    """Return the definition as the loader reads it."""
    kind = H100 if nodes <= LARGEST_OF_H100 else B300
    units = range(-(-nodes // kind.nodes_per_unit))
    blocks = [racks_of(kind, number, nodes) for number in units]
    network = [name for number in units for name in network_racks(kind, number)]
    nodes_racks = [name for number in units for name in node_racks(kind, number, nodes)]
    return {
        "site": f"bench-{nodes}",
        "facility": {
            "feeds": kind.feeds,
            "racks": [
                rack_group(kind, nodes_racks, kind.pdus_per_feed),
                # Switches have more cords than nodes.
                rack_group(kind, network, 2),
            ],
            "floor": {"rows": rows(blocks)},
        },
        "compute": [unit(kind, number, nodes) for number in units],
        "management": [{"name": "head1", "server": "management-1u", "rack": network[0]}],
        "pools": {"training": {"mig": "none"}},
        "fabrics": {
            "compute": {
                "kind": "infiniband",
                "switch": kind.switch,
                "cable": kind.cable,
                "racks": network,
            },
            "inband": {"kind": "ethernet", "prefix": "10.128.0.0/15"},
            "oob": {"kind": "ethernet", "prefix": "10.132.0.0/14"},
        },
        "software": {
            "package_sources": [
                {
                    "name": "cuda",
                    "uri": "https://mirror.example.org/cuda",
                    "suites": ["/"],
                    "key_url": "https://mirror.example.org/cuda/key.pub",
                }
            ],
            "gpu_driver": "580.178.04",
            "time_servers": ["10.128.0.2"],
        },
        "maintenance": {"at_once": 4},
    }


def rack_group(kind: Kind, names: list[str], per_feed: int) -> dict[str, Any]:
    """Return racks with PDUs for what stands in them."""
    return {
        "model": "48u-750x1200",
        "names": names,
        "power_limit_kw": kind.rack_kw,
        "pdus": {"model": kind.pdu, "per_feed": per_feed},
    }


def rows(blocks: list[list[str]]) -> list[dict[str, Any]]:
    """Return the floor: the racks of so many units to a row."""
    return [
        {
            "name": f"row{first // UNITS_PER_ROW + 1}",
            "racks": [name for block in blocks[first : first + UNITS_PER_ROW] for name in block],
        }
        for first in range(0, len(blocks), UNITS_PER_ROW)
    ]


def racks_of(kind: Kind, number: int, nodes: int) -> list[str]:
    """Return the racks of unit `number` (from 0), its network racks in the middle."""
    racks = node_racks(kind, number, nodes)
    half = len(racks) // 2
    return [*racks[:half], *network_racks(kind, number), *racks[half:]]


def node_racks(kind: Kind, number: int, nodes: int) -> list[str]:
    count = -(-nodes_of(kind, number, nodes) // NODES_PER_RACK)
    return [f"su{number + 1}-r{rack}" for rack in range(1, count + 1)]


def network_racks(kind: Kind, number: int) -> list[str]:
    return [f"su{number + 1}-net{rack}" for rack in range(1, kind.network_racks_per_unit + 1)]


def nodes_of(kind: Kind, number: int, nodes: int) -> int:
    return min(kind.nodes_per_unit, nodes - number * kind.nodes_per_unit)


def unit(kind: Kind, number: int, nodes: int) -> dict[str, Any]:
    """Return scalable unit `number` (from 0); the last one may hold fewer nodes."""
    group = {
        "server": kind.server,
        "count": nodes_of(kind, number, nodes),
        "racks": node_racks(kind, number, nodes),
        "pool": "training",
    }
    return {"name": f"su{number + 1}", "build_for": kind.nodes_per_unit, "groups": [group]}
