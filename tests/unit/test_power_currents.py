"""The currents of three lines, against what any book on three-phase power says."""

from math import isclose, sqrt

import pytest

from clusterwright.design.power.currents import LINES, line_amps


@pytest.mark.parametrize(
    ("by_phase", "expected"),
    [
        pytest.param({"L1": 10, "L2": 7, "L3": 4}, (10, 7, 4), id="wye: a line carries its own"),
        pytest.param(
            {"L1-L2": 10, "L2-L3": 10, "L3-L1": 10}, (10 * sqrt(3),) * 3, id="balanced delta"
        ),
        pytest.param({"L1-L2": 10}, (10, 10, 0), id="one load between two lines"),
        pytest.param(
            {"L1-L2": 10, "L2-L3": 10}, (10, 10 * sqrt(3), 10), id="two loads share a line"
        ),
        pytest.param({"L1-L2": 3, "L2-L3": 0, "L3-L1": 5}, (7, 3, 5), id="√(3² + 5² + 3 × 5) is 7"),
        pytest.param({"L1": 10, "L1-L2": 10}, (19.3185, 10, 0), id="wye and delta 30° apart"),
        pytest.param({}, (0, 0, 0), id="nothing"),
    ],
)
def test_lines_carry(by_phase, expected):
    lines = line_amps(by_phase)
    assert all(
        isclose(lines[line], amps, abs_tol=1e-4) for line, amps in zip(LINES, expected, strict=True)
    )


def test_what_three_balanced_lines_carry_is_the_power_of_the_whole():
    """√3 × U × I, for 3.6 kW on each of three pairs of lines of 208 V."""
    lines = line_amps(dict.fromkeys(("L1-L2", "L2-L3", "L3-L1"), 3600 / 208))
    assert isclose(sqrt(3) * 208 * lines["L1"], 3 * 3600)
