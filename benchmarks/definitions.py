"""Definitions of sites of a given size: scalable units of 32 DGX H100, four to a rack."""

from pathlib import Path
from typing import Any

import yaml

from clusterwright.site_folder import SiteFolder

NODES_PER_UNIT = 32
NODES_PER_RACK = 4
UNITS_PER_NETWORK_RACK = 2


def write_site(folder: Path, nodes: int) -> SiteFolder:
    """Write the definition of a site with so many nodes."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "site.yml"
    file.write_text(yaml.safe_dump(definition(nodes), sort_keys=False))
    return SiteFolder(definition=file)


def definition(nodes: int) -> dict[str, Any]:
    """Return the definition as the loader reads it."""
    units = -(-nodes // NODES_PER_UNIT)
    racks = [f"r{number}" for number in range(1, -(-nodes // NODES_PER_RACK) + 1)]
    network = [f"net{number}" for number in range(1, -(-units // UNITS_PER_NETWORK_RACK) + 1)]
    half = len(racks) // 2
    return {
        "site": f"bench-{nodes}",
        "facility": {
            "feeds": ["A", "B", "C"],
            "racks": [
                # Switches stand in the middle: their cables reach both ends of the row.
                *(
                    rack_group(names, per_feed)
                    for names, per_feed in ((racks[:half], 1), (network, 2), (racks[half:], 1))
                    if names
                )
            ],
        },
        "compute": [unit(number, nodes, racks) for number in range(units)],
        "management": [{"name": "head1", "server": "management-1u", "rack": network[0]}],
        "pools": {"training": {"mig": "none"}},
        "fabrics": {
            "compute": {
                "kind": "infiniband",
                "switch": "qm9700",
                "cable": "ndr-multimode",
                "racks": network,
            },
            "inband": {"kind": "ethernet", "prefix": "10.112.0.0/18"},
            "oob": {"kind": "ethernet", "prefix": "10.120.0.0/16"},
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
            "time_servers": ["10.112.0.2"],
        },
        "maintenance": {"at_once": 4},
    }


def rack_group(names: list[str], per_feed: int) -> dict[str, Any]:
    """Return racks with PDUs for what stands in them; switches have more cords than nodes."""
    return {
        "model": "48u-750x1200",
        "names": names,
        "power_limit_kw": 44,
        "pdus": {"model": "rack-pdu-415v-60a", "per_feed": per_feed},
    }


def unit(number: int, nodes: int, racks: list[str]) -> dict[str, Any]:
    """Return scalable unit `number` (from 0); the last one may hold fewer nodes."""
    count = min(NODES_PER_UNIT, nodes - number * NODES_PER_UNIT)
    first = number * NODES_PER_UNIT // NODES_PER_RACK
    own = racks[first : first + -(-count // NODES_PER_RACK)]
    group = {"server": "dgx-h100", "count": count, "racks": own, "pool": "training"}
    return {"name": f"su{number + 1}", "build_for": NODES_PER_UNIT, "groups": [group]}
