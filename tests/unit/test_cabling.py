"""Cables: their way, their ends, the links that one piece carries."""

from collections import Counter
from dataclasses import replace

import pytest

from clusterwright.catalogue import load_catalogue
from clusterwright.catalogue.entry import Cable
from clusterwright.design.cabling import Cabling, Joint, lay_cables
from clusterwright.design.cabling.route import route_over
from clusterwright.design.plan import LinkEnd, Mount
from clusterwright.model.cabling import Trays
from tests.racks import rack

CATALOGUE = load_catalogue()
TRAYS = Trays(over_racks_m=0.5, cross_every_m=3.0, slack_m=0.25)

RACKS = {
    one.name: one
    for one in [
        *(rack(f"a{n}", place=n) for n in range(8)),
        *(rack(f"b{n}", place=n, row=1) for n in range(8)),
        rack("far", place=200),
        rack("beyond", place=500),
    ]
}


def at(name: str, unit: int, units: int = 1) -> Mount:
    return Mount(rack=name, lowest_unit=unit, height_units=units)


def way_m(a: Mount, b: Mount, trays: Trays = TRAYS) -> float:
    return round(route_over(trays, RACKS, {"a": a, "b": b}).length_m("a", "b"), 9)


UP_FROM_TOP = 1 + 0.5 * 0.04445 + 0.5 + 0.25
"""Across the rack, up from the middle of the highest unit, to the trays; with a service loop."""


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(at("a0", 10), at("a0", 20), 1 + 10 * 0.04445 + 0.5, id="within a rack"),
        pytest.param(at("a0", 40), at("a3", 40), 3 + 2 * UP_FROM_TOP, id="along the row"),
        pytest.param(
            at("a0", 20, 8), at("a1", 40), 1 + 2 * UP_FROM_TOP + 16.5 * 0.04445, id="from below"
        ),
        pytest.param(
            at("a0", 40), at("b4", 40), 4 + 2.4 + 2 * UP_FROM_TOP, id="a cross tray on the way"
        ),
        pytest.param(
            at("a1", 40),
            at("b1", 40),
            3 + 2.4 + 2 * UP_FROM_TOP,
            id="a cross tray beside",
        ),
    ],
)
def test_a_cable_goes_by_the_trays(a, b, expected):
    assert way_m(a, b) == way_m(b, a) == pytest.approx(expected)


def test_cross_trays_lie_where_the_definition_says():
    trays = TRAYS.model_copy(update={"cross_m": (7.0,)})
    assert way_m(at("a0", 40), at("b0", 40), trays) == pytest.approx(13 + 2.4 + 2 * UP_FROM_TOP)


MODELS = {
    "dgx1": "dgx-h100",
    "dgx2": "dgx-h100",
    "hgx1": "hgx-h100-air",
    "hgx2": "hgx-h100-air",
    "leaf1": "qm9700",
    "leaf2": "qm9700",
    "leaf3": "qm9700",
    "spine1": "qm9700",
    "spine2": "qm9700",
    "remote": "qm9700",
    "remotest": "qm9700",
    "ufm1": "ufm-appliance-ndr",
    "head": "management-1u",
    "oob1": "sn2201",
}
MOUNTS = {
    "dgx1": at("a0", 1, 8),
    "dgx2": at("a0", 9, 8),
    "hgx1": at("a1", 1, 8),
    "hgx2": at("a1", 9, 8),
    "leaf1": at("a1", 20),
    "oob1": at("a0", 40),
    "leaf2": at("a1", 21),
    "leaf3": at("a1", 23),
    "spine1": at("a1", 22),
    "spine2": at("a3", 22),
    "remote": at("far", 1),
    "remotest": at("beyond", 1),
    "ufm1": at("a2", 1),
    "head": at("a2", 2),
}


def joints(text: str, cable="ndr-multimode", speed_gbps: int = 400) -> list[Joint]:
    """Read links as `device port - device port`, separated by commas."""
    ends = [
        [end.split() for end in link.split("-", 1)] for link in text.replace(" - ", "-").split(",")
    ]
    return [
        Joint(
            fabric="compute",
            tier="node-leaf",
            a=LinkEnd(device=a, port=port_a),
            b=LinkEnd(device=b, port=port_b),
            cable=cable,
            speed_gbps=speed_gbps,
        )
        for (a, port_a), (b, port_b) in ends
    ]


