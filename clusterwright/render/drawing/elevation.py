"""Rack elevations: all racks of a row on one sheet, fronts above, rears below, at 1:10."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from clusterwright.design.plan import Pdu, Rack, SitePlan
from clusterwright.design.plan.space import Face
from clusterwright.render.devices import devices_by_rack
from clusterwright.render.drawing import cabinet as drawn
from clusterwright.render.drawing import face, strip
from clusterwright.render.drawing.cabinet import BAR, CAPTION, Cabinet
from clusterwright.render.drawing.legend import Key
from clusterwright.render.drawing.palette import BLANK, RULE, colour_feeds, colour_uses
from clusterwright.render.drawing.sheet import Sheet, render_sheet
from clusterwright.render.svg import count_words, group, text

_GAP = 6.0
_HEADING = 9.0
_BELOW = 6.0
_AT_MOST = 12
"""Racks side by side; a longer row continues below."""
_FEW = 3
"""Racks whose fronts and rears stand side by side."""
_VIEWS: tuple[Face, ...] = ("front", "rear")


def render_elevations(plan: SitePlan) -> Mapping[str, str]:
    """Render a sheet for each row of racks."""
    rows: dict[str, list[Rack]] = {}
    for rack in plan.racks:
        rows.setdefault(rack.row, []).append(rack)
    inside = devices_by_rack(plan)
    pdus: dict[str, list[Pdu]] = {}
    for pdu in plan.pdus:
        pdus.setdefault(pdu.rack, []).append(pdu)
    uses = colour_uses(device.use for devices in inside.values() for device in devices)
    feeds = colour_feeds(pdu.feed for pdu in plan.pdus)
    return {
        f"drawings/elevation-{row}.svg": _sheet(
            plan,
            row,
            [
                Cabinet(
                    rack=rack,
                    devices=inside[rack.name],
                    pdus=pdus.get(rack.name, ()),
                    uses=uses,
                    feeds=feeds,
                )
                for rack in sorted(racks, key=lambda rack: rack.place)
            ],
        )
        for row, racks in rows.items()
    }


def _sheet(plan: SitePlan, row: str, cabinets: Sequence[Cabinet]) -> str:
    width, height, drawing = _beside(cabinets) if len(cabinets) <= _FEW else _below(cabinets)
    used = sum(c.rack.power_watts for c in cabinets) / 1000
    allowed = sum(c.rack.power_limit_watts for c in cabinets) / 1000
    return render_sheet(
        Sheet(
            title=f"{plan.site} · elevation of {row}",
            subtitle=f"{count_words(len(cabinets), 'rack')}, "
            f"{count_words(sum(len(c.devices) for c in cabinets), 'device')}, "
            f"{used:,.1f} of {allowed:,g} kW; fronts as seen from the cold aisle, rears from the "
            "hot aisle",
            scale=face.SCALE,
            width=width,
            height=height,
            drawing=drawing,
            style=face.STYLE + drawn.STYLE + strip.STYLE + _STYLE,
            legend=_legend(cabinets),
            origin="clusterwright.render.drawing.elevation.render_elevations",
        )
    )


_STYLE = ".view { font-size: 3px; letter-spacing: .6px; fill: #6a727c; font-weight: 600; }\n"


def _beside(cabinets: Sequence[Cabinet]) -> tuple[float, float, list[str]]:
    width, height, apart = _width(cabinets), _height(cabinets), 3 * _GAP
    views = [group(_view(view, cabinets), x=i * (width + apart)) for i, view in enumerate(_VIEWS)]
    return 2 * width + apart, height, views


def _below(cabinets: Sequence[Cabinet]) -> tuple[float, float, list[str]]:
    bands = list(_bands(cabinets))
    views: list[str] = []
    y = 0.0
    for band in bands:
        for view in _VIEWS:
            views.append(group(_view(view, band), y=y))
            y += _height(band) + _BELOW
    return max(map(_width, bands)), y - _BELOW, views


def _width(cabinets: Sequence[Cabinet]) -> float:
    return sum(one.width + _GAP for one in cabinets) - _GAP


def _height(cabinets: Sequence[Cabinet]) -> float:
    return _HEADING + CAPTION + max(one.height for one in cabinets) + BAR


def _view(view: Face, cabinets: Sequence[Cabinet]) -> Iterator[str]:
    """Draw racks as one walks along them: from behind, the last comes first."""
    yield text(0, 3.5, view.upper(), class_="view")
    order = cabinets if view == "front" else list(reversed(cabinets))
    yield from _side_by_side(order, _HEADING + CAPTION, view)


def _bands(cabinets: Sequence[Cabinet]) -> Iterator[Sequence[Cabinet]]:
    count = -(-len(cabinets) // _AT_MOST)
    each = -(-len(cabinets) // count)
    for start in range(0, len(cabinets), each):
        yield cabinets[start : start + each]


def _side_by_side(cabinets: Sequence[Cabinet], top: float, view: Face) -> Iterator[str]:
    """Stand racks of different heights on one floor."""
    tallest = max(one.height for one in cabinets)
    x = 0.0
    for one in cabinets:
        yield group(drawn.draw_cabinet(one, view), x=x, y=top + tallest - one.height)
        x += one.width + _GAP


def _legend(cabinets: Sequence[Cabinet]) -> list[tuple[str, list[Key]]]:
    here = {device.use for one in cabinets for device in one.devices}
    marks: dict[str, set[str]] = {}
    for one in cabinets:
        for pdu in one.pdus:
            marks.setdefault(pdu.feed, set()).add(one.marks[pdu.name].word)
    uses, colours = cabinets[0].uses, cabinets[0].feeds
    lines = [
        (
            "use",
            [
                *(
                    Key(label=use, fill=colour.pale, stroke=colour.strong)
                    for use, colour in uses.items()
                    if use in here
                ),
                Key(label="blanking panel", fill=BLANK, stroke=RULE),
            ],
        ),
        (
            "power cord to",
            [
                Key(label=_cords(feed, words), fill=colours[feed], stroke=colours[feed])
                for feed, words in sorted(marks.items())
            ],
        ),
    ]
    return [(heading, keys) for heading, keys in lines if keys]


def _cords(feed: str, marks: Collection[str]) -> str:
    """Say what stands on a cord: which of a rack's PDUs, where it has several of one feed."""
    pdus = f", PDU {', '.join(sorted(marks))}" if len(marks) > 1 else ""
    return f"feed {feed}{pdus}, outlet number"
