"""A difference is named in few words, and what is gone is told from what is different."""

import pytest

from clusterwright.verify.comparison import kind_of, narrow
from clusterwright.verify.report import Kind


@pytest.mark.parametrize(
    ("expected", "actual", "kind"),
    [
        pytest.param("580.178.04", "570.1", Kind.DRIFT, id="other-text"),
        pytest.param("580.178.04", "", Kind.MISSING, id="no-text"),
        pytest.param(["h100"] * 8, ["h100"] * 7, Kind.MISSING, id="one-gpu-gone"),
        pytest.param(["h100"] * 8, ["h100"] * 7 + ["a100"], Kind.DRIFT, id="one-gpu-other"),
        pytest.param(["h100", "a100"], ["h100"], Kind.MISSING, id="the-only-one-of-its-kind-gone"),
        pytest.param([], ["Xid 79"], Kind.UNEXPECTED, id="something-where-nothing-should-be"),
        pytest.param({"a", "b"}, {"a"}, Kind.MISSING, id="one-of-a-set"),
        pytest.param({"a"}, {"a", "b"}, Kind.UNEXPECTED, id="one-more-in-a-set"),
        pytest.param({"a"}, {"b"}, Kind.DRIFT, id="another-in-a-set"),
        pytest.param({"x": 1, "y": 2}, {"x": 1}, Kind.MISSING, id="key-gone"),
        pytest.param({"x": 1, "y": 2}, {"x": 1, "y": 3}, Kind.DRIFT, id="value-other"),
        pytest.param({"x": 1}, {"x": 1, "y": 3}, Kind.UNEXPECTED, id="key-too-much"),
        pytest.param({"x": 1}, "silent", Kind.DRIFT, id="text-where-keys-should-be"),
        pytest.param("silent", {"x": 1}, Kind.DRIFT, id="keys-where-text-should-be"),
        pytest.param({"a"}, "silent", Kind.DRIFT, id="text-where-a-set-should-be"),
        pytest.param("silent", {"a"}, Kind.DRIFT, id="a-set-where-text-should-be"),
        pytest.param(["a"], "silent", Kind.DRIFT, id="text-where-a-list-should-be"),
        pytest.param("silent", ["a"], Kind.DRIFT, id="a-list-where-text-should-be"),
    ],
)
def test_kind_of_a_difference(expected: object, actual: object, kind: Kind) -> None:
    assert kind_of(expected, actual) is kind


def test_equal_values_have_no_kind() -> None:
    with pytest.raises(ValueError, match="nothing differs"):
        kind_of(1, 1)


@pytest.mark.parametrize(
    ("expected", "actual", "texts"),
    [
        pytest.param("On", "Off", ("On", "Off"), id="text"),
        pytest.param(
            {"GPU 0": "16", "GPU 1": "16"}, {"GPU 0": "16", "GPU 1": "8"},
            ("GPU 1: 16", "GPU 1: 8"), id="only-the-key-that-differs",
        ),
        pytest.param({"a": 1}, {}, ("a: 1", "absent"), id="key-gone"),
        pytest.param(["h"] * 8, ["h"] * 7, ("8 × h", "7 × h"), id="equal-items-are-counted"),
        pytest.param({"a", "b"}, {"b", "c"}, ("a", "c"), id="sets-without-what-both-hold"),
        pytest.param([], ["NVRM: Xid"], ("absent", "NVRM: Xid"), id="nothing"),
        pytest.param(0, 1, ("0", "1"), id="zero-is-no-nothing"),
        pytest.param({"x": ""}, {"x": "y"}, ("x: absent", "x: y"), id="an-empty-text-is-absent"),
        pytest.param({"x": ["h", "h"]}, {"x": []}, ("x: 2 × h", "x: absent"), id="list-in-keys"),
        pytest.param({"x": {"y": 1}}, {"x": {}}, ("x: y: 1", "x: absent"), id="keys-in-keys"),
        pytest.param({"x": 1}, "silent", ("x: 1", "silent"), id="text-where-keys-should-be"),
        pytest.param("silent", {"x": 1}, ("silent", "x: 1"), id="keys-where-text-should-be"),
        pytest.param({"a", "b"}, "silent", ("a, b", "silent"), id="text-where-a-set-should-be"),
        pytest.param("silent", {"a", "b"}, ("silent", "a, b"), id="a-set-where-text-should-be"),
    ],
)  # fmt: skip
def test_only_what_differs_is_said(
    expected: object, actual: object, texts: tuple[str, str]
) -> None:
    assert narrow(expected, actual) == texts