def lay(wanted: list[Joint], **cables: Cable) -> Cabling:
    catalogue = replace(CATALOGUE, cables={**CATALOGUE.cables, **cables})
    return lay_cables(catalogue, TRAYS, joints=wanted, racks=RACKS, mounts=MOUNTS, models=MODELS)


@pytest.mark.parametrize(
    ("link", "optics"),
    [
        pytest.param("dgx1 OSFP4P2 - leaf1 1/1", ("mma4z00-ns-flt", "mma4z00-ns"), id="DGX"),
        pytest.param("hgx1 OSFP1 - leaf1 1/1", ("mma4z00-ns400", "mma4z00-ns"), id="single cage"),
        pytest.param("dgx1 SLOT1P1 - leaf1 1/1", ("mma1z00-ns400", "mma4z00-ns"), id="QSFP112"),
        pytest.param("leaf1 17/1 - spine1 1/1", ("mma4z00-ns", "mma4z00-ns"), id="switches"),
        pytest.param("head HCA1 - leaf1 1/1", ("", "mma4z00-ns"), id="a port nobody knows"),
    ],
)
def test_cages_decide_which_transceivers_are_used(link, optics):
    (one,) = lay(joints(link)).links
    assert (one.optic_a, one.optic_b) == optics


def test_a_port_that_nobody_knows_is_not_proven():
    (unproven,) = lay(joints("head HCA1 - leaf1 1/1")).unproven
    assert unproven.reason == "the catalogue does not say which connector management-1u has"


def test_a_transceiver_whose_reach_nobody_knows_is_not_proven():
    cabling = lay(joints("leaf1 1/1 - spine1 1/1", "xdr-singlemode", 800))
    assert [one.reason for one in cabling.unproven] == ["the catalogue has no reach_m of xdr-2xdr4"]


def test_ports_for_management_speak_ethernet_whatever_a_switch_does():
    assert lay(joints("leaf1 MGMT - oob1 1", "cat6", 1)).problems == ()


def test_links_that_share_a_cage_share_its_transceiver():
    cabling = lay(
        joints(
            "dgx1 OSFP4P2 - leaf1 1/1, dgx1 OSFP4P1 - leaf2 1/1, dgx2 OSFP4P2 - leaf1 1/2,"
            "dgx2 OSFP4P1 - leaf2 1/2, ufm1 HCA1 - leaf1 16/2"
        )
    )
    assert cabling.transceivers == {
        ("compute", "dgx-h100", "mma4z00-ns-flt"): 2,
        ("compute", "qm9700", "mma4z00-ns"): 3,
        ("compute", "ufm-appliance-ndr", "mma4z00-ns400"): 1,
    }


def test_a_cage_takes_the_nearest_reaching_transceiver_that_serves_both_of_its_links():
    near, far = "leaf1 1/1 - spine1 1/1", "leaf1 1/2 - remote 1/1"
    alone, both = (lay(joints(text, "ndr-singlemode")).links for text in (near, f"{far}, {near}"))
    assert [(link.optic_a, link.optic_b) for link in alone] == [("mms4x00-ns", "mms4x00-ns")]
    assert [(link.optic_a, link.optic_b) for link in both] == [
        ("mms4x00-nm", "mms4x00-nm"),
        ("mms4x00-nm", "mms4x00-ns"),
    ]


def pieces(cabling: Cabling) -> dict[str, int]:
    assert [problem.rule for problem in cabling.problems] == []
    return dict(Counter(link.piece for link in cabling.links))


HALF = CATALOGUE.cables["ndr-multimode"].model_copy(update={"speed_gbps": 200})


