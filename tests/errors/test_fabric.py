"""What an operator can write wrong about the compute fabric, and the sentence each mistake gets."""

from dataclasses import replace
from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.design.fabric import compute_fabric, find_problems
from clusterwright.errors import DefinitionError
from clusterwright.load import LoadedSite, load_site
from clusterwright.site_folder import SiteFolder, find_site
from tests.sites import without_switches

LAB = without_switches(find_site("lab").definition.read_text())
COMPUTE = "compute: {kind: infiniband, switch: qm9700, "
UNIT = """  - name: su%s
    build_for: 32
    groups:
      - {server: dgx-h100, count: 1, build_for: 1, racks: [r1], pool: training}
"""


def lab(keys: str = "", *, units: int = 1, edits: tuple[tuple[str, str], ...] = ()) -> str:
    """Return the lab's definition with further keys of the compute fabric, units and edits."""
    further = "".join(UNIT % n for n in range(2, units + 1))
    text = LAB.replace("\nmanagement:", f"{further}\nmanagement:", 1)
    text = text.replace(COMPUTE, f"{COMPUTE}{keys}", 1)
    for old, new in edits:
        assert text.count(old) >= 1, f"the lab's definition no longer says {old}"
        text = text.replace(old, new, 1)
    return text


def load(text: str, folder: Path) -> LoadedSite:
    definition = folder / "site.yml"
    definition.write_text(text)
    return load_site(SiteFolder(definition=definition))


def fabric_mistakes(loaded: LoadedSite) -> list[str]:
    """Return what is said about the fabric; racks that are too full are no matter here."""
    with pytest.raises(DefinitionError) as caught:
        design(loaded)
    return [
        f"{mistake.path}: {mistake.rule}"
        for mistake in caught.value.mistakes
        if "in rack" not in mistake.rule and "prefix" not in mistake.path
    ]


