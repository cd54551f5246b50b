"""Circuits of coolant on the floor plan: a line behind the racks, with a branch into each."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.plan import CoolingLoop, Equipment, FloorPlace, Rack, SitePlan
from clusterwright.render.drawing.aisles import USUAL_WIDTH_MM
from clusterwright.render.svg import Point, group, line, path, rect, text

PIPE = "#2a8fbd"
_BEHIND_MM = 260
_APART_MM = 140


def draw_circuits(plan: SitePlan, scale: int) -> Iterator[str]:
    """Draw each circuit along the rears of its racks, and where its CDUs are."""
    racks = {rack.name: rack for rack in plan.racks}
    cdus = {one.name: one for one in plan.equipment if one.kind == "cdu"}
    circuits: dict[str, list[CoolingLoop]] = {}
    for loop in plan.loops:
        circuits.setdefault(loop.circuit, []).append(loop)
    for ordinal, loops in enumerate(circuits.values()):
        behind_mm = _BEHIND_MM + _APART_MM * (ordinal % 4)
        served = [racks[name] for name in dict.fromkeys(r for loop in loops for r in loop.racks)]
        # The line is where the CDUs in racks are, too: they give what it carries.
        inside = [c.mount.rack for loop in loops if (c := cdus.get(loop.cdu)) and c.mount]
        joined = [*served, *(racks[name] for name in inside if racks[name] not in served)]
        beside = [c.floor for loop in loops if (c := cdus.get(loop.cdu)) and c.floor]
        yield group(
            (
                *_lines(joined, beside, behind_mm, scale),
                *(_cdu(loop, cdus, racks, behind_mm, scale) for loop in loops),
                _caption(loops, joined[0], behind_mm, scale),
            )
        )


def draw_on_floor(one: Equipment, scale: int) -> str:
    """Draw what stands in a row beside racks; of unknown size, with a dashed edge."""
    place = one.floor
    if place is None:
        raise ValueError(f"{one.name} does not stand on the floor")
    width, depth = (place.width_mm or USUAL_WIDTH_MM) / scale, (place.depth_mm or 1200) / scale
    known = place.width_mm is not None and place.depth_mm is not None
    size = min(3.2, width / 4)
    parts = (
        rect(
            0.2,
            0.2,
            width - 0.4,
            depth - 0.4,
            fill="#d8edf7",
            stroke=PIPE,
            stroke_width=0.3,
            stroke_dasharray=None if known else "1 0.6",
        ),
        text(width / 2, depth / 2, one.name, class_="rackname", font_size=f"{size:.2f}px"),
    )
    return group(parts, x=place.x_mm / scale, y=place.y_mm / scale)


def _rear_mm(rack: Rack, behind_mm: int) -> tuple[float, float]:
    """Return how far south the rear of a rack is, and a line behind it."""
    if rack.front == "south":
        return rack.y_mm, rack.y_mm - behind_mm
    return rack.y_mm + rack.depth_mm, rack.y_mm + rack.depth_mm + behind_mm


def _centre_mm(rack: Rack) -> float:
    return rack.x_mm + rack.width_mm / 2


def _lines(
    racks: Sequence[Rack], beside: Sequence[FloorPlace], behind_mm: int, scale: int
) -> Iterator[str]:
    """Draw a line for each row: over the racks that it serves, and the CDUs that stand in it."""
    rows: dict[str, list[Rack]] = {}
    for rack in racks:
        rows.setdefault(rack.row, []).append(rack)
    for name, row in rows.items():
        ends_mm = [_rear_mm(rack, 0)[0] for rack in row]
        centres_mm = [_centre_mm(rack) for rack in row]
        for place in (place for place in beside if place.row == name):
            centres_mm.append(place.x_mm + (place.width_mm or USUAL_WIDTH_MM) / 2)
            ends_mm.append(ends_mm[0])
        y = _rear_mm(row[0], behind_mm)[1] / scale
        along: list[Point] = [(min(centres_mm) / scale, y), (max(centres_mm) / scale, y)]
        branches = [
            line(x_mm / scale, end_mm / scale, x_mm / scale, y)
            for x_mm, end_mm in zip(centres_mm, ends_mm, strict=True)
        ]
        yield group((path(along), *branches), stroke=PIPE, stroke_width=0.7, fill="none")


def _cdu(
    loop: CoolingLoop,
    cdus: Mapping[str, Equipment],
    racks: Mapping[str, Rack],
    behind_mm: int,
    scale: int,
) -> str:
    """Mark a CDU in a rack on the line; one on the floor is drawn as what it is."""
    cdu = cdus.get(loop.cdu)
    if cdu is None or cdu.mount is None:
        return draw_on_floor(cdu, scale) if cdu else ""
    rack = racks[cdu.mount.rack]
    x, y = _centre_mm(rack) / scale, _rear_mm(rack, behind_mm)[1] / scale
    size = min(4.0, rack.width_mm / scale / 4)
    return rect(
        x - size / 2,
        y - size / 2,
        size,
        size,
        rx=size / 6,
        fill="#fff",
        stroke=PIPE,
        stroke_width=0.7,
    )


def _caption(loops: Sequence[CoolingLoop], rack: Rack, behind_mm: int, scale: int) -> str:
    x = _centre_mm(rack) / scale + 3.2
    y = _rear_mm(rack, behind_mm)[1] / scale + (-1.2 if rack.front == "south" else 3.4)
    cdus = ", ".join(loop.cdu for loop in loops)
    words = f"{loops[0].circuit} · {cdus} · {loops[0].supply_temperature_c:g} °C"
    return text(x, y, words, class_="pipe")