@pytest.mark.parametrize(
    ("cable", "text", "expected"),
    [
        pytest.param(
            "ndr-dac-split-osfp",
            "hgx1 OSFP1 - leaf1 1/1, hgx2 OSFP1 - leaf1 1/2, hgx1 OSFP2 - leaf2 1/1",
            {"leaf1:1": 2, "leaf2:1": 1},
            id="a splitter from one cage to two",
        ),
        pytest.param(
            "ndr-dac-twin",
            "leaf1 17/1 - spine1 1/1, leaf1 17/2 - spine1 1/2, leaf2 17/1 - spine1 2/1",
            {"leaf1:17": 2, "leaf2:17": 1},
            id="two links from cage to cage",
        ),
        pytest.param(
            "ndr-multimode-splitter",
            "hgx1 OSFP1 - leaf1 1/1, hgx2 OSFP1 - leaf1 1/2, hgx1 OSFP2 - leaf1 1/3",
            {"leaf1:1/1": 2, "leaf1:1/2": 1},
            id="fibre splitters, ports counted on",
        ),
        pytest.param(
            "ndr-multimode-splitter",
            "hgx1 OSFP1 - leaf1 16/2/1, hgx2 OSFP1 - leaf1 16/2/2",
            {"leaf1:16/2": 2},
            id="a fibre splitter, ports by lane",
        ),
        pytest.param(
            "ndr-multimode",
            "hgx1 OSFP1 - leaf1 1/1, hgx2 OSFP1 - leaf1 1/2",
            {"hgx1:OSFP1": 1, "hgx2:OSFP1": 1},
            id="a piece for each link",
        ),
    ],
)
def test_a_piece_carries_the_links_of_its_plugs(cable, text, expected):
    speed = CATALOGUE.cables[cable].speed_gbps
    assert pieces(lay(joints(text, cable, speed))) == expected


def test_a_splitter_is_as_long_as_its_longest_leg_needs():
    text = "hgx1 OSFP1 - leaf1 1/1, hgx2 OSFP1 - leaf1 1/2"
    lengths = {link.length_m for link in lay(joints(text, "ndr-dac-split-osfp")).links}
    assert lengths == {2.5}


def test_plugs_bring_no_transceivers():
    cabling = lay(joints("hgx1 OSFP1 - leaf1 1/1", "ndr-dac-split-osfp"))
    assert cabling.transceivers == {}
    assert cabling.unproven == ()


@pytest.mark.parametrize(
    ("text", "cables"),
    [
        pytest.param("hgx1 OSFP1 - leaf1 1/1", ["ndr-dac-split-osfp"], id="copper in the rack"),
        pytest.param("hgx1 OSFP1 - spine2 1/1", ["ndr-multimode"], id="fibre out of it"),
        pytest.param("dgx1 OSFP4P2 - remote 1/1", ["ndr-multimode"], id="DGX"),
        pytest.param("leaf1 17/1 - remote 1/1", ["ndr-singlemode"], id="single mode afar"),
        pytest.param("leaf1 17/1 - remotest 1/1", ["ndr-singlemode-lc"], id="two kilometres"),
        pytest.param(
            "leaf1 17/1 - spine1 1/1, leaf1 17/2 - spine2 1/1",
            ["ndr-multimode", "ndr-multimode"],
            id="one plug cannot part",
        ),
        pytest.param(
            "leaf1 17/1 - spine1 1/1, leaf1 17/2 - remotest 1/1, leaf2 17/1 - spine1 2/1",
            ["ndr-singlemode-lc", "ndr-singlemode-lc", "ndr-dac-twin"],
            id="a cage decides as one",
        ),
    ],
)
def test_auto_takes_the_cheapest_medium_that_reaches(text, cables):
    cabling = lay(joints(text.replace("remote ", "spine2 ") if "dgx" in text else text, "auto"))
    assert [problem.rule for problem in cabling.problems] == []
    assert [link.cable for link in cabling.links] == cables


def test_of_a_list_the_first_that_reaches_is_taken():
    near, far = "leaf1 17/1 - spine1 1/1", "leaf2 17/1 - remote 1/1"
    choice = ("ndr-multimode", "ndr-dac-twin", "ndr-singlemode")
    cables = [link.cable for link in lay(joints(f"{near}, {far}", choice)).links]
    assert cables == ["ndr-multimode", "ndr-singlemode"]


def test_names_of_pieces_stay_when_more_is_cabled():
    few = joints("hgx1 OSFP1 - leaf1 1/1, leaf1 17/1 - spine1 1/1")
    more = joints("hgx2 OSFP1 - leaf1 1/2, leaf1 17/2 - spine1 1/2")
    before, after = lay(few), lay([*more, *few])
    assert {link.piece for link in before.links} < {link.piece for link in after.links}
    assert set(before.links) < set(after.links)


