"""A layer and a rack mean exactly the resources that belong to them."""

import json

import pytest

from clusterwright.errors import UsageError
from clusterwright.operate.target import target_options, targets, with_gone
from tests.installations import plan_of
from tests.plans import lab_plan

R1_PDUS = ("r1-pdu-a", "r1-pdu-b", "r1-pdu-c")


def test_no_choice_means_everything():
    assert targets(lab_plan(), layer=None, rack=None) == ()


def test_a_rack_has_its_pdus_nodes_and_play():
    named = targets(lab_plan(), layer=None, rack="r1")
    assert named == (*R1_PDUS, "su1-n1", "su1-n2", "r1-hosts")


def test_a_loop_belongs_to_the_racks_it_cools():
    assert "tcs1" in targets(lab_plan(), layer="facility", rack="r2")


def test_the_hosts_layer_is_the_plays():
    assert targets(lab_plan(), layer="hosts", rack=None) == ("r1-hosts", "r2-hosts")


def test_the_hosts_of_a_rack_that_we_install_come_before_its_play(tmp_path):
    plan = plan_of(tmp_path)
    assert targets(plan, layer="hosts", rack="r1") == ("su1-n1-os", "su1-n2-os", "r1-hosts")
    assert targets(plan, layer="hosts", rack="r2") == ("r2-hosts",)


@pytest.mark.parametrize(
    ("layer", "rack", "message"),
    [
        ("moon", None, "layer moon: there is no such layer; choose one of facility, hosts"),
        (None, "r9", "rack r9: there is no such rack; choose one of r1, r2"),
    ],
)
def test_what_does_not_exist_is_refused(layer, rack, message):
    with pytest.raises(UsageError) as caught:
        targets(lab_plan(), layer=layer, rack=rack)
    assert str(caught.value) == message


def test_a_target_is_a_glob_that_ends_with_the_name():
    assert target_options(("su1-n1",)) == ("--target", "**::su1-n1")


def state(*resources: tuple[str, str]) -> str:
    urn = "urn:pulumi:lab::clusterwright::{}::{}"
    known = [{"urn": urn.format(kind, name), "type": kind} for kind, name in resources]
    return json.dumps({"version": 3, "deployment": {"resources": known}})


def test_what_the_plan_no_longer_has_leaves_the_state_with_any_layer():
    plan = lab_plan()
    gone = state(
        ("pulumi:pulumi:Stack", "clusterwright-lab"),
        ("pulumi:providers:clusterwright", "default"),
        ("clusterwright:facility:Node", "su1-n1"),
        ("clusterwright:facility:Node", "su1-n9"),
        ("clusterwright:facility:Firmware", "su1-n9-firmware"),
        ("clusterwright:hosts:PlaybookRun", "r1-hosts"),
    )
    assert with_gone(plan, ("su1-n1",), gone) == ("su1-n1", "su1-n9", "su1-n9-firmware")
    assert with_gone(plan, (), gone) == ()
    assert with_gone(plan, ("su1-n1",), "{}") == ("su1-n1",)
