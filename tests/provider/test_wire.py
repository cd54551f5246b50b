"""Property bags lose nothing on their way through plain values."""

import pytest

from clusterwright.provider.wire import UNKNOWN, UNKNOWN_TEXT, decode, encode, holds_unknown

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def test_plain_values_come_back_as_they_were():
    values = {"text": "a", "whole": 3, "part": 1.5, "yes": True, "none": None, "all": [1, {"k": 2}]}
    assert decode(encode(values)).values == values


def test_a_whole_number_is_no_float_and_a_truth_is_no_number():
    values = decode(encode({"cores": 2.0, "yes": True})).values
    assert {name: type(value) for name, value in values.items()} == {"cores": int, "yes": bool}


def test_a_secret_is_unwrapped_and_remembered():
    struct = encode({"bios": {"AdminPassword": {**SECRET, "value": "hush"}}})
    read = decode(struct)
    assert read.values == {"bios": {"AdminPassword": "hush"}}
    assert read.secrets == {("bios", "AdminPassword")}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(("secret",), id="top"),
        pytest.param(("bios", "Key"), id="nested"),
        pytest.param(("hosts", "1"), id="in a list"),
    ],
)
def test_a_secret_is_wrapped_again_where_it_was(path):
    values = {"secret": "a", "bios": {"Key": "b"}, "hosts": ["c", "d"]}
    read = decode(encode(values, frozenset({path})))
    assert (read.values, read.secrets) == (values, {path})


def test_an_unknown_value_is_told_from_text():
    read = decode(encode({"digest": UNKNOWN_TEXT, "hosts": ["a", UNKNOWN_TEXT]})).values
    assert read == {"digest": UNKNOWN, "hosts": ["a", UNKNOWN]}
    assert holds_unknown(read["hosts"])
    assert encode(read) == encode({"digest": UNKNOWN_TEXT, "hosts": ["a", UNKNOWN_TEXT]})