def test_bundles_are_no_larger_than_the_trays_allow():
    ports = [f"hgx1 OSFP{n} - spine2 {n}/1" for n in range(1, 9)]
    trays = TRAYS.model_copy(update={"bundle_max": 5})
    cabling = lay_cables(
        CATALOGUE, trays, joints=joints(", ".join(ports)), racks=RACKS, mounts=MOUNTS, models=MODELS
    )
    assert [(one.name, one.pieces) for one in cabling.bundles] == [("a1/a3/1", 5), ("a1/a3/2", 3)]


def test_xdr_runs_over_neither_multimode_nor_passive_copper():
    """NVIDIA's XDR product list: single-mode transceivers and LACC only."""
    own = CATALOGUE.cables["xdr-singlemode"].model_copy(update={"medium": "multimode-fibre"})
    (problem,) = lay(joints("leaf1 1/1 - spine1 1/1", "own", 800), own=own).problems
    assert problem.rule == (
        "own is multimode fibre, but XDR runs over single-mode fibre or active copper only: choose "
        "one of those, or write auto"
    )
    assert problem.remedy == ((("fabrics", "compute", "cable"), "auto"),)


def test_one_cage_cannot_hold_two_kinds_of_transceiver():
    below = joints("dgx1 OSFP4P2 - leaf1 1/1")
    above = joints("leaf1 1/2 - spine1 1/1", "ndr-singlemode")
    (problem,) = lay([*below, *above]).problems
    assert problem.rule == (
        "cage 1 of leaf1 would hold multimode-fibre and singlemode-fibre, but it takes one plug or "
        "transceiver: use one cable for all links of that cage"
    )


def test_a_splitter_beside_a_straight_fibre_is_not_proven():
    straight = joints("dgx1 OSFP4P2 - leaf1 16/1")
    split = joints(
        "hgx1 OSFP1 - leaf1 16/2/1, hgx2 OSFP1 - leaf1 16/2/2", "ndr-multimode-splitter", 200
    )
    (unproven,) = lay([*straight, *split]).unproven
    assert unproven.subject == "1 cages, such as 16 of leaf1"


def test_a_speed_that_no_cable_has_is_said():
    (problem,) = lay(joints("leaf1 1/1 - spine1 1/1", "auto", 1600)).problems
    assert problem.rule == (
        "the catalogue has no cable of 1600 Gb/s for qm9700 and qm9700: add one to the site's own "
        "catalogue, or name a cable"
    )


def test_what_is_cut_longer_than_needed_must_reach_too():
    """36 m are wanted, 50 m are the next on sale, and only 45 m would be carried."""
    own = CATALOGUE.cables["ndr-multimode"].model_copy(
        update={"reach_max_m": 45, "lengths_m": (10, 30, 50)}
    )
    tall = TRAYS.model_copy(update={"over_racks_m": 15.0})
    (problem,) = lay_cables(
        replace(CATALOGUE, cables={"own": own}),
        tall,
        joints=joints("leaf1 1/1 - spine2 1/1", "own"),
        racks=RACKS,
        mounts=MOUNTS,
        models=MODELS,
    ).problems
    assert problem.rule.startswith("own reaches 30 m, but it is 36.")


def test_a_cage_to_which_a_stranger_may_come_gets_a_cable_that_reaches_far():
    wanted = joints("leaf1 17/1 - spine1 1/1", cable="auto")
    (near,), (far,) = lay(wanted).links, lay([replace(one, open=True) for one in wanted]).links
    assert (near.medium, far.medium) == ("copper-passive", "multimode-fibre")


def test_what_is_to_come_has_a_say_in_the_cable_of_what_stands():
    """Ports 17/1 and 17/2 of a leaf are in one cage."""
    wanted, later = (
        joints("leaf1 17/1 - spine1 1/1", "auto"),
        joints("leaf1 17/2 - spine2 1/1", "auto"),
    )
    (alone,) = lay(wanted).links
    (beside,) = lay_cables(
        CATALOGUE, TRAYS, joints=wanted, to_come=later, racks=RACKS, mounts=MOUNTS, models=MODELS
    ).links
    assert (alone.medium, beside.medium) == ("copper-passive", "multimode-fibre")
