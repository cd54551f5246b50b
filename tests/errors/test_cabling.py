"""What an operator can write wrong about cables, and the sentence each mistake gets."""

from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.errors import DefinitionError, Mistake
from clusterwright.site_folder import find_site
from tests.basepods import basepod
from tests.superpods import loaded

LAB = find_site("lab").definition.read_text()
SU = (Path(__file__).parent / "compute_unit.yml").read_text()
CABLE = "cable: ndr-multimode"
ROWS = """
  floor:
    rows:
      - {name: east, racks: [net1, r1, r2, r3, r4]}
      - {name: west, racks: [r5, r6, r7, r8]}
    cold_aisle_m: %s
"""


def su(cable: str = CABLE, *, trays: str = "", floor: str = "", own: str = "") -> tuple[str, str]:
    """Return the definition of a unit with another cable, trays and floor, and a model of its "
    "own."""
    text = SU.replace(CABLE, cable, 1)
    facility = f"\n  trays: {trays}\n" * bool(trays) + floor
    return text.replace("\ncompute:", f"{facility}\ncompute:", 1), own


def lab(cable: str) -> tuple[str, str]:
    return LAB.replace(CABLE, cable, 1), ""


TWIN = """
title: Copper for NDR between twin-port cages, of any length
source: test
confidence: assumed
medium: copper-active
speed_gbps: 400
links: 2
lengths_m: [50]
a: {connector: osfp-twin}
b: {connector: osfp-twin}
"""
ETHERNET_ONLY = """
title: Fibre for 400 GbE that InfiniBand was never tried on
source: test
confidence: assumed
medium: multimode-fibre
speed_gbps: 400
lengths_m: [50]
protocols: [ethernet]
a: {connector: mpo-12-apc}
b: {connector: mpo-12-apc}
transceivers: [mma4z00-ns, mma4z00-ns-flt]
"""
CASES = [
    pytest.param(
        (basepod(("switch: sn4600c", "switch: sn5600")), ""),
        [
            "fabrics.inband.cable: even 100g-dac-split-osfp reaches only 2 m, but it is 4.3 m from "
            "head3 in rack r1 to inband-leaf2 in rack r2, the longest of 6 that are too long: use "
            "a switch that longer ones go into, such as sn4600c",
        ],
        id="a switch that nothing but short copper goes into at this speed",
    ),
    pytest.param(
        su("cable: own", own=ETHERNET_ONLY),
        [
            "fabrics.compute.cable: own carries ethernet, but a qm9700 infiniband: choose a cable "
            "that carries that, or write auto",
        ],
        id="a cable of another protocol",
    ),
    pytest.param(
        (su(trays="{over_racks_m: 30}")[0].replace("_kw: 44", "_kw: 30", 1), ""),
        [
            *(
                f"compute.su1.groups[0].count: 4 × dgx-h100 in rack {rack} draw 40.8 kW, but the "
                "rack's limit is 30 kW: at most 2 fit"
                for rack in ("r1", "r2", "r3", "r4")
            ),
            "fabrics.compute.cable: ndr-multimode reaches 50 m, but it is 67.4 m from su1-n1 in "
            "rack r1 to su1-leaf8 in rack net1, the longest of 256 that are too long: write "
            "ndr-singlemode, which reaches 100 m",
        ],
        id="cables out of reach, beside racks that draw too much",
    ),
    pytest.param(
        su(trays="{over_racks_m: 30}"),
        [
            "fabrics.compute.cable: ndr-multimode reaches 50 m, but it is 67.4 m from su1-n1 in "
            "rack r1 to su1-leaf8 in rack net1, the longest of 256 that are too long: write "
            "ndr-singlemode, which reaches 100 m"
        ],
        id="all nodes out of reach",
    ),
    pytest.param(
        su(floor=ROWS % 41),
        [
            "fabrics.compute.cable: ndr-multimode reaches 50 m, but it is 50.6 m from su1-n29 in "
            "rack r8 to su1-leaf8 in rack net1, the longest of 14 that are too long: write "
            "ndr-singlemode, which reaches 100 m, or stand nearer: rack r7 is the farthest from "
            "which it reaches rack net1"
        ],
        id="one row out of reach",
    ),
    pytest.param(
        su(floor=ROWS % 900),
        [
            "fabrics.compute.cable: ndr-multimode reaches 50 m, but it is 909.6 m from su1-n29 in "
            "rack r8 to su1-leaf8 in rack net1, the longest of 128 that are too long: bring the "
            "rows closer, cold_aisle_m: 40.4, or stand nearer: rack r4 is the farthest from which "
            "it reaches rack net1"
        ],
        id="beyond every cable",
    ),
    pytest.param(
        su("cable: auto", floor=ROWS % 900),
        [
            "fabrics.compute.cable: even ndr-singlemode reaches only 100 m, but it is 909.6 m "
            "from su1-n29 in rack r8 to su1-leaf8 in rack net1, the longest of 128 that are too "
            "long: bring the rows closer, cold_aisle_m: 90.4, or stand nearer: rack r4 is the "
            "farthest from which it reaches rack net1",
        ],
        id="beyond every cable that may be chosen",
    ),
    pytest.param(
        lab("cable: [ndr-dac-twin, ndr-dac-split-osfp]"),
        [
            "fabrics.compute.cable: even ndr-dac-twin reaches only 2 m, but it is 3.3 m from "
            "su1-n1 in rack r1 to su1-leaf1 in rack r1, the longest of 16 that are too long: write "
            "ndr-multimode, which reaches 50 m",
            "fabrics.compute.cable: even ndr-dac-split-osfp reaches only 3 m, but it is 6.1 m from "
            "su1-n3 in rack r2 to su1-leaf8 in rack r1, the longest of 16 that are too long: write "
            "ndr-multimode, which reaches 50 m",
        ],
        id="none of a list",
    ),
    pytest.param(
        lab("cable: ndr-dac-twin"),
        [
            "fabrics.compute.cable: neither a plug nor a transceiver of ndr-dac-twin goes into "
            "the osfp cages of hgx-h100-liquid: choose another cable, or write auto",
        ],
        id="plugs that do not fit",
    ),
    pytest.param(
        su("cable: ndr-multimode, uplink_cable: ndr-dac-split-osfp"),
        [
            "fabrics.compute.uplink_cable: neither a plug nor a transceiver of ndr-dac-split-osfp "
            "goes into the osfp-twin cages of qm9700: choose another cable, or write auto",
        ],
        id="a splitter between switches",
    ),
    pytest.param(
        su("cable: own", own=TWIN),
        [
            "fabrics.compute.cable: one own carries 2 links from cage to cage, but the node-leaf "
            "links of a cage part: choose a cable of one link, or write auto"
        ],
        id="a plug whose links part",
    ),
    pytest.param(
        su("cable: [ndr-multimode, ndr-multimod]"),
        [
            "fabrics.compute.cable[1]: there is no cable ndr-multimod: did you mean ndr-multimode?",
        ],
        id="a list with a name of no cable",
    ),
    pytest.param(
        su("cable: []"),
        [
            "fabrics.compute.cable: [] names no cable: write a model, a list of models, or auto",
        ],
        id="an empty list",
    ),
    pytest.param(
        su(f"{CABLE}, attached: [{{host: head1, kind: ufm, shared_with: [head2]}}]"),
        [
            "fabrics.compute.attached[0]: head1 must give shared_with and cable together, because "
            "ports are shared by a splitter: write the other, too"
        ],
        id="ports shared by nothing",
    ),
    pytest.param(
        su(
            f"{CABLE}, attached: [{{host: head1, kind: ufm, shared_with: [head2], "
            "cable: ndr-multimode}]"
        ),
        [
            "compute.su1.groups[0].count: the unit's groups ask for 32 nodes, but head1 on 1 of "
            "the 32 ports that a leaf has for nodes leave room for 31: at most 31 in the unit",
            "fabrics.compute.attached[0].cable: 2 hosts share ports of 400 Gb/s, but ndr-multimode "
            "does not split one into 2 of 200 Gb/s: choose a fibre that does, or "
            "a cable that splits a cage",
        ],
        id="ports shared by a cable that is no splitter",
    ),
    pytest.param(
        su(
            f"{CABLE}, attached: [{{host: head1, kind: ufm, shared_with: [head3], "
            "cable: ndr-multimode-spliter}]"
        ),
        [
            "fabrics.compute.attached[0].cable: there is no cable ndr-multimode-spliter: did you "
            "mean ndr-multimode-splitter?",
            "fabrics.compute.attached[0].shared_with[0]: there is no management host head3: did "
            "you mean head2?",
        ],
        id="a splitter and a host that nobody knows",
    ),
    pytest.param(
        su(trays="{slack_m: -1}"),
        [
            "facility.trays.slack_m: -1 cannot stand here: input should be greater than or equal "
            "to 0",
        ],
        id="slack below nothing",
    ),
]


def mistakes(definition: tuple[str, str], folder: Path) -> tuple[Mistake, ...]:
    text, own = definition
    with pytest.raises(DefinitionError) as caught:
        design(loaded(text, folder, {"cables/own": own} if own else {}))
    return caught.value.mistakes


@pytest.mark.parametrize(("definition", "expected"), CASES)
def test_each_mistake_gets_its_sentence(definition, expected, tmp_path):
    found = mistakes(definition, tmp_path)
    assert [f"{mistake.path}: {mistake.rule}" for mistake in found] == expected
