"""DGX SuperPODs as their reference architectures describe them, as definitions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from clusterwright.load import LoadedSite, load_site
from clusterwright.site_folder import SiteFolder

UNITS, UNIT = 4, 32
NODE_PDU, NETWORK_PDU = "raritan-px3-5878i2r", "rack-pdu-415v-32a"
"""Nodes take outlets of type C19, switches C13."""
UFM = ("ufm1", "ufm2")


def load(
    definition: dict[str, Any], folder: Path, own: Mapping[str, dict[str, Any]] = {}
) -> LoadedSite:
    """Write a definition and models of its own, by kind and name, and load it as an operator's."""
    texts = {name: yaml.safe_dump(model) for name, model in own.items()}
    return load_text(yaml.safe_dump(definition, sort_keys=False), folder, texts)


def load_text(text: str, folder: Path, own: Mapping[str, str] = {}) -> LoadedSite:
    """Load the text of a definition, and the models beside it."""
    file = folder / "site.yml"
    file.write_text(text)
    for name, model in own.items():
        path = folder / f"catalogue/{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(model)
    return load_site(SiteFolder(definition=file))


def superpod(
    server: str, *, nodes_per_rack: int, feeds: str = "ABC", **more: Any
) -> dict[str, Any]:
    """Return four scalable units, with one node less for the two UFM appliances.

    A unit stands in a row of its own; in the middle of each row is a rack of switches.
    """
    rows = [_row(unit, UNIT // nodes_per_rack) for unit in range(1, UNITS + 1)]
    network = [f"net{unit}" for unit in range(1, UNITS + 1)]
    return {
        "site": "superpod",
        "facility": {
            "feeds": list(feeds),
            "racks": [
                _racks([rack for row in rows for rack in row if rack not in network], NODE_PDU),
                _racks(network, NETWORK_PDU),
            ],
            "floor": {
                "rows": [{"name": f"row{n}", "racks": row} for n, row in enumerate(rows, start=1)]
            },
        },
        "compute": [
            {
                "name": f"su{unit}",
                "build_for": UNIT,
                "groups": [
                    {
                        "server": server,
                        "count": UNIT - (unit == 1),
                        "racks": [rack for rack in row if not rack.startswith("net")],
                        "pool": "training",
                    }
                ],
            }
            for unit, row in enumerate(rows, start=1)
        ],
        "management": [
            {"name": name, "server": "ufm-appliance-ndr", "rack": "net1"} for name in UFM
        ],
        "pools": {"training": {}},
        "fabrics": {
            "compute": {
                "kind": "infiniband",
                "switch": "qm9700",
                "cable": "ndr-multimode",
                "attached": [{"host": name, "kind": "ufm", "ports": 2} for name in UFM],
                "racks": network,
            },
            "inband": {"kind": "ethernet", "prefix": "10.112.0.0/22"},
            "oob": {"kind": "ethernet", "prefix": "10.120.0.0/20"},
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
        **more,
    }


def _racks(names: list[str], pdu: str) -> dict[str, Any]:
    return {
        "model": "48u-750x1200",
        "names": names,
        "power_limit_kw": 44,
        "pdus": {"model": pdu, "per_feed": 2},
    }


def _row(unit: int, racks: int) -> list[str]:
    names = [f"su{unit}r{n}" for n in range(1, racks + 1)]
    return [*names[: racks // 2], f"net{unit}", *names[racks // 2 :]]
