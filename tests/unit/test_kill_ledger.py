"""What the kill points compare can fail: each wrong that they look for is found and named."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.lab.kill_ledger import Ledger, begun_and_done, owner, wrongs

PDU, NODE, BMC = "RackPower::r1-pdu-a", "Node::su1-n1", "Controller::su1-n1-bmc-controller"
OUTLET = "r1-pdu-a: PATCH /redfish/v1/PowerEquipment/RackPDUs/1/Outlets/1"
CLOCK = "su1-n1: PATCH /redfish/v1/Managers/BMC/NetworkProtocol"
RESET = "su1-n1: POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset"
WHOLE = Ledger(
    changes=Counter({OUTLET: 1, CLOCK: 1, RESET: 2}),
    ids={PDU: "p", NODE: "n", BMC: "b"},
    open=set(),
    memories={"r1-pdu-a.json": {"off": {}}, "su1-n1.json": {"on": True}},
)
NOTHING = Ledger(changes=Counter(), ids={}, open=set(), memories={})
PDU_DONE = Ledger(
    changes=Counter({OUTLET: 1}),
    ids={PDU: "p"},
    open=set(),
    memories={"r1-pdu-a.json": {"off": {}}, "su1-n1.json": {"on": False}},
)
NODE_TOLD = replace(PDU_DONE, changes=Counter({OUTLET: 1, RESET: 1}))


@pytest.mark.parametrize(
    ("before", "after", "begun", "done", "sentences"),
    [
        pytest.param(NOTHING, PDU_DONE, {"r1-pdu-a"}, {"r1-pdu-a"}, [], id="nothing"),
        pytest.param(PDU_DONE, WHOLE, {*"abc"}, set(), ["told, and never"] * 3, id="unasked"),
        pytest.param(
            PDU_DONE,
            replace(PDU_DONE, changes=Counter({OUTLET: 2})),
            {"r1-pdu-a"},
            {"r1-pdu-a"},
            [f"told too often, 1 times more than undisturbed: {OUTLET}"],
            id="twice",
        ),
        pytest.param(
            PDU_DONE,
            NODE_TOLD,
            {"r1-pdu-a", "su1-n1"},
            {"r1-pdu-a"},
            [],
            id="half of a node is told",
        ),
        pytest.param(
            PDU_DONE,
            replace(NODE_TOLD, ids={PDU: "p", NODE: "n"}),
            {"r1-pdu-a", "su1-n1"},
            {"r1-pdu-a", "su1-n1"},
            [f"said to be done, and never told: {RESET}"],
            id="lost",
        ),
        pytest.param(
            PDU_DONE,
            replace(PDU_DONE, ids={}),
            {"r1-pdu-a"},
            {"r1-pdu-a"},
            [
                f"forgotten, or its id changed: {PDU} was p, is None",
                "said to be done, and the state does not know it: r1-pdu-a",
            ],
            id="forgotten",
        ),
        pytest.param(
            NOTHING,
            replace(PDU_DONE, ids={PDU: "q"}),
            {"r1-pdu-a"},
            set(),
            [f"not the id of an undisturbed run: {PDU} is q, not p"],
            id="another id",
        ),
        pytest.param(
            PDU_DONE,
            replace(PDU_DONE, memories={"r1-pdu-a.json": {"off": {"1": True}}}),
            {"r1-pdu-a"},
            {"r1-pdu-a"},
            ["done, and remembers something else: r1-pdu-a.json: {'off': {'1': True}}"],
            id="undone",
        ),
    ],
)
def test_what_is_wrong_after_a_kill_is_named(before, after, begun, done, sentences):
    wrong = wrongs(WHOLE, before, after, begun=begun, done=done)
    assert len(wrong) == len(sentences)
    assert all(one.startswith(said) for one, said in zip(wrong, sentences, strict=True)), wrong


def test_what_a_killed_engine_left_open_need_be_neither_said_nor_known():
    begun = done = {"r1-pdu-a"}
    assert wrongs(WHOLE, NOTHING, NODE_TOLD, begun=begun, done=done, opened={"su1-n1"}) == []
    lost = replace(PDU_DONE, ids={})
    assert wrongs(WHOLE, NOTHING, lost, begun=begun, done=done, opened={"r1-pdu-a"}) == []


@pytest.mark.parametrize(
    ("change", "resource"),
    [
        (CLOCK, "su1-n1-bmc-controller"),
        (
            "su1-n2-hgx: PATCH /redfish/v1/Managers/HGX_BMC_0/NetworkProtocol",
            "su1-n2-hgx-controller",
        ),
        ("cdu1: PATCH /redfish/v1/Chassis/CDU/Controls/SupplyTemperature", "tcs1"),
        ("cdu1: PATCH /redfish/v1/Chassis/CDU/LeakDetectors/Tray", "cdu1-leak"),
        ("su1-n1: PATCH /redfish/v1/Chassis/1/EnvironmentMetrics", "su1-n1-platform"),
        (RESET, "su1-n1"),
    ],
)
def test_each_change_belongs_to_one_resource(change, resource):
    known = ("su1-n1", "su1-n1-bmc-controller", "su1-n1-platform", "su1-n2-hgx-controller")
    assert owner(change, (*known, "tcs1", "cdu1-leak")) == resource


def test_a_resource_begins_and_ends_in_words():
    words = "a: creating\nb: updating (x)\na: created in 2 s\nb: failed\nc: waits\n"
    assert begun_and_done(words) == ({"a", "b"}, {"a"})
