"""A server that is not the one that should be there is told apart, part by part."""

from dataclasses import replace

import pytest

from clusterwright.access.identity import IdentityState, differences, unknown_ports, untold
from clusterwright.access.strangers import misplaced, sentences

SERVER = IdentityState(
    models=("dgx-h100", "DGX H100"),
    serial="S1",
    ports={"ib0": ("0200:00FF:FE00:0001",), "eno1": ("02:00:00:00:00:01",)},
    port_count=2,
    gpus={"h100": 8},
    tpm=True,
)


@pytest.mark.parametrize(
    ("actual", "sentence"),
    [
        pytest.param({}, [], id="the right one"),
        pytest.param(
            {"ports": {"ib0": ("020000fffe000001",), "eno1": ("0x02-00-00-00-00-01",)}},
            [],
            id="addresses as vendors write them",
        ),
        pytest.param(
            {"serial": "S2"},
            ["its serial number is S2, but S1 is expected: another server stands here"],
            id="serial",
        ),
        pytest.param(
            {"models": ("DGXH200",)},
            ["its model is DGXH200, but dgx-h100 is expected: another"],
            id="model",
        ),
        pytest.param({"models": ("NVIDIA DGX H100 640 GB",)}, [], id="a longer word for the model"),
        pytest.param({"models": ("965-1", "DGXH100")}, [], id="a part number beside the model"),
        pytest.param(
            {"ports": {"eno1": ("02:00:00:00:00:01",)}},
            ["network adapter ib0 is (not found), but 0200:00FF:FE00:0001 is expected: reseat"],
            id="nic missing",
        ),
        pytest.param(
            {"ports": {**SERVER.ports, "eno1": ("02:00:00:00:00:02",)}},
            ["network adapter eno1 is 02:00:00:00:00:02, but 02:00:00:00:00:01 is expected: the"],
            id="nic replaced",
        ),
        pytest.param(
            {"ports": {**SERVER.ports, "Card3/2": ("02:00:00:00:00:03",)}},
            ["network adapter Card3/2 is 02:00:00:00:00:03, but (none) is expected: take the"],
            id="nic that nobody delivered",
        ),
        pytest.param(
            {"gpus": {"H200": 8}},
            ["the number of GPUs H200 is 8, but (none) is", "the number of GPUs h100 is 0, but 8"],
            id="other gpus",
        ),
        pytest.param(
            {"gpus": {"h100": 7}},
            ["the number of GPUs h100 is 7, but 8 is expected: look into"],
            id="gpu missing",
        ),
        pytest.param({"tpm": False}, ["its TPM is (not found), but one is expected"], id="tpm"),
    ],
)
def test_every_part_has_its_sentence(actual, sentence):
    told = sentences("su1-n1", differences(SERVER, replace(SERVER, **actual)))
    assert all(
        one.startswith(f"su1-n1: {start}") for one, start in zip(told, sentence, strict=True)
    )


def test_what_is_not_known_is_not_compared():
    assert differences(IdentityState(), SERVER) == ()
    assert differences(IdentityState(ports={"eno1": ()}), SERVER) == ()


def test_a_port_too_many_is_one_only_where_every_port_is_known():
    some = replace(SERVER, ports={"eno1": SERVER.ports["eno1"]})
    assert differences(some, SERVER) == ()
    assert unknown_ports(some, SERVER) == ("ib0 (0200:00FF:FE00:0001)",)
    assert unknown_ports(SERVER, SERVER) == ()


def test_every_port_of_an_adapter_is_compared():
    card = {"Card1/1": ("02:00:00:00:00:01",), "Card1/2": ("02:00:00:00:00:09",)}
    expected = replace(SERVER, ports={"a": ("02:00:00:00:00:01",), "b": ("02:00:00:00:00:02",)})
    found = differences(expected, replace(SERVER, ports=card))
    assert [(one.path, one.actual) for one in found] == [
        ("nics.b", "(not found)"),
        ("nics.Card1/2", "02:00:00:00:00:09"),
    ]


def test_what_a_bmc_does_not_speak_of_is_no_difference():
    silent = replace(SERVER, ports=None, gpus=None)
    assert differences(SERVER, silent) == ()
    assert untold(SERVER, silent) == ("network adapters", "GPUs")
    assert untold(IdentityState(), silent) == ()


def test_an_adapter_that_the_bmc_calls_otherwise_is_known_by_its_address():
    there = {"Card1": ("0200:00FF:FE00:0001",), "Card2": ("02:00:00:00:00:01",)}
    assert differences(SERVER, replace(SERVER, ports=there)) == ()


def test_a_gpu_is_known_by_the_shorter_of_its_names():
    expected = replace(SERVER, gpus={"NVIDIA H100 80GB HBM3": 8})
    assert differences(expected, replace(SERVER, gpus={"H100 80GB HBM3": 8})) == ()
    (found,) = differences(expected, replace(SERVER, gpus={"H100 80GB HBM3": 7}))
    assert (found.expected, found.actual) == ("8", "7")


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        pytest.param("abc", [], id="all at home"),
        pytest.param(
            "bac",
            ["a and b stand in each other's place: exchange them or their management"],
            id="2",
        ),
        pytest.param(
            "bca",
            ["a: b stands in its place", "b: c stands in its place", "c: a stands in its place"],
            id="in a circle",
        ),
        pytest.param("xbc", [], id="a stranger"),
    ],
)
def test_servers_in_each_others_place_are_named_together(places, sentence):
    expected = {name: IdentityState(serial=name) for name in "abc"}
    actual = {name: IdentityState(serial=who) for name, who in zip("abc", places, strict=True)}
    told = misplaced(expected, actual)
    assert all(one.startswith(start) for one, start in zip(told, sentence, strict=True))
