"""A layer and a rack mean exactly the resources that belong to them."""

import pytest

from clusterwright.errors import UsageError
from clusterwright.operate.target import target_options, targets
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
