"""Changes are named by path, as Pulumi writes paths."""

import pytest

from clusterwright.provider.compare import ChangeKind, PropertyChange, changes

ADD, UPDATE, DELETE = ChangeKind.ADD, ChangeKind.UPDATE, ChangeKind.DELETE


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"a": 1}, {"a": 1}, [], id="equal"),
        pytest.param({"a": 32}, {"a": 32.0}, [], id="equal numbers"),
        pytest.param({"a": 1}, {"a": 2}, [("a", UPDATE)], id="update"),
        pytest.param({}, {"a": 1}, [("a", ADD)], id="add"),
        pytest.param({"a": 1}, {}, [("a", DELETE)], id="delete"),
        pytest.param({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", UPDATE)], id="nested"),
        pytest.param({"a": [1]}, {"a": [1, 2]}, [("a", UPDATE)], id="list"),
        pytest.param({"a": {"b": 1}}, {"a": 1}, [("a", UPDATE)], id="another type"),
        pytest.param({"o": {"1": 0}}, {"o": {"1": 1}}, [('o["1"]', UPDATE)], id="number as key"),
        pytest.param(
            {"b": {"Proc.Cores": 0}}, {"b": {}}, [('b["Proc.Cores"]', DELETE)], id="dot in key"
        ),
        pytest.param({"b": 1, "a": 1}, {}, [("a", DELETE), ("b", DELETE)], id="in order"),
    ],
)
def test_changes_are_named(old, new, expected):
    assert changes(old, new) == tuple(PropertyChange(path=p, kind=k) for p, k in expected)


@pytest.mark.parametrize("path", ["bios", "bios.BootMode", 'bios["Proc.Cores"].x'])
def test_the_top_of_a_path_is_its_input(path):
    assert PropertyChange(path=path, kind=UPDATE).top == "bios"
