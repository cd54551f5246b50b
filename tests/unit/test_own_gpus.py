"""Servers with GPUs of another maker, as an operator describes them."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from clusterwright.design import design
from clusterwright.errors import DefinitionError
from clusterwright.load import LoadedSite
from clusterwright.site_folder import PROJECT
from tests.superpods import compute_superpod, loaded

GPU = {
    "title": "AMD Instinct MI300X",
    "source": "This test; 192 GB from Juniper's JVD of MI300X",
    "confidence": "assumed",
    "product": "AMD Instinct MI300X",
    "memory_gb": 192,
}


def site_of(folder: Path, mig: str) -> LoadedSite:
    """Return a unit of 16 servers that are like an HGX H100, but for their GPUs."""
    server: dict[str, Any] = yaml.safe_load(
        (PROJECT / "clusterwright/catalogue/servers/hgx-h100-air.yml").read_text()
    )
    server |= {
        "title": "Eight MI300X in an OEM server",
        "gpus": {"model": "mi300x", "count": 8, "nvswitch": False, "pcie_width": 16},
    }
    del server["controllers"]
    server["less_sure"].pop("controllers")
    site = compute_superpod("mi300x-server", nodes_per_rack=4, management=[])
    unit = site["compute"][0]
    unit["groups"][0] |= {"count": 16, "build_for": 16}
    site |= {"compute": [unit | {"build_for": 16}], "pools": {"training": {"mig": mig}}}
    del site["fabrics"]["compute"]["attached"]
    site["fabrics"]["compute"] |= {
        "kind": "ethernet",
        "switch": "sn5600",
        "breakout": 2,
        "rails_per_leaf": 4,
        "cable": "auto",
    }
    return loaded(site, folder, {"gpus/mi300x": GPU, "servers/mi300x-server": server})


def test_gpus_that_cannot_be_divided_are_planned(tmp_path):
    plan = design(site_of(tmp_path, "none"))
    assert {node.gpus.model for node in plan.nodes} == {"AMD Instinct MI300X"}
    assert Counter(one.tier for one in plan.switches) == {"leaf": 2}


def test_a_layout_of_gpus_that_cannot_be_divided_is_a_mistake(tmp_path):
    with pytest.raises(DefinitionError) as caught:
        design(site_of(tmp_path, "7x1g.10gb"))
    (mistake,) = caught.value.mistakes
    assert mistake.rule == "AMD Instinct MI300X cannot be divided: write mig: none"
    assert [(change.path, change.value) for change in mistake.remedy] == [
        ("pools.training.mig", "none")
    ]
