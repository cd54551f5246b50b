"""What an operator can write wrong about storage, in-band and out-of-band networks."""

import pytest
import yaml

from clusterwright.errors import DefinitionError
from clusterwright.load import load_site
from clusterwright.site_folder import find_site
from tests.basepods import basepod
from tests.superpods import definition, loaded, networks_of

APPLIANCES = "appliances: {leaves: 4, cable: hdr-aoc-split-osfp}"
SPLITTER = "appliances: {%s, cable: ndr-multimode-splitter}"
MANY_UPLINKS = "switch: sn4600c\n    leaf_uplinks: 56"
STORAGE = "  storage:\n    kind: infiniband\n    switch: "
FORM = [
    pytest.param(
        basepod(("    switch: sn4600c\n", "")),
        [
            "fabrics.inband: cable is of a network with switches, but no switch is given: "
            "write switch, or leave it out",
        ],
        id="keys of a network without a switch",
    ),
    pytest.param(
        basepod(("    switch: sn2201\n    cable: auto", "    switch: sn2201")),
        [
            "fabrics.oob: a network of sn2201 needs cable: write it, or leave out switch",
        ],
        id="no cable",
    ),
    pytest.param(
        basepod(("    cable: auto\n    racks: [r1, r2]\n    uplinks", "    uplinks")),
        [
            "fabrics.inband: a network of sn4600c needs cable and racks: write them, or "
            "leave out switch",
        ],
        id="no cable and no racks",
    ),
    pytest.param(
        basepod(("switch: sn4600c", "switch: sn4600c\n    leaves: 3")),
        [
            "fabrics.inband: leaves: 3 leaves one without its other: bonds end at two "
            "leaves, write 4",
        ],
        id="half a pair",
    ),
    pytest.param(
        basepod(
            ("switch: sn4600c", "switch: sn4600c\n    leaf_uplinks: 4\n    oversubscription: 3")
        ),
        [
            "fabrics.inband: leaf_uplinks and oversubscription both say how many uplinks a "
            "leaf has: leave out one",
        ],
        id="uplinks said twice",
    ),
    pytest.param(
        basepod(("switch: sn4600c", "switch: sn4600c\n    tiers: 3\n    cores: 2")),
        [
            "fabrics.inband: cores: 2 is of two tiers, but tiers: 3 has as few as do: leave out "
            "one",
        ],
        id="cores of three tiers",
    ),
    pytest.param(
        basepod(("count: 2, ports", "count: 2, build_for: 1, ports")),
        [
            "storage.fast: fast is built for 1 servers, but there are 2: build for at least 2",
        ],
        id="storage to come",
    ),
    pytest.param(
        basepod(("power_limit_kw: 44", "build_for: 1\n      power_limit_kw: 44")),
        [
            "facility.racks[0]: the group is built for 1 racks, but names 2: build for at least 2",
        ],
        id="racks to come",
    ),
    pytest.param(
        basepod(
            ("model: storage-nvme-2u, racks: [r1, r2]", "model: storage-nvm-2u, racks: [r1, r3]"),
            ("switch: sn2201", "switch: sn2202\n    back_to_back: [[head1, haed2]]"),
            ("uplinks: {rack: r1, cable: auto}", "uplinks: {rack: rr1, cable: cat7}"),
            ("name: fast,", "name: fast, unit: su2,"),
        ),
        [
            "storage.fast.racks[1]: there is no rack r3: choose one of r1, r2",
            "storage.fast.unit: there is no scalable unit su2: did you mean su1?",
            "storage.fast.model: there is no server or storage model storage-nvm-2u: did "
            "you mean storage-nvme-2u?",
            "fabrics.inband.uplinks.cable: there is no cable cat7: did you mean cat6?",
            "fabrics.inband.uplinks.rack: there is no rack rr1: did you mean r1?",
            "fabrics.oob.switch: there is no switch model sn2202: did you mean sn2201?",
            "fabrics.oob.back_to_back[0][1]: there is no management host haed2: did you "
            "mean head2?",
        ],
        id="names that name nothing",
    ),
    pytest.param(
        basepod(("name: fast,", "name: head1,")),
        [
            "storage.head1.name: head1 is named twice, but a name means one thing: give "
            "this one another",
        ],
        id="storage with the name of a host",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FORM)
def test_each_mistake_of_form_gets_its_sentence(text, expected, tmp_path):
    with pytest.raises(DefinitionError) as caught:
        loaded(text, tmp_path)
    assert [f"{mistake.path}: {mistake.rule}" for mistake in caught.value.mistakes] == expected


CASES = [
    pytest.param(
        basepod(("switch: sn4600c", "switch: qm9700")),
        [
            "fabrics.inband.switch: the network is ethernet, but a qm9700 switches "
            "infiniband: choose another switch",
        ],
        id="in-band switch of infiniband",
    ),
    pytest.param(
        basepod(("switch: sn2201", "switch: qm9700")),
        [
            "fabrics.oob.switch: the network is ethernet, but a qm9700 switches infiniband:"
            " choose another switch",
        ],
        id="management switch of infiniband",
    ),
    pytest.param(
        basepod(("switch: sn4600c", "switch: sn4600c\n    breakout: 8")),
        [
            "fabrics.inband.breakout: ports of sn4600c cannot be split by 8, but by 1 or 2:"
            " write 2",
        ],
        id="split that there is not",
    ),
    pytest.param(
        basepod(("switch: sn4600c", "switch: sn2201")),
        [
            "fabrics.oob.switch: uplinks of sn2201 and ports of sn2201 share no speed: "
            "choose another switch",
        ],
        id="uplinks share no speed",
    ),
    pytest.param(
        basepod(("switch: sn4600c\n    cable", "switch: sn3700\n    peer_cable: cat6\n    cable")),
        [
            "fabrics.inband.peer_cable: cat6 carries 1 Gb/s, but ports of sn3700 between switches "
            "run at 200, 100, 50, 40, 25 or 10 Gb/s: choose a cable of such a speed, or write auto",
        ],
        id="cable between leaves slower than any port",
    ),
    pytest.param(
        basepod(("switch: sn2201", "switch: sn5600")),
        [
            "storage.fast.model: management ports of storage-nvme-2u run at 1 Gb/s, but "
            "ports of sn5600 at 800, 400, 200, 100, 50, 40, 25 or 10 Gb/s: choose another "
            "switch or model",
            "management.head1.server: management ports of management-1u run at 1 Gb/s, but "
            "ports of sn5600 at 800, 400, 200, 100, 50, 40, 25 or 10 Gb/s: choose another "
            "switch or model",
            "compute.su1.groups[0].server: management ports of dgx-h100 run at 1 Gb/s, but "
            "ports of sn5600 at 800, 400, 200, 100, 50, 40, 25 or 10 Gb/s: choose another "
            "switch or model",
        ],
        id="BMCs slower than the switch",
    ),
    pytest.param(
        basepod(("switch: sn4600c\n    cable: auto", "switch: sn4600c\n    cable: cat6")),
        [
            "fabrics.inband.cable: cat6 carries 1 Gb/s, but management-1u and sn4600c both "
            "run at 100 Gb/s: choose a cable of that speed, or write auto",
        ],
        id="cable slower than both ends",
    ),
    pytest.param(
        basepod(("switch: sn2201", "switch: sn2201\n    uplink_cable: cat6")),
        [
            "fabrics.oob.uplink_cable: cat6 carries less than the 10 Gb/s at which uplinks "
            "of sn2201 and ports of sn4600c can run: write auto",
        ],
        id="uplink cable",
    ),
    pytest.param(
        basepod(("switch: sn4600c", "switch: sn4600c\n    cores: 2\n    leaf_uplinks: 5")),
        [
            "fabrics.inband.leaf_uplinks: 5 uplinks of a leaf do not divide over 2 cores, "
            "so some paths would be slower than others: write 6",
        ],
        id="uneven uplinks",
    ),
    pytest.param(
        definition(edits=(("switch: sn4600c", "switch: sn4600c\n    leaves: 4"),)),
        [
            "fabrics.inband.leaves: 4 leaves, 2 pairs, must each have 75 ports for hosts, "
            "but a sn4600c has 58 beside its uplinks: write leaves: 6",
        ],
        id="too few leaves",
    ),
    pytest.param(
        definition(edits=(("switch: sn4600c", "switch: sn4600c\n    cores: 0"),)),
        [
            "fabrics.inband.cores: hosts as built for take 3 pairs of sn4600c, but 0 cores "
            "join 1: write cores: 2",
        ],
        id="too many hosts",
    ),
    pytest.param(
        definition(edits=(("switch: sn4600c", f"{MANY_UPLINKS}\n    tiers: 2"),)),
        [
            "fabrics.inband.tiers: hosts as built for take 43 pairs of sn4600c, but in two tiers "
            "15 are joined: write tiers: 3",
        ],
        id="more pairs than two tiers join",
    ),
    pytest.param(
        definition(edits=(("switch: sn4600c", f"{MANY_UPLINKS}\n    cores: 4"),)),
        [
            "fabrics.inband.cores: hosts as built for take 43 pairs of sn4600c, but 4 cores join "
            "2, and no number of cores joins so many without spines: leave out cores",
        ],
        id="more pairs than any cores join",
    ),
    pytest.param(
        definition(edits=(("switch: sn2201", "switch: sn2201\n    racks_per_switch: 8"),)),
        [
            "fabrics.oob.racks_per_switch: racks m1 to m6 have 92 ports for management, but"
            " a sn2201 has 48: write racks_per_switch: 2, or leave it out",
        ],
        id="too many racks to a switch",
    ),
    pytest.param(
        basepod(
            ("switch: sn2201", "switch: sn2201\n    back_to_back: [[head1, head2], [head2, head3]]")
        ),
        [
            "fabrics.oob.back_to_back[1][0]: head2 is joined back to back twice, but it has"
            " one port for that: name another host",
        ],
        id="joined twice",
    ),
    pytest.param(
        basepod(("server: dgx-h100", "server: no-ports")),
        [
            "compute.su1.groups[0].server: the catalogue gives no-ports no port with role: "
            "storage, but the site has a storage fabric: leave out fabrics.storage, or add "
            "the ports in a model of your own",
            "compute.su1.groups[0].server: the catalogue gives no-ports no port with role: "
            "in-band, but the in-band network has switches: leave out its switch, or add "
            "the ports in a model of your own",
        ],
        id="nodes without ports",
    ),
    pytest.param(
        definition(edits=(("appliances: {leaves: 4", "appliances: {leaves: 1"),)),
        [
            "fabrics.storage.appliances.leaves: 96 ports of storage are 96 on each of its "
            "leaves, of which there are 1, but a qm9700 takes 42 beside uplinks for "
            "them: write leaves: 4",
        ],
        id="too few storage leaves",
    ),
    pytest.param(
        definition(edits=((APPLIANCES, SPLITTER % "breakout: 8"),)),
        [
            "fabrics.storage.appliances.breakout: ports of qm9700 cannot be split by 8, but"
            " by 1 or 2: write 2",
            "fabrics.storage.appliances.cable: ndr-multimode-splitter carries 200 Gb/s, but"
            " ports of qm9700 split by 8 run at 50 Gb/s for storage: choose a cable of that"
            " speed, or write auto",
        ],
        id="storage split too finely",
    ),
    pytest.param(
        definition(edits=((APPLIANCES, SPLITTER % "leaves: 4"),)),
        [
            "fabrics.storage.appliances.cable: ndr-multimode-splitter carries 200 Gb/s, but"
            " ports of qm9700 run at 400 Gb/s for storage: choose a cable of that speed, or "
            "write auto",
        ],
        id="storage cable of another speed",
    ),
    pytest.param(
        basepod(
            ("count: 2, ports: 2", "count: 30, ports: 2"),
            ("build_for: 4", "build_for: 32"),
            ("rails_per_leaf: 4\n    ", ""),
        ),
        [
            "fabrics.storage.appliances.leaves: storage takes 60 ports of the leaves of "
            "su1, but beside its nodes there is room for 56: give it leaves of its own, "
            "write leaves: 2",
        ],
        id="storage in the way",
    ),
    pytest.param(
        basepod(("appliances: {leaves: 0}", "tiers: 1")),
        [
            "fabrics.storage.tiers: nodes and storage need 4 leaves, but without a spine at"
            " most 2 can be joined: write tiers: auto",
        ],
        id="one tier",
    ),
    pytest.param(
        basepod(
            ("name: head1", "name: inband-leaf1"),
            ("name: head2", "name: r1-oob"),
            ("name: head3", "name: fast-1"),
            ("uplinks: {rack", "uplinks: {panel: su1-n1, rack"),
        ),
        [
            "management.inband-leaf1.name: inband-leaf1 is the name of a switch of the "
            "in-band network, but a name means one thing: give this one another",
            "management.r1-oob.name: r1-oob is the name of a switch of the out-of-band "
            "network, but a name means one thing: give this one another",
            "management.fast-1.name: fast-1 is the name of a storage server, but a name "
            "means one thing: give this one another",
            "fabrics.inband.uplinks.panel: su1-n1 is the name of a node, but a name means "
            "one thing: give this one another",
        ],
        id="names of switches",
    ),
    pytest.param(
        definition(
            edits=(('oversubscription: "4:3"', "oversubscription: 1\n    reserved_leaf_ports: 3"),)
        ),
        [
            "fabrics.storage.reserved_leaf_ports: 3 of the 32 ports that a leaf has for "
            "nodes are reserved, but su1 needs 31: reserve at most 1",
            "fabrics.storage.reserved_leaf_ports: 3 of the 32 ports that a leaf has for "
            "nodes are reserved, but su2 needs 32: reserve at most 0",
            "fabrics.storage.reserved_leaf_ports: 3 of the 32 ports that a leaf has for "
            "nodes are reserved, but su3 needs 32: reserve at most 0",
            "fabrics.storage.reserved_leaf_ports: 3 of the 32 ports that a leaf has for "
            "nodes are reserved, but su4 needs 32: reserve at most 0",
        ],
        id="storage leaf too small",
    ),
    pytest.param(
        definition(
            units=2,
            edits=(("    oversubscription", "    build_for_units: 1\n    oversubscription"),),
        ),
        [
            "fabrics.storage.build_for_units: the fabric is built for 1 scalable units, but"
            " there are 2: build for at least 2",
        ],
        id="storage built for fewer units",
    ),
    pytest.param(
        definition(
            edits=(
                (f"{STORAGE}qm9700", f"{STORAGE}sn4600c"),
                (APPLIANCES, SPLITTER % "leaves: 4, breakout: 2"),
            )
        ),
        [
            "fabrics.storage.kind: the fabric is infiniband, but a sn4600c switches "
            "ethernet: write kind: ethernet, or choose another switch",
            "fabrics.storage.cable: ndr-multimode carries 400 Gb/s, but ports of sn4600c "
            "run at 100 Gb/s: choose a cable of that speed, or write auto",
            "compute.su1.groups[0].server: storage ports of dgx-h100 run at 400 Gb/s, but "
            "ports of sn4600c at 100 Gb/s: choose another switch or server",
            "compute.su2.groups[0].server: storage ports of dgx-h100 run at 400 Gb/s, but "
            "ports of sn4600c at 100 Gb/s: choose another switch or server",
            "compute.su3.groups[0].server: storage ports of dgx-h100 run at 400 Gb/s, but "
            "ports of sn4600c at 100 Gb/s: choose another switch or server",
            "compute.su4.groups[0].server: storage ports of dgx-h100 run at 400 Gb/s, but "
            "ports of sn4600c at 100 Gb/s: choose another switch or server",
            *(
                f"fabrics.storage.attached[{n}].cable: 2 hosts share ports of 100 Gb/s, but "
                f"{cable} does not split one into 2 of 50 Gb/s: choose a fibre that does, or a "
                "cable that splits a cage"
                for n, cable in enumerate(("ndr-multimode-splitter", *["hdr-aoc-split-osfp"] * 2))
            ),
            "fabrics.storage.appliances.cable: ndr-multimode-splitter carries 200 Gb/s, but"
            " ports of sn4600c split by 2 run at 50 Gb/s for storage: choose a cable of "
            "that speed, or "
            "write auto",
        ],
        id="storage switch of ethernet",
    ),
]


@pytest.fixture
def folder(tmp_path):
    """Return a site's folder with a node of its own that has no port but its rails."""
    known = load_site(find_site("lab")).catalogue.servers["dgx-h100"].model_dump(mode="json")
    servers = tmp_path / "catalogue" / "servers"
    servers.mkdir(parents=True)
    (servers / "no-ports.yml").write_text(yaml.safe_dump({**known, "ports": []}))
    return tmp_path


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_each_mistake_gets_its_sentence(text, expected, folder):
    assert networks_of(loaded(text, folder))[1] == expected
