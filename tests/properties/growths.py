"""Sites before and after they have grown within what they are built for, drawn by hypothesis."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.properties.definitions import Definition, drawn, possible
from tests.properties.facilities import CABINETS

RESERVED = 16
"""Ports of a management switch for hosts and storage to come: more than are drawn."""


@st.composite
def growing(draw: st.DrawFn) -> tuple[Definition, Definition]:
    """Draw a site, built for all from the start: as it is at first, and when it has grown."""
    full = draw(drawn())
    units: list[Definition] = full["compute"]
    first = draw(st.integers(1, len(units)))
    build_for_all(draw, full)
    more_hosts(draw, full)
    if "storage" in full:
        more_storage(draw, full)
    if first < len(units) and draw(st.booleans()):
        stand_at_the_end(full, [rack for unit in units[first:] for rack in racks_of(unit)])
    pinned(draw, full, units[0])
    small: Definition = deepcopy(full)
    small["compute"] = small["compute"][:first]
    take_racks_away(small, full)
    for unit in small["compute"]:
        fewer_nodes(draw, unit)
    fewer_others(draw, small)
    return possible(small), possible(full)


def build_for_all(draw: st.DrawFn, full: Definition) -> None:
    """Say from the start what the units and the fabrics will be."""
    fabrics, units = full["fabrics"], full["compute"]
    compute: Definition = fabrics["compute"]
    compute["build_for_units"] = len(units) + draw(st.integers(0, 1))
    compute["uplink_breakout"] = draw(st.sampled_from([1, compute["breakout"]]))
    built = max(unit["build_for"] for unit in units)
    for unit in units:
        unit["build_for"] = built
        if len(unit["groups"]) > 1:
            share_racks(draw, unit)
    if "switch" in fabrics["inband"]:
        fabrics["inband"]["leaves"] = draw(st.sampled_from([2, 4, 6]))
    if "switch" in fabrics["oob"]:
        fabrics["oob"]["reserved_ports"] = RESERVED


def share_racks(draw: st.DrawFn, unit: Definition) -> None:
    """Let the groups of a unit say for how many nodes they are, and perhaps stand together."""
    one, other = unit["groups"]
    together = draw(st.booleans())
    if together:
        other["racks"] = one["racks"]
    for group in unit["groups"]:
        if together or draw(st.booleans()):
            group["build_for"] = group["count"]


def more_hosts(draw: st.DrawFn, full: Definition) -> None:
    racks = [rack for group in full["facility"]["racks"] for rack in group["names"]]
    there = len(full["management"])
    full["management"] += [
        {"name": f"more{n}", "server": "management-1u", "rack": draw(st.sampled_from(racks))}
        for n in range(draw(st.integers(0, 9 - there)))
    ]


def more_storage(draw: st.DrawFn, full: Definition) -> None:
    """Let storage have more servers, and another system in racks of its own or in the same ones."""
    one = full["storage"][0]
    if draw(st.booleans()):
        full["storage"].append({**one, "name": "more", "count": 2, "build_for": 2})
    appliances: dict[str, Any] = full["fabrics"]["storage"].setdefault("appliances", {})
    appliances["build_for_ports"] = 64


def pinned(draw: st.DrawFn, full: Definition, unit: Definition) -> None:
    """Pin the address, the name or the rack units of a node that stands, or of none."""
    name = f"{unit['name']}-n1"
    if name in unit["holes"]:
        return
    kind = draw(st.sampled_from(["", "", "addresses", "mounts"]))
    if kind == "addresses":
        full["pins"] = {"addresses": {name: "10.128.9.9"}}
    if kind == "mounts":
        full["facility"]["mounts"] = {name: {"at": draw(st.integers(1, 30))}}


def stand_at_the_end(full: Definition, racks: list[str]) -> None:
    """Move racks into a group of their own, in the last row."""
    facility = full["facility"]
    # Trays hang over the tallest rack: it stands from the start. Some racks have their own kind.
    own = [group for group in facility["racks"] if set(racks) <= set(group["names"])]
    for group in facility["racks"]:
        group["names"] = [name for name in group["names"] if name not in racks]
    facility["racks"] = [group for group in facility["racks"] if group["names"]]
    tallest = max(facility["racks"], key=lambda group: group.get("model", ""))
    like = own[0] if own and own[0].get("model") not in CABINETS else tallest
    for row in facility["floor"]["rows"]:
        row["racks"] = [name for name in row["racks"] if name not in racks]
    rows = [row for row in facility["floor"]["rows"] if row["racks"]]
    facility["floor"]["rows"] = [*rows, {"name": "rowlast", "racks": racks}]
    facility["racks"].append({**like, "names": racks})


def take_racks_away(small: Definition, full: Definition) -> None:
    """Leave out the racks at the end that none of the first units needs."""
    facility = small["facility"]
    if facility["floor"]["rows"][-1]["name"] != "rowlast":
        return
    gone = set(facility["racks"].pop()["names"])
    facility["floor"]["rows"].pop()
    for part in (full, small):
        part["management"] = [host for host in part["management"] if host["rack"] not in gone]
    for loop in facility.get("cooling", {"loops": []})["loops"]:
        loop["racks"] = [rack for rack in loop["racks"] if rack not in gone]


def fewer_nodes(draw: st.DrawFn, unit: Definition) -> None:
    """Leave nodes out: as holes, or at the end of the last group."""
    places = sum(group["count"] for group in unit["groups"])
    there = {f"{unit['name']}-n{n}" for n in range(1, places + 1)} - set(unit["holes"])
    to_come = draw(st.sets(st.sampled_from(sorted(there)), max_size=len(there) - 1))
    unit["holes"] = sorted({*unit["holes"], *to_come})
    last = unit["groups"][-1]
    while last["count"] > 1 and f"{unit['name']}-n{places}" in to_come and draw(st.booleans()):
        unit["holes"].remove(f"{unit['name']}-n{places}")
        last["count"] -= 1
        places -= 1


def fewer_others(draw: st.DrawFn, small: Definition) -> None:
    """Leave out UFM, hosts, storage servers and the last storage system."""
    compute = small["fabrics"]["compute"]
    if has_ports_reserved(compute) and draw(st.booleans()):
        compute.pop("attached", None)
    used = {one["host"] for one in small["fabrics"]["compute"].get("attached", ())}
    hosts = small["management"]
    least = max((n for n, host in enumerate(hosts, 1) if host["name"] in used), default=0)
    small["management"] = hosts[: draw(st.integers(least, len(hosts)))]
    for system in small.get("storage", ()):
        system["count"] = draw(st.integers(1, system["count"]))
    if len(small.get("storage", ())) > 1 and draw(st.booleans()):
        small["storage"].pop()


def has_ports_reserved(compute: Definition) -> bool:
    """Whether what is attached finds its ports among the reserved ones of the leaves.

    A unit that is aligned by nodes may have a single leaf, so that all of them are there.
    """
    if compute["shape"] == "rail-optimised":
        return bool(compute["reserved_leaf_ports"])
    ports = sum(one["ports"] for one in compute.get("attached", ()))
    return ports <= compute["reserved_leaf_ports"]


def racks_of(unit: Definition) -> Iterator[str]:
    seen = {rack: None for group in unit["groups"] for rack in group["racks"]}
    yield from seen
