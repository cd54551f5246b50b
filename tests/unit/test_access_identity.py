"""A server that is not the one that should be there is told apart, part by part."""

from dataclasses import replace

import pytest

from clusterwright.access.identity import IdentityState, differences, misplaced, sentences

SERVER = IdentityState(
    model="dgx-h100",
    serial="S1",
    nics={"ib0": "0200:00FF:FE00:0001", "eno1": "02:00:00:00:00:01"},
    gpus={"h100": 8},
    tpm=True,
)


@pytest.mark.parametrize(
    ("actual", "sentence"),
    [
        pytest.param({}, [], id="the right one"),
        pytest.param({"nics": {n: a.lower() for n, a in SERVER.nics.items()}}, [], id="case"),
        pytest.param(
            {"serial": "S2"},
            ["its serial number is S2, but S1 is expected: another server stands here"],
            id="serial",
        ),
        pytest.param(
            {"model": "hgx"}, ["its model is hgx, but dgx-h100 is expected: another"], id="model"
        ),
        pytest.param(
            {"nics": {"eno1": "02:00:00:00:00:01"}},
            ["network adapter ib0 is (not found), but 0200:00FF:FE00:0001 is expected: reseat"],
            id="nic missing",
        ),
        pytest.param(
            {"nics": SERVER.nics | {"eno1": "02:00:00:00:00:02"}},
            ["network adapter eno1 is 02:00:00:00:00:02, but 02:00:00:00:00:01 is expected: the"],
            id="nic replaced",
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
    assert differences(IdentityState(nics={"eno1": ""}), SERVER) == ()


def test_an_adapter_that_the_bmc_calls_otherwise_is_known_by_its_address():
    there = {"Card1": "0200:00FF:FE00:0001", "Card2": "02:00:00:00:00:01"}
    found = frozenset(one.lower() for one in there.values())
    assert differences(SERVER, replace(SERVER, nics=there, addresses=found)) == ()


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


def test_an_address_that_is_there_under_another_name_is_there():
    expected = IdentityState(nics={"mac1": "00:00:5e:00:53:01", "mac2": "00:00:5e:00:53:09"})
    actual = IdentityState(nics={"eno1": "00:00:5E:00:53:01", "eno2": "00:00:5E:00:53:02"})
    assert [one.path for one in differences(expected, actual)] == ["nics.mac2"]
