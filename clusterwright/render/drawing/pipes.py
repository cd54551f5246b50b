"""Loops of coolant on the floor plan: a line behind the racks, with a branch into each."""

from collections.abc import Iterator

from clusterwright.design.plan import CoolingLoop, Rack, SitePlan
from clusterwright.render.svg import Point, group, line, path, rect, text

_PIPE = "#2a8fbd"
_BEHIND_MM = 260
_APART_MM = 140


def draw_loops(plan: SitePlan, scale: int) -> Iterator[str]:
    """Draw each loop along the rears of its racks, and its CDU where it stands."""
    racks = {rack.name: rack for rack in plan.racks}
    for ordinal, loop in enumerate(plan.loops):
        behind_mm = _BEHIND_MM + _APART_MM * (ordinal % 4)
        rows: dict[str, list[Rack]] = {}
        for name in loop.racks:
            rows.setdefault(racks[name].row, []).append(racks[name])
        lines = [_along(row, behind_mm, scale) for row in rows.values()]
        yield group((*lines, *_cdu(loop, racks[loop.racks[0]], behind_mm, scale)))


def _rear_mm(rack: Rack, behind_mm: int) -> tuple[float, float]:
    """Return how far south the rear of a rack is, and a line behind it."""
    if rack.front == "south":
        return rack.y_mm, rack.y_mm - behind_mm
    return rack.y_mm + rack.depth_mm, rack.y_mm + rack.depth_mm + behind_mm


def _along(racks: list[Rack], behind_mm: int, scale: int) -> str:
    centres = [rack.x_mm + rack.width_mm / 2 for rack in racks]
    _, y_mm = _rear_mm(racks[0], behind_mm)
    ends: list[Point] = [(min(centres) / scale, y_mm / scale), (max(centres) / scale, y_mm / scale)]
    branches = [
        line(x / scale, _rear_mm(rack, 0)[0] / scale, x / scale, y_mm / scale)
        for x, rack in zip(centres, racks, strict=True)
    ]
    return group((path(ends), *branches), stroke=_PIPE, stroke_width=0.7, fill="none")


def _cdu(loop: CoolingLoop, rack: Rack, behind_mm: int, scale: int) -> Iterator[str]:
    x = (rack.x_mm + rack.width_mm / 2) / scale
    y = _rear_mm(rack, behind_mm)[1] / scale
    size = min(4.0, rack.width_mm / scale / 4)
    yield rect(x - size / 2, y - size / 2, size, size, rx=size / 6, fill="#fff", stroke=_PIPE)
    words = f"{loop.name} · {loop.cdu} · {loop.supply_temperature_c:g} °C"
    yield text(
        x + size / 2 + 1.2, y + (-1.2 if rack.front == "south" else 3.4), words, class_="pipe"
    )