CASES = [
    pytest.param(
        lab("tiers: 2, ", units=9),
        [
            "fabrics.compute.tiers: 9 scalable units need 72 leaves, but a spine qm9700 reaches "
            "only 64: use at most 8 units, or a third tier"
        ],
        id="too many units for two tiers",
    ),
    pytest.param(
        lab("tiers: 2, build_for_units: 300, "),
        [
            "fabrics.compute.tiers: 300 scalable units need 2400 leaves, but a spine qm9700 "
            "reaches only 64: use at most 8 units (256 with a third tier)"
        ],
        id="too many units for any tiers",
    ),
    pytest.param(
        lab("build_for_units: 257, "),
        [
            "fabrics.compute.switch: 257 scalable units need 2056 leaves, but three tiers of "
            "qm9700 with 64 ports join at most 256 such units: use fewer units, or a switch with "
            "more ports"
        ],
        id="too many units for three tiers",
    ),
    pytest.param(
        lab("build_for_units: 1, ", units=2),
        [
            "fabrics.compute.build_for_units: the fabric is built for 1 scalable units, but there "
            "are 2: build for at least 2"
        ],
        id="more units than built for",
    ),
    pytest.param(
        lab("groups: {units: 5, leaves: 8}, "),
        [
            "fabrics.compute.groups.units: 8 leaves of each of 5 units share spines, but a spine "
            "qm9700 of three tiers has 32 ports for leaves: at most 4 units to a group"
        ],
        id="group of too many units",
    ),
    pytest.param(
        lab("groups: {units: 1, leaves: 40}, "),
        [
            "fabrics.compute.groups.leaves: 40 leaves of each of 1 units share spines, but a spine "
            "qm9700 of three tiers has 32 ports for leaves: at most 32 leaves"
        ],
        id="group of too many leaves",
    ),
    pytest.param(
        lab("rails_per_leaf: 2, "),
        [
            "compute.su1.build_for: 32 nodes share a set of leaves, but a qm9700 has 32 ports for "
            "nodes, 2 to a node: at most 16 to a unit"
        ],
        id="too many nodes with several rails on a leaf",
    ),
    pytest.param(
        lab("reserved_leaf_ports: 29, "),
        [
            "fabrics.compute.reserved_leaf_ports: 29 of the 32 ports that a leaf has for nodes are "
            "reserved, but su1 needs 4: reserve at most 28"
        ],
        id="too many ports reserved",
    ),
    pytest.param(
        lab("shape: node-aligned, reserved_leaf_ports: 25, "),
        [
            "fabrics.compute.reserved_leaf_ports: 25 of the 32 ports that a leaf has for nodes are "
            "reserved, but su1 needs 8: reserve at most 24"
        ],
        id="too many ports reserved beside whole nodes",
    ),
    pytest.param(
        lab("attached: [{host: head, kind: gateway, ports: 232}], "),
        [
            "compute.su1.groups[1].count: the unit's groups ask for 4 nodes, but head on 29 of the "
            "32 ports that a leaf has for nodes leave room for 3: at most 3 in the unit"
        ],
        id="guest in the place of nodes",
    ),
    pytest.param(
        lab("attached: [{host: head, kind: storage, ports: 256}], "),
        [
            "fabrics.compute.attached[0].ports: 256 ports are attached to the leaves of su1, but "
            "beside its nodes there is room for 224: at most 224 here"
        ],
        id="guest in the place of all nodes",
    ),
    pytest.param(
        lab(
            "attached: [{host: head, kind: storage, ports: 256}, {host: head, kind: gateway}], ",
        ),
        [
            "fabrics.compute.attached[1]: 258 ports are attached to the leaves of su1, but beside "
            "its nodes there is room for 224: at most 222 of head"
        ],
        id="one guest too many",
    ),
    pytest.param(
        lab(
            "rails_per_leaf: 4, attached: [{host: head, kind: ufm, ports: 40}], ",
            edits=(
                ("build_for: 32", "build_for: 8"),
                ("dgx-h100, count: 2", "dgx-h100, count: 6"),
            ),
        ),
        [
            "fabrics.compute.attached[0]: 40 ports are attached to the leaves of su1, but beside "
            "its nodes there is room for 0: write rails_per_leaf: 2, or attach it to another unit"
        ],
        id="guest on leaves with too many rails",
    ),
    pytest.param(
        lab(edits=(("kind: infiniband", "kind: ethernet"),)),
        [
            "fabrics.compute.kind: the fabric is ethernet, but a qm9700 switches infiniband: write "
            "kind: infiniband, or choose another switch"
        ],
        id="switch of another kind of fabric",
    ),
    pytest.param(
        lab("breakout: 2, "),
        [
            "compute.su1.groups[0].server: compute ports of dgx-h100 run at 400 Gb/s, but ports of "
            "qm9700 split by 2 at 200 Gb/s: write fabrics.compute.breakout: 1, or "
            "fabrics.compute.node_gbps: 200 to run them slower",
            "compute.su1.groups[1].server: compute ports of hgx-h100-liquid run at 400 Gb/s, but "
            "ports of qm9700 split by 2 at 200 Gb/s: write fabrics.compute.breakout: 1, or "
            "fabrics.compute.node_gbps: 200 to run them slower",
            "fabrics.compute.cable: ndr-multimode carries 400 Gb/s, but ports of qm9700 split by 2 "
            "run at 200 Gb/s: choose a cable of that speed, or write auto",
        ],
        id="ports split too finely",
    ),
    pytest.param(
        lab(
            "breakout: 8, ",
            edits=(("switch: qm9700", "switch: q3400-ra"), ("hgx-h100-liquid", "dgx-h100")),
        ),
        [
            *(
                f"compute.su1.groups[{group}].server: compute ports of dgx-h100 run at 400 Gb/s, "
                "but ports of q3400-ra split by 8 at 100 Gb/s: choose another switch or server"
                for group in (0, 1)
            ),
            "fabrics.compute.breakout: ports of q3400-ra cannot be split by 8, but by 1: write 1",
            "fabrics.compute.cable: ndr-multimode carries 400 Gb/s, but ports of q3400-ra split by "
            "8 run at 100 Gb/s: choose a cable of that speed, or write auto",
        ],
        id="ports that do not split",
    ),
    pytest.param(
        lab(edits=(("name: head,", "name: su1-leaf8,"), ("name: cdu1,", "name: spine4,"))),
        [
            f"{path}: {name} is the name of a switch of the compute fabric, but a name means one "
            "thing: give this one another"
            for path, name in (
                ("facility.cooling.loops.tcs1.cdu.name", "spine4"),
                ("management.su1-leaf8.name", "su1-leaf8"),
            )
        ],
        id="host with the name of a switch",
    ),
    pytest.param(
        lab("breakout: 1, uplink_breakout: 1, uplink_cable: hdr-dac, "),
        [
            "fabrics.compute.uplink_cable: hdr-dac carries 200 Gb/s, but ports of qm9700 run at "
            "400 Gb/s between switches: choose a cable of that speed, or write auto",
        ],
        id="uplink cable of another speed",
    ),
    pytest.param(
        lab("planes: 3, ", edits=(("hgx-h100-liquid", "dgx-h100"),)),
        [
            f"compute.su1.groups[{group}].server: compute ports of dgx-h100 run at 133 Gb/s in "
            "each of 3 planes, but ports of qm9700 at 400 Gb/s: choose another switch or server"
            for group in (0, 1)
        ],
        id="ports that cannot be split over the planes",
    ),
    pytest.param(
        lab("node_gbps: 150, "),
        [
            f"fabrics.compute.node_gbps: compute ports of {server} run at 400 or 200 or 100 Gb/s, "
            "not at 150: write 100"
            for server in ("dgx-h100", "hgx-h100-liquid")
        ],
        id="a speed that adapters do not know",
    ),
    pytest.param(
        lab(edits=(("switch: qm9700", "switch: qm8790"), ("build_for: 32", "build_for: 20"))),
        [
            *(
                f"compute.su1.groups[{group}].server: compute ports of {server} run at 400 Gb/s, "
                "but ports of qm8790 at 200 Gb/s: choose another switch or server, or "
                "fabrics.compute.node_gbps: 200 to run them slower"
                for group, server in enumerate(("dgx-h100", "hgx-h100-liquid"))
            ),
            "fabrics.compute.cable: ndr-multimode carries 400 Gb/s, but ports of qm8790 run at 200 "
            "Gb/s: choose a cable of that speed, or write auto",
        ],
        id="switches of an earlier generation",
    ),
    pytest.param(
        lab("spine_switch: sn5600, "),
        [
            "fabrics.compute.spine_switch: the fabric is infiniband, but a sn5600 switches "
            "ethernet: write qm9700, or choose another switch"
        ],
        id="spines of another kind of fabric",
    ),
    pytest.param(
        lab("spine_switch: qm8790, "),
        [
            "fabrics.compute.spine_switch: links between switches run at 400 Gb/s, but ports of "
            "qm8790 at 200 Gb/s, or split by 2: write qm9700, or choose another switch"
        ],
        id="spines that are too slow",
    ),
    pytest.param(
        lab("least_spines: 70, "),
        [
            "fabrics.compute.least_spines: a leaf has an uplink to each of 70 spines, but a qm9700 "
            "has no 70 beside its ports for nodes: at most 32"
        ],
        id="more spines than uplinks",
    ),
    pytest.param(
        lab("tiers: 2, spine_switch: qm9790, ", units=9),
        [
            "fabrics.compute.tiers: 9 scalable units need 72 leaves, but a spine qm9790 reaches "
            "only 64: use at most 8 units, or a third tier"
        ],
        id="too many units for spines of another model",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_each_mistake_gets_its_sentence(text, expected, tmp_path):
    assert fabric_mistakes(load(text, tmp_path)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            lab("attached: [{host: haed, kind: ufm, unit: su9}], "),
            [
                "fabrics.compute.attached[0].host: there is no management host haed: did you mean "
                "head?",
                "fabrics.compute.attached[0].unit: there is no scalable unit su9: did you mean "
                "su1?",
            ],
            id="attached to nothing",
        ),
        pytest.param(
            lab(edits=(("build_for: 32", "holes: [su1-n1, su1-n5, su1-n1]\n    build_for: 32"),)),
            [
                "compute.su1.holes[1]: there is no su1-n5: su1 has 4 nodes, so leave it out",
                "compute.su1.holes[2]: su1-n1 is named twice, but a name means one thing: give "
                "this one another",
            ],
            id="holes where no node is",
        ),
        pytest.param(
            lab("tiers: 2, groups: {units: 1, leaves: 8}, "),
            [
                "fabrics.compute: groups share spines, but with tiers: 2 all leaves do: leave out "
                "groups, or write tiers: 3"
            ],
            id="groups in two tiers",
        ),
        pytest.param(
            lab("uplink_cable: ndr-multimod, "),
            [
                "fabrics.compute.uplink_cable: there is no cable ndr-multimod: did you mean "
                "ndr-multimode?"
            ],
            id="uplink cable that does not exist",
        ),
        pytest.param(
            lab("breakout: 2, uplink_breakout: 4, "),
            [
                "fabrics.compute: uplink_breakout: 4 splits ports finer between switches than "
                "towards nodes: write at most 2"
            ],
            id="uplinks split finer than downlinks",
        ),
        pytest.param(
            lab("shape: node-aligned, rails_per_leaf: 2, "),
            [
                "fabrics.compute: rails_per_leaf: 2 is of rail-optimised fabrics, but in a "
                "node-aligned one all rails of a node share a leaf: leave it out"
            ],
            id="rails per leaf of whole nodes",
        ),
        pytest.param(
            lab("nodes_per_leaf: 2, "),
            [
                "fabrics.compute: nodes_per_leaf: 2 is of node-aligned fabrics, but in a "
                "rail-optimised one all nodes of a unit share its leaves: leave it out, or write "
                "shape: node-aligned"
            ],
            id="nodes per leaf of rails",
        ),
        pytest.param(
            lab("oversubscription: 3:1, "),
            [
                "fabrics.compute.oversubscription: 181 is no ratio from 0.5 to 32: write a number "
                'or, in quotes (without them YAML reads minutes and seconds), "3:1"'
            ],
            id="ratio without quotes",
        ),
        pytest.param(
            lab('oversubscription: "1:3", '),
            [
                "fabrics.compute.oversubscription: '1:3' cannot stand here: input should be "
                "greater than or equal to 0.5"
            ],
            id="ratio the wrong way round",
        ),
        pytest.param(
            lab("tiers: 4, "),
            ["fabrics.compute.tiers: 4 cannot stand here: input should be 'auto', 1, 2 or 3"],
            id="four tiers",
        ),
    ],
)
def test_each_mistake_of_form_gets_its_sentence(text, expected, tmp_path):
    with pytest.raises(DefinitionError) as caught:
        load(text, tmp_path)
    assert [f"{mistake.path}: {mistake.rule}" for mistake in caught.value.mistakes] == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param(
            "shape: node-aligned, ",
            "fabrics.compute.shape: 8 ports of a node on one leaf, but a qm9700 has 4 ports for "
            "nodes: write shape: rail-optimised",
            id="whole nodes",
        ),
        pytest.param(
            "rails_per_leaf: 8, ",
            "fabrics.compute.rails_per_leaf: 8 ports of a node on one leaf, but a qm9700 has 4 "
            "ports for nodes: write rails_per_leaf: 4",
            id="several rails",
        ),
    ],
)
def test_a_switch_too_small_for_one_node_gets_its_sentence(keys, expected, tmp_path):
    loaded = load(lab(keys), tmp_path)
    small = loaded.catalogue.switches["qm9700"].model_copy(update={"cages": 4})
    catalogue = replace(loaded.catalogue, switches={"qm9700": small})
    assert expected in fabric_mistakes(replace(loaded, catalogue=catalogue))


