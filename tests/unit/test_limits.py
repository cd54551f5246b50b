"""Whatever is exactly at its limit is let through, and a hair beyond it is refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.sites import definition, mistakes_of, put

LOOP = "facility.cooling.loops[0]"
HANDLER = "facility.cooling.air.handlers[0]"


def rows(limit_kw: float) -> dict[str, Any]:
    row = {"name": "row2", "racks": ["r2"], "feed_limit_kw": limit_kw}
    return {"rows": [{"name": "row1", "racks": ["r1"]}, row]}


def feeds(limit_kw: float) -> list[Any]:
    return ["A", {"name": "B", "limit_kw": limit_kw}, "C"]


def breakers(amps: float) -> list[Any]:
    return ["A", {"name": "B", "breaker_amps": amps, "line_volts": 415}, "C"]


@pytest.mark.parametrize(
    ("path", "enough", "too_little", "named"),
    [
        pytest.param(
            "facility.racks[0].power_limit_kw",
            41.84,
            41.83,
            "in rack r1 draw 20.4 kW, beside 21.4 kW of other equipment",
            id="power of a rack",
        ),
        pytest.param(
            "facility.racks[0].air_limit_kw",
            41.84,
            41.83,
            "but the rack's air_limit_kw is 41.83 kW",
            id="heat of a rack to the air",
        ),
        pytest.param(
            "facility.feeds",
            feeds(31.52),
            feeds(31.51),
            "feed B gives 31.5 kW with feed A gone",
            id="a feed",
        ),
        pytest.param(
            "facility.feeds",
            breakers(55),
            breakers(54),
            "feed B gives 31.5 kW with feed A gone",
            id="the breaker of a feed",
        ),
        pytest.param(
            "facility.floor",
            rows(10.2),
            rows(10.19),
            "feed B gives 10.2 kW to row row2 with feed A gone",
            id="a row",
        ),
        pytest.param(
            f"{HANDLER}.capacity_kw",
            48.24,
            48.23,
            "the room's handlers take 48.23 kW with 1 lost",
            id="heat that air handlers take",
        ),
        pytest.param(
            f"{HANDLER}.flow_cfm",
            2210,
            2209,
            "the room's handlers give 2209 CFM with 1 lost",
            id="air that handlers move",
        ),
        pytest.param(
            "facility.cooling.room.inlet_c",
            30,
            30.1,
            "30.1 °C is not what dgx-h100 breathes, 5 to 30 °C: write 30",
            id="warm air",
        ),
        pytest.param(
            "facility.cooling.room.inlet_c",
            5,
            4.9,
            "4.9 °C is not what dgx-h100 breathes, 5 to 30 °C: write 5",
            id="cold air",
        ),
        pytest.param(
            "facility.cooling.room.relative_humidity_percent",
            80,
            80.1,
            "80.1 % is not what dgx-h100 breathes, 20 to 80 %: write 80",
            id="humid air",
        ),
        pytest.param(
            f"{LOOP}.supply_temperature_c",
            30,
            29.9,
            "29.9 °C is too cold, as facility water comes with 25 °C",
            id="a supply as cold as the water can make it",
        ),
        pytest.param(
            f"{LOOP}.supply_temperature_c",
            45,
            45.1,
            "45.1 °C is beyond an in-rack-cdu-200kw, which holds 18 to 45 °C: write 45",
            id="a supply as warm as the CDU holds it",
        ),
        pytest.param(
            f"{LOOP}.differential_pressure_kpa",
            300,
            300.1,
            "300.1 kPa is beyond an in-rack-cdu-200kw",
            id="pressure of a CDU",
        ),
    ],
)
def test_a_limit_is_where_its_figure_is(
    tmp_path: Path, path: str, enough: Any, too_little: Any, named: str
) -> None:
    site = definition()
    put(site, path, enough)
    assert [str(one) for one in mistakes_of(tmp_path, site)] == []
    put(site, path, too_little)
    found = [str(one) for one in mistakes_of(tmp_path, site)]
    assert [one for one in found if named in one], found
