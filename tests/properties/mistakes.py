"""Ways in which a definition that can be built is made to ask for too much."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.properties.definitions import Definition, drawn
from tests.properties.kinds import CATALOGUE

Spoil = Callable[[st.DrawFn, Definition], None]
CABLES = sorted(CATALOGUE.cables)


def one_rack(draw: st.DrawFn, definition: Definition) -> None:
    """Put all nodes of a group into one rack; those of racks bought whole are as many as fit."""
    group = draw(st.sampled_from(definition["compute"]))["groups"][0]
    if group["server"] != "gb200-compute-tray":
        group["racks"], group["count"] = group["racks"][:1], draw(st.integers(4, 8))


def full_racks(draw: st.DrawFn, definition: Definition) -> None:
    """Put all switches of a fabric, storage or hosts where there is hardly room."""
    fabric, node_racks = definition["fabrics"]["compute"], definition["compute"][0]["groups"]
    few = [fabric["racks"][:1], fabric["racks"][:2], node_racks[0]["racks"], ["aux1"]]
    fabric["racks"] = draw(st.sampled_from(few))
    fabric["spine_racks"] = draw(st.sampled_from([[], ["aux1"], ["net12"]]))
    for one in (*definition.get("storage", ()), definition["fabrics"].get("storage", {})):
        one["racks"] = ["aux1"]
    for one in definition.get("storage", ()):
        one["count"] = one["build_for"] = draw(st.sampled_from([2, 30]))
    for host in definition["management"]:
        host["rack"] = draw(st.sampled_from(["aux1", *fabric["racks"]]))


def hungry_rack(draw: st.DrawFn, definition: Definition) -> None:
    for racks in definition["facility"]["racks"]:
        racks["power_limit_kw"] = draw(st.sampled_from([12, 17, 25]))


def small_breaker(draw: st.DrawFn, definition: Definition) -> None:
    for racks in definition["facility"]["racks"]:
        model = draw(st.sampled_from(["rack-pdu-400v-32a", "rack-pdu-415v-32a"]))
        racks["pdus"] = {"model": model}


def weak_feeds(draw: st.DrawFn, definition: Definition) -> None:
    """Give feeds and rows little power, or the site too few feeds."""
    facility = definition["facility"]
    letters = "ABCDEF"[: draw(st.integers(1, len(facility["feeds"])))]
    limit = draw(st.sampled_from([5, 40, 200]))
    facility["feeds"] = [{"name": letter, "limit_kw": limit} for letter in letters]
    for row in facility["floor"]["rows"]:
        row["feed_limit_kw"] = draw(st.sampled_from([3, 30, 300]))


def hot_loop(draw: st.DrawFn, definition: Definition) -> None:
    for loop in definition["facility"].get("cooling", {"loops": []})["loops"]:
        loop["cdu"]["model"] = "in-rack-cdu-200kw"
        loop["supply_temperature_c"] = draw(st.sampled_from([5, 30, 70]))


def small_radix(draw: st.DrawFn, definition: Definition) -> None:
    fabric = definition["fabrics"]["compute"]
    if "groups" not in fabric:
        fabric["tiers"] = draw(st.sampled_from([2, "auto"]))
    fabric["build_for_units"] = draw(st.sampled_from([1, 5]))
    fabric["reserved_leaf_ports"] = draw(st.sampled_from([0, 3, 20]))
    for unit in definition["compute"]:
        unit["build_for"] = draw(st.sampled_from([1, 8, 12]))


def large_groups(draw: st.DrawFn, definition: Definition) -> None:
    """Have more leaves share spines than these have ports."""
    units, leaves = draw(st.sampled_from([1, 40])), draw(st.sampled_from([1, 8, 100]))
    groups = {"units": units, "leaves": leaves}
    definition["fabrics"]["compute"] |= {"tiers": "auto", "groups": groups}


def crowded_leaves(draw: st.DrawFn, definition: Definition) -> None:
    """Attach hosts, and storage, where leaves may have no room for them."""
    fabrics = definition["fabrics"]
    for number in range(2, 2 + draw(st.integers(1, 2))):
        server = draw(st.sampled_from(["management-1u", "ufm-appliance-ndr"]))
        host = {"name": f"head{number}", "server": server, "rack": "aux2"}
        definition["management"].append(host)
        fabric = draw(st.sampled_from([k for k in ("compute", "storage") if k in fabrics]))
        guest = {"host": host["name"], "kind": draw(st.sampled_from(["ufm", "gateway"]))}
        guest["ports"] = draw(st.sampled_from([1, 9, 40, 200]))
        fabrics[fabric].setdefault("attached", []).append(guest)
    if "storage" in fabrics:
        fabrics["storage"]["appliances"] = {"leaves": draw(st.sampled_from([0, 1, 2]))}


def small_prefix(draw: st.DrawFn, definition: Definition) -> None:
    for network in ("inband", "oob"):
        length = draw(st.integers(26, 30))
        definition["fabrics"][network]["prefix"] = f"10.14{length % 10}.0.0/{length}"


def wrong_cables(draw: st.DrawFn, definition: Definition) -> None:
    """Name any cables: of another speed or protocol, with plugs that fit nowhere, too short."""
    for fabric in definition["fabrics"].values():
        if "switch" in fabric and draw(st.booleans()):
            fabric["cable"] = draw(cables())
        if "switch" in fabric and draw(st.booleans()):
            fabric["uplink_cable"] = draw(cables())


def cables() -> st.SearchStrategy[Any]:
    two = st.lists(st.sampled_from(CABLES), min_size=2, max_size=2)
    return st.sampled_from(CABLES) | st.just("auto") | two


def far_apart(draw: st.DrawFn, definition: Definition) -> None:
    """Take a cable that is short, of the right speed, and rows that are far from each other."""
    fabric = definition["fabrics"]["compute"]
    gbps = CATALOGUE.switches[fabric["switch"]].speed_gbps // fabric["breakout"]
    short = ("hdr-dac", "hdr-aoc", "ndr-dac-twin", "ndr-multimode", "xdr-lacc")
    of_speed = [name for name in short if CATALOGUE.cables[name].speed_gbps == gbps]
    if of_speed:
        fabric["cable"] = draw(st.sampled_from(of_speed))
    floor = definition["facility"]["floor"]
    floor["hot_aisle_m"] = draw(st.sampled_from([1.2, 8, 70, 900]))
    floor["cold_aisle_m"] = draw(st.sampled_from([1.2, 20]))


def long_rows(draw: st.DrawFn, definition: Definition) -> None:
    """Put rows' worth of empty racks between those that are joined."""
    facility = definition["facility"]
    names = [f"far{number}" for number in range(1, draw(st.sampled_from([60, 200])))]
    facility["racks"][0]["names"] += names
    facility["floor"]["rows"] = [
        {
            "name": "row1",
            "racks": [name for group in reversed(facility["racks"]) for name in group["names"]],
        }
    ]


SPOILS: tuple[Spoil, ...] = (
    one_rack,
    full_racks,
    hungry_rack,
    small_breaker,
    weak_feeds,
    hot_loop,
    small_radix,
    large_groups,
    crowded_leaves,
    small_prefix,
    wrong_cables,
    far_apart,
    long_rows,
)


@st.composite
def asking_too_much(draw: st.DrawFn) -> Definition:
    definition = deepcopy(draw(drawn()))
    for spoil in draw(st.lists(st.sampled_from(SPOILS), min_size=1, max_size=3, unique=True)):
        spoil(draw, definition)
    return definition