REMEDIES = [
    pytest.param(lab("tiers: 2, build_for_units: 9, "), "tiers: 2", "tiers: 3", id="tiers"),
    pytest.param(
        lab("reserved_leaf_ports: 29, "),
        "reserved_leaf_ports: 29",
        "reserved_leaf_ports: 28",
        id="reserved ports",
    ),
    pytest.param(
        lab("groups: {units: 5, leaves: 8}, "), "units: 5", "units: 4", id="units of a group"
    ),
    pytest.param(
        lab("build_for_units: 1, ", units=2),
        "build_for_units: 1",
        "build_for_units: 2",
        id="units built for",
    ),
    pytest.param(
        lab(
            "attached: [{host: head, kind: gateway, ports: 240}], ",
            edits=(("dgx-h100, count: 2", "dgx-h100, count: 1"),),
        ),
        "count: 2",
        "count: 1",
        id="nodes in the place of a guest",
    ),
    pytest.param(
        lab("least_spines: 70, "), "least_spines: 70", "least_spines: 32", id="fewer spines"
    ),
    pytest.param(
        lab(
            "least_spines: 4, ",
            edits=(
                ("switch: qm9700", "switch: qm8790"),
                ("cable: ndr-multimode", "cable: auto"),
                ("build_for: 32", "build_for: 20"),
            ),
        ),
        "least_spines: 4",
        "node_gbps: 200",
        id="slower nodes",
    ),
]


def remedies_and_mistakes(loaded: LoadedSite) -> tuple[list[str], list[str]]:
    """Return, of the fabric alone, what would help and what is wrong."""
    problems = list(find_problems(loaded, compute_fabric(loaded)))
    remedies = [f"{path[-1]}: {value}" for p in problems for path, value in p.remedy]
    return remedies, [p.rule for p in problems]


@pytest.mark.parametrize(("text", "old", "new"), REMEDIES)
def test_a_remedy_is_an_edit_that_helps(text, old, new, tmp_path):
    assert new in remedies_and_mistakes(load(text, tmp_path))[0]
    assert remedies_and_mistakes(load(text.replace(old, new, 1), tmp_path)) == ([], [])
