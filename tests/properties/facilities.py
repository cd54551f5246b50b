"""What the building gives, drawn by hypothesis: racks, rows, feeds, loops."""

from typing import Any

from hypothesis import strategies as st

from tests.properties.kinds import Kind

CABINETS = ("48u-750x1200", "52u-700x1200")
PDUS = (
    {"model": "rack-pdu-415v-60a"},
    {"model": "rack-pdu-400v-63a"},
    {"model": "rack-pdu-400v-32a", "per_feed": 3},
    {"model": "rack-pdu-415v-32a", "per_feed": 3},
)


@st.composite
def facility(draw: st.DrawFn, kind: Kind, nodes: list[str], others: list[str]) -> dict[str, Any]:
    """Draw a building with these racks; nodes have some of their own where they need such."""
    apart = kind.system or kind.cabinet
    names = draw(st.permutations([*nodes, *others]))
    cabinets = [name for name in names if name in others] if apart else names
    drawn = {
        "feeds": draw(feeds(kind)),
        "racks": draw(rack_groups(cabinets)) + ([_own(kind, nodes)] if apart else []),
        "floor": {"rows": draw(rows(names))},
    }
    if kind.wet:
        drawn["cooling"] = {"loops": [loop(nodes)]}
    return drawn


@st.composite
def feeds(draw: st.DrawFn, kind: Kind) -> list[Any]:
    """Draw feeds without limits, or with some that are far away."""
    letters = "ABCDEFGH"[: kind.feeds + draw(st.integers(0, 1))]
    limit = draw(
        st.sampled_from([{}, {"limit_kw": 9000}, {"breaker_amps": 9000, "line_volts": 415}])
    )
    return [{"name": letter, **limit} if limit else letter for letter in letters]


@st.composite
def rack_groups(draw: st.DrawFn, names: list[str]) -> list[dict[str, Any]]:
    """Split the racks into groups of different models."""
    cut = draw(st.integers(1, len(names)))
    return [
        {
            "model": draw(st.sampled_from(CABINETS)),
            "names": part,
            "power_limit_kw": draw(st.sampled_from([50, 60, 80])),
            "pdus": dict(draw(st.sampled_from(PDUS))),
        }
        for part in (names[:cut], names[cut:])
        if part
    ]


def _own(kind: Kind, nodes: list[str]) -> dict[str, Any]:
    """Return the racks that only these nodes stand in."""
    if kind.system:
        group = {"system": kind.system, "power_limit_kw": 140}
    else:
        group = {"model": kind.cabinet, "power_limit_kw": 80}
        if kind.cabinet.startswith("mgx"):
            group["shelves"] = {"model": "gb200-33kw", "count": 4}
    return {**group, "names": nodes, "pdus": dict(PDUS[0])}


@st.composite
def rows(draw: st.DrawFn, names: list[str]) -> list[dict[str, Any]]:
    length = draw(st.integers(4, len(names) + 4))
    limit = draw(st.sampled_from([{}, {"feed_limit_kw": 5000}]))
    return [
        {"name": f"row{first // length + 1}", "racks": names[first : first + length], **limit}
        for first in range(0, len(names), length)
    ]


def loop(racks: list[str]) -> dict[str, Any]:
    return {
        "name": "tcs1",
        "cdu": {"name": "cdu1", "model": "vertiv-coolchip-1350"},
        "racks": racks,
        "supply_temperature_c": 30,
        "differential_pressure_kpa": 100,
    }
