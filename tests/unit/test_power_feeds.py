"""What is to be changed where feeds give too much, or where there are too few of them."""

from pathlib import Path
from typing import Any

import pytest

from tests.sites import definition, mistakes_of, put

GROUP = "compute.su1.groups"
B = {"name": "B"}


def changes_of(folder: Path, edits: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return what the mistakes of the lab with these edits want changed, by what is wrong."""
    site = definition()
    for path, value in edits.items():
        put(site, path, value)
    found = mistakes_of(folder, site)
    return {one.path: [(change.path, change.value) for change in one.remedy] for one in found}


def feeds(**limits: Any) -> dict[str, Any]:
    return {"facility.feeds": ["A", B | limits, "C"]}


@pytest.mark.parametrize(
    ("edits", "at", "changes"),
    [
        pytest.param(
            feeds(limit_kw=28), "limit_kw", [(f"{GROUP}[0].count", "1")], id="fewer of one group"
        ),
        pytest.param(
            feeds(breaker_amps=40, line_volts=415),
            "breaker_amps",
            [(f"{GROUP}[0].count", "1"), (f"{GROUP}[1].count", "1")],
            id="fewer of two groups",
        ),
        pytest.param(
            feeds(limit_kw=20),
            "limit_kw",
            [("facility.feeds.B.limit_kw", "31.6")],
            id="a higher limit where no number of nodes fits",
        ),
        pytest.param(
            feeds(limit_kw=20, breaker_amps=200, line_volts=415),
            "limit_kw",
            [("facility.feeds.B.limit_kw", "31.6")],
            id="of limit and breaker, the one that is too low",
        ),
        pytest.param(
            feeds(limit_kw=200, breaker_amps=30, line_volts=415),
            "breaker_amps",
            [("facility.feeds.B.breaker_amps", "56")],
            id="of breaker and limit, the one that is too low",
        ),
        pytest.param(
            feeds(limit_kw=20, breaker_amps=30, line_volts=415),
            "limit_kw",
            [("facility.feeds.B.limit_kw", "31.6"), ("facility.feeds.B.breaker_amps", "56")],
            id="both where both are too low",
        ),
        pytest.param(
            feeds(limit_kw=31) | {"compute[0].groups[0].build_for": 3},
            "limit_kw",
            [(f"{GROUP}[0].build_for", "1"), (f"{GROUP}[0].count", "1")],
            id="fewer places and nodes",
        ),
        pytest.param(
            feeds(limit_kw=33) | {"compute[0].groups[0].build_for": 3},
            "limit_kw",
            [(f"{GROUP}[0].build_for", "2")],
            id="fewer places that are empty",
        ),
    ],
)
def test_a_feed_that_gives_too_much_is_relieved(tmp_path, edits, at, changes):
    assert changes_of(tmp_path, edits)[f"facility.feeds.B.{at}"] == changes


@pytest.mark.parametrize(
    ("edits", "changes"),
    [
        pytest.param(
            {"facility.feeds": ["B", "C"]},
            {"facility.feeds": [("facility.feeds", "[B, C, A]")]},
            id="a letter that is free",
        ),
        pytest.param(
            {"facility.feeds": [{"name": "A", "limit_kw": 100}, "B"]},
            {"facility.feeds": [("facility.feeds", "[{name: A, limit_kw: 100.0}, B, C]")]},
            id="limits stay",
        ),
        pytest.param(
            {"facility.racks[0].feeds": ["A", "B"]},
            {"facility.racks[0].feeds": [("facility.racks[0].feeds", "[A, B, C]")]},
            id="one that the site has already",
        ),
        pytest.param(
            {"compute[0].groups[0].server": "dgx-b200", "compute[0].groups[0].count": 1},
            {"facility.racks[0].keep": [("facility.racks[0].keep", "degraded")]},
            id="less is kept where it takes too many",
        ),
    ],
)
def test_too_few_feeds_become_more(tmp_path, edits, changes):
    assert changes_of(tmp_path, edits) == changes
