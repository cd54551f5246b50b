"""Every row of the tables of DGX SuperPOD H100 and B200, from a definition through the engine.

Sources: RA-11333-001 V11 tables 3 and 4, RA-11334-001 V08, as in ../shared/reference/hardware.md.
"""

from collections import Counter

import pytest

from clusterwright.design.fabric import compute_fabric, list_joints
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats, taken
from tests.fabrics import compute_only
from tests.superpods import definition, loaded
from tests.unit.test_fabric_reference_architectures import SUPERPOD_LARGER, SUPERPOD_WITH_UFM

UFM = "\n".join(
    (
        "    attached:",
        "      - {host: ufm1, kind: ufm, ports: 2, shared_with: [ufm2], "
        "cable: ndr-multimode-splitter}",
        "",
    )
)
SERVERS = ["dgx-h100", "dgx-b200"]


def counted(text: str, folder) -> tuple[dict[str, int], Counter[str]]:
    """Count nodes, GPUs and switches, and links by tier."""
    site = compute_only(loaded(text, folder))
    seats = taken(list_seats(site, list_racks(site)))
    fabric = compute_fabric(site)
    size = fabric.size
    things = {
        "nodes": len(seats),
        "GPUs": sum(seat.server.gpus.count for seat in seats),
        "leaves": size.leaves,
        "spines": size.spines,
        "cores": size.cores,
    }
    return things, Counter(joint.tier for joint in list_joints(fabric, seats))


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("row", SUPERPOD_WITH_UFM, ids=lambda row: f"{row[0]} SU")
def test_table_4_with_ufm(row, server, tmp_path):
    units, nodes, gpus, leaves, spines, at_leaves, leaf_spine = row
    text = definition(units, edits=(("server: dgx-h100", f"server: {server}"),))
    things, tiers = counted(text, tmp_path)
    assert things == {
        "nodes": nodes,
        "GPUs": gpus,
        "leaves": leaves,
        "spines": spines,
        "cores": 0,
    }
    assert tiers == {
        "node-leaf": at_leaves - 4,
        "ufm-leaf": 4,
        "leaf-spine": leaf_spine,
    }


@pytest.mark.parametrize("row", SUPERPOD_LARGER, ids=lambda row: f"{row[0]} SU")
def test_larger_systems_without_ufm(row, tmp_path):
    units, nodes, gpus, leaves, spines, cores, node_leaf, leaf_spine, spine_core = row
    text = definition(units, edits=((UFM, ""), ("count: 31", "count: 32")))
    things, tiers = counted(text, tmp_path)
    assert things == {
        "nodes": nodes,
        "GPUs": gpus,
        "leaves": leaves,
        "spines": spines,
        "cores": cores,
    }
    assert (tiers["node-leaf"], tiers["leaf-spine"], tiers["spine-core"]) == (
        node_leaf,
        leaf_spine,
        spine_core,
    )
