"""What of racks and the floor cannot be, and the exact sentence each mistake gets."""

import pytest

from tests.sites import definition, heal, messages_of, own_model, put

CASES = [
    pytest.param(
        {
            "facility.racks[0].names": ["r1"],
            "facility.cooling": None,
            "pools": {"training": {"mig": "none"}},
            "compute.su1.groups": [
                {"server": "dgx-h100", "count": 1, "racks": ["r1"], "pool": "training"}
            ],
        },
        {"racks/48u-750x1200": {"height_units": 20}},
        [
            "fabrics.compute.racks: 12 × qm9700 in rack r1 take 12 rack units, beside 9 taken by "
            "other equipment, but the rack has 20: at most 11 fit: use a legrand-nvidpd13",
        ],
        id="a cabinet too low for its switches, where there is no other rack",
    ),
    pytest.param(
        {
            "facility.racks[0].names": ["r1", "r2", "r3"],
            "compute.su1.groups[0].racks": ["r1", "r3"],
            "fabrics.compute.racks": ["r2"],
            "compute.su1.groups[0].count": 8,
        },
        {"racks/48u-750x1200": {"load_max_kg": 300.0, "weight_kg": 150.0}},
        [
            "compute.su1.groups[0].count: 4 × dgx-h100 in rack r1 weigh 521.8 kg, but a "
            "48u-750x1200 carries 300 kg: at most 2 fit: build_for: 4 spreads them so",
            "compute.su1.groups[0].count: 4 × dgx-h100 in rack r3 weigh 521.8 kg, but a "
            "48u-750x1200 carries 300 kg: at most 2 fit: build_for: 4 spreads them so",
        ],
        id="a cabinet that carries less than its nodes weigh",
    ),
    pytest.param(
        {},
        {"racks/48u-750x1200": {"load_max_kg": 200.0}},
        [
            "fabrics.compute.racks: 12 × qm9700 in rack r1 weigh 177.6 kg, beside 260.9 kg of "
            "other equipment, but a 48u-750x1200 carries 200 kg: at most 0 fit: use rack r2",
        ],
        id="a cabinet that carries not even one node beside switches",
    ),
    pytest.param(
        {
            "facility.racks[0].names": ["r1", "r2", "r3"],
            "compute.su1.groups[0].racks": ["r1", "r3"],
            "fabrics.compute.racks": ["r2"],
            "compute.su1.groups[0].count": 4,
            "facility.floor": {"tile": {"load_max_kg": 130}},
        },
        {"racks/48u-750x1200": {"weight_kg": 150.0}},
        [
            "compute.su1.groups[0].count: 2 × dgx-h100 in rack r1 weigh 260.9 kg, but on its 750 ×"
            " 1200 mm, beside 150 kg of its own, tiles of 600 mm and 130 kg bear 175 kg: at most 1"
            " fit: build_for: 2 spreads them so",
            "compute.su1.groups[0].count: 2 × dgx-h100 in rack r3 weigh 260.9 kg, but on its 750 ×"
            " 1200 mm, beside 150 kg of its own, tiles of 600 mm and 130 kg bear 175 kg: at most 1"
            " fit: build_for: 2 spreads them so",
            "fabrics.compute.racks: 12 × qm9700 in rack r2 weigh 177.6 kg, but on its 750 × 1200 "
            "mm, beside 150 kg of its own, tiles of 600 mm and 130 kg bear 175 kg: at most 11 fit: "
            "use more racks, as no single change helps",
        ],
        id="tiles that bear fewer nodes",
    ),
    pytest.param(
        {"facility.floor": {"tile": {"load_max_kg": 50}}},
        {"racks/48u-750x1200": {"weight_kg": 150.0}},
        [
            "facility.racks[0]: rack r2 weighs 150 kg empty, but on its 750 × 1200 mm, tiles of "
            "600 mm and 50 kg bear 125 kg: use stronger tiles, or a solid floor",
            "facility.racks[0]: rack r1 weighs 150 kg empty, but on its 750 × 1200 mm, tiles of "
            "600 mm and 50 kg bear 125 kg: use stronger tiles, or a solid floor",
        ],
        id="tiles that do not bear the cabinet",
    ),
    pytest.param(
        {},
        {"racks/48u-750x1200": {"depth_mm": 1000}},
        [
            "compute.su1.groups[0].racks: dgx-h100 is 897.1 mm deep and needs 150 mm for cables, "
            "but rack r1, a 48u-750x1200, is 1000 mm deep: use a rack of 1047 mm or more, such as "
            "48u-600x1100",
        ],
        id="a server as deep as its cabinet",
    ),
    pytest.param(
        {
            "facility.racks[1]": {
                "model": "mgx-48u",
                "names": ["b1"],
                "power_limit_kw": 60,
                "shelves": {"model": "gb200-33kw", "count": 2},
            },
            "compute.su1.groups[0].racks": ["b1"],
        },
        {},
        [
            "compute.su1.groups[0].racks: dgx-h100 is fed by outlets, but rack b1, a mgx-48u, "
            "feeds its devices from a busbar: use one that has none, or give it PDUs",
        ],
        id="a server on outlets in a rack with a busbar",
    ),
    pytest.param(
        {"compute.su1.groups[0].count": 1},
        {"servers/dgx-h100": {"power_input": "busbar", "power_supplies": None}},
        [
            "compute.su1.groups[0].racks: dgx-h100 is fed by a busbar, but rack r1, a "
            "48u-750x1200, has no busbar: use one that has one",
        ],
        id="a server on a busbar in a rack without one",
    ),
    pytest.param(
        {"facility.mounts": {"su1-n1": {"at": 3}, "su1-n2": {"at": 10}, "hed": {"at": 40}}},
        {},
        [
            "facility.mounts.su1-n2.at: su1-n2 is to have rack units 10 to 17 of rack r1, but "
            "there is su1-n1: from 11 on there is room",
            "facility.mounts.hed: no rack has a device hed: did you mean head?",
        ],
        id="pins that clash, and a pin of nothing",
    ),
    pytest.param(
        {"facility.mounts": {"su1-n1": {"at": 45}}},
        {},
        [
            "facility.mounts.su1-n1.at: su1-n1 is to have rack units 45 to 52 of rack r1, but the "
            "rack ends below: from 9 on there is room",
        ],
        id="a pin beyond the rack",
    ),
    pytest.param(
        {
            "facility.mounts": {
                "su1-leaf1": {"at": 1},
                "su1-leaf2": {"at": 8},
                "su1-leaf3": {"at": 15},
                "su1-leaf4": {"at": 22},
                "su1-leaf5": {"at": 29},
                "su1-leaf6": {"at": 36},
                "su1-leaf7": {"at": 43},
            }
        },
        {},
        [
            "facility.mounts: su1-n1 needs 8 rack units of rack r1 next to each other, but between"
            " the devices pinned there are fewer: pin them closer together",
            "facility.mounts: su1-n2 needs 8 rack units of rack r1 next to each other, but between"
            " the devices pinned there are fewer: pin them closer together",
        ],
        id="pins that leave no room between them",
    ),
    pytest.param(
        {
            "facility.racks[1]": {"system": "gb200-nvl72", "names": ["n1"], "power_limit_kw": 140},
            "compute.su1.groups[0].racks": ["n1", "r1"],
        },
        {},
        [
            "compute.su1.groups[0].racks[1]: rack r1 is not of the system of rack n1: give it a "
            "group of its own",
        ],
        id="racks of a system and others in one group",
    ),
    pytest.param(
        {
            "facility.racks[1]": {"system": "gb200-nvl72", "names": ["n1"], "power_limit_kw": 140},
            "compute.su1.groups[0].racks": ["n1"],
        },
        {},
        [
            "compute.su1.groups[0].server: dgx-h100 is not what stands in 1 racks of NVIDIA GB200 "
            "NVL72: 18 gb200-compute-tray in each: leave out server, or write gb200-compute-tray",
            "compute.su1.groups[0].count: 2 is not what stands in 1 racks of NVIDIA GB200 NVL72: "
            "18 gb200-compute-tray in each: leave out count, or write 18",
        ],
        id="other nodes than those of the system",
    ),
    pytest.param(
        {"facility.racks[0].system": "gb200-nvl72"},
        {},
        [
            "facility.racks[0]: racks r1 … must give either model or system, because a system "
            "comes with its cabinet: write one of them",
        ],
        id="a cabinet and a system at once",
    ),
    pytest.param(
        {"facility.racks[0].model": None},
        {},
        [
            "facility.racks[0]: racks r1 … must give either model or system, because a system "
            "comes with its cabinet: write one of them",
        ],
        id="neither a cabinet nor a system",
    ),
    pytest.param(
        {"facility.racks[1]": {"system": "gb200-nvl7", "names": ["n1"], "power_limit_kw": 140}},
        {},
        [
            "facility.racks[1].system: there is no rack system gb200-nvl7: did you mean "
            "gb200-nvl72?",
        ],
        id="a system that does not exist",
    ),
    pytest.param(
        {"compute.su1.groups[0].server": None, "compute.su1.groups[0].count": None},
        {},
        [
            "compute.su1.groups[0].server: server is missing: write it",
            "compute.su1.groups[0].count: count is missing: write it",
        ],
        id="a group that says neither what nor how many",
    ),
    pytest.param(
        {"compute.su1.groups[0].build_for": 1},
        {},
        [
            "compute.su1.groups[0]: the group is built for 1 nodes, but asks for 2: build for at "
            "least 2",
        ],
        id="a group built for fewer than it has",
    ),
    pytest.param(
        {"compute.su1.build_for": 4, "compute.su1.groups[0].build_for": 3},
        {},
        [
            "compute.su1.build_for: the unit is built for 4 nodes, but its groups are built for 5:"
            " build for at least 5",
            "compute.su1.groups[0].count: 3 × dgx-h100 in rack r1 draw 30.6 kW, beside 16.3 kW of "
            "other equipment, but the rack's limit is 44 kW: at most 2 fit",
        ],
        id="groups built for more than their unit",
    ),
    pytest.param(
        {
            "facility.racks[1]": {
                "model": "immersion-tank-42u",
                "names": ["t1"],
                "power_limit_kw": 140,
                "pdus": {"model": "rack-pdu-415v-60a"},
            },
            "compute.su1.groups[0].racks": ["t1"],
            "facility.cooling.loops.tcs1.racks": ["r2", "t1"],
        },
        {"servers/dgx-h100": {"immersible": False}},
        [
            "compute.su1.groups[0].racks: dgx-h100 may not be immersed, but rack t1 is a tank, "
            "immersion-tank-42u: use a cabinet, or a model that its maker lets stand in fluid",
        ],
        id="a server that may not be immersed",
    ),
    pytest.param(
        {"facility.floor": {"rows": [{"name": "a", "racks": ["r1", "r2", "cdu1"]}]}},
        {},
        [
            "facility.floor.rows.a.racks[2]: there is no rack or CDU on the floor cdu1: choose one"
            " of r1, r2",
        ],
        id="a CDU of a rack in a row",
    ),
    pytest.param(
        {
            "compute.su1.groups[1].racks": ["r1"],
            "compute.su1.groups[1].server": "dgx-h100",
            "compute.su1.groups[1].count": 1,
            "compute.su1.groups[0].count": 1,
        },
        {},
        [
            "compute.su1.groups[0].build_for: 1 × dgx-h100 in rack r1 with su1-n2, which would "
            "move if there were more, and su1 is built for more: say how many there may be, 1 to "
            "31",
        ],
        id="a group that would move another one when it grows",
    ),
]


@pytest.mark.parametrize(("changes", "models", "expected"), CASES)
def test_each_mistake_gets_its_sentence(changes, models, expected, tmp_path):
    assert messages_of(tmp_path, changed(tmp_path, changes, models)) == expected


@pytest.mark.parametrize(("changes", "models", "expected"), CASES)
def test_heeding_the_remedies_leaves_only_mistakes_without_one(changes, models, expected, tmp_path):
    site = changed(tmp_path, changes, models)
    assert [one.rule for one in heal(tmp_path, site) if one.remedy] == []


def changed(folder, changes, models):
    """Return the lab with other values, and give it models with other figures."""
    for name, figures in models.items():
        own_model(folder, name, **figures)
    site = definition()
    for path, value in changes.items():
        put(site, path, value)
    return site


def test_a_unit_that_is_too_small_already_is_not_asked_how_many_more_may_come(tmp_path):
    site = definition()
    put(site, "compute.su1.build_for", 3)
    put(site, "compute.su1.groups[1].racks", ["r1"])
    put(site, "compute.su1.groups[0].count", 4)
    assert [one for one in messages_of(tmp_path, site) if "how many there may be" in one] == []
