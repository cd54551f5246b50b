"""The floor plan: rows, aisles, fronts, loops; racks coloured by use or by share of power."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.plan import Rack, SitePlan
from clusterwright.render.devices import Device, devices_by_rack
from clusterwright.render.drawing.aisles import Aisle, RowOnFloor, list_aisles, list_rows
from clusterwright.render.drawing.legend import Key, Legend
from clusterwright.render.drawing.palette import (
    BLANK,
    COLD,
    HOT,
    INK,
    QUIET,
    RULE,
    SHARES,
    colour_share,
    colour_uses,
)
from clusterwright.render.drawing.paper import choose_scale
from clusterwright.render.drawing.pipes import PIPE, draw_circuits
from clusterwright.render.drawing.rack_on_floor import Look, draw_rack
from clusterwright.render.drawing.rose import draw_north, draw_scale_bar
from clusterwright.render.drawing.sheet import Sheet, render_sheet
from clusterwright.render.svg import count_words, group, rect, text

Looks = Mapping[str, Look]

_SIDE_MM = 1000
"""Floor that is shown beside the rows, for their names."""
_MODELS = 3
"""Lines about what stands in a rack."""
_FOOT_MM = 14
"""Below the floor, on paper: the scale bar and north."""
_AIR = {"cold": COLD, "hot": HOT, "mixed": "#fff"}
_STYLE = """
.row { font-size: 4px; font-weight: 600; }
.aisle { font-size: 2.8px; fill: #6a727c; letter-spacing: .3px; }
.rackname { font-weight: 600; text-anchor: middle; }
.inside { fill: #333a42; text-anchor: middle; }
.pipe { font-size: 2.6px; fill: #1d6f93; font-weight: 600; }
"""


def render_floor(plan: SitePlan) -> Mapping[str, str]:
    """Render the floor twice: by what racks serve, and by how much of their power they use."""
    inside = devices_by_rack(plan)
    return {
        "drawings/floor.svg": _sheet(plan, "floor", *_by_use(plan, inside)),
        "drawings/floor-power.svg": _sheet(plan, "floor, power", *_by_power(plan)),
    }


def _by_use(plan: SitePlan, inside: Mapping[str, Sequence[Device]]) -> tuple[Looks, Legend]:
    main = {name: _main_use(devices) for name, devices in inside.items()}
    # All uses of the site have their colours, so that each has the same one on every sheet.
    uses = colour_uses(device.use for devices in inside.values() for device in devices)
    looks = {
        rack.name: Look(
            fill=uses[main[rack.name]].pale if main[rack.name] else BLANK,
            edge=uses[main[rack.name]].strong if main[rack.name] else RULE,
            words=tuple(_contents(inside[rack.name])),
            brief=count_words(len(inside[rack.name]), "device"),
        )
        for rack in plan.racks
    }
    shown = set(main.values())
    keys = [Key(label=use, fill=c.pale, stroke=c.strong) for use, c in uses.items() if use in shown]
    return looks, ("mainly for", [*keys, *_empty("empty", seen="" in shown)])


def _by_power(plan: SitePlan) -> tuple[Looks, Legend]:
    looks = {
        rack.name: Look(
            fill=colour_share(_share(rack)).pale if rack.power_watts else BLANK,
            edge=QUIET if rack.power_watts else RULE,
            words=(
                f"{100 * _share(rack):.0f} %",
                f"{rack.power_watts / 1000:.1f} of {rack.power_limit_watts / 1000:g} kW",
            )
            * bool(rack.power_watts),
            brief=f"{100 * _share(rack):.0f} %",
        )
        for rack in plan.racks
    }
    keys = [Key(label=words, fill=colour.pale, stroke=QUIET) for _, words, colour in SHARES]
    dark = any(not rack.power_watts for rack in plan.racks)
    return looks, ("share of the rack's limit", [*keys, *_empty("draws nothing", seen=dark)])


def _empty(label: str, *, seen: bool) -> list[Key]:
    return [Key(label=label, fill=BLANK, stroke=RULE)] if seen else []


def _contents(devices: Sequence[Device]) -> Iterator[str]:
    """Yield the models of most devices, and how many devices are of none of these."""
    models = Counter(device.model for device in devices)
    named = models.most_common(_MODELS if len(models) <= _MODELS else _MODELS - 1)
    for model, count in named:
        yield f"{count} × {model}"
    if rest := models.total() - sum(count for _, count in named):
        yield f"and {rest} more"


def _main_use(devices: Sequence[Device]) -> str:
    """Return what most rack units of a rack serve; nothing, where it is empty."""
    units: Counter[str] = Counter({"": 0})
    for device in devices:
        units[device.use] += device.mount.height_units
    return units.most_common(1)[0][0]


def _share(rack: Rack) -> float:
    return rack.power_watts / rack.power_limit_watts


def _sheet(plan: SitePlan, title: str, looks: Looks, legend: Legend) -> str:
    rows = list_rows(plan)
    aisles = list(list_aisles(rows))
    west, east = min(r.west_mm for r in rows) - _SIDE_MM, max(r.east_mm for r in rows) + _SIDE_MM
    north, south = aisles[0].north_mm, aisles[-1].south_mm
    scale = choose_scale(east - west, south - north, below=_FOOT_MM)
    width, height = (east - west) / scale, (south - north) / scale
    floor = group(
        (
            *_aisles(aisles, rows, scale),
            *(part for row in rows for part in _row(row, looks, scale)),
            *draw_circuits(plan, scale),
        ),
        x=-west / scale,
        y=-north / scale,
    )
    used, allowed = (
        sum(watts) / 1000
        for watts in zip(*((r.power_watts, r.power_limit_watts) for r in plan.racks), strict=True)
    )
    return render_sheet(
        Sheet(
            title=f"{plan.site} · {title}",
            subtitle=f"{count_words(len(plan.racks), 'rack')} in {count_words(len(rows), 'row')}, "
            f"{used:,.1f} of {allowed:,g} kW",
            scale=scale,
            width=width,
            height=height + _FOOT_MM,
            drawing=(floor, draw_scale_bar(scale, height + 9), draw_north(width - 5, height + 8)),
            style=_STYLE,
            legend=(legend, ("floor", _floor_keys(plan))),
            origin="clusterwright.render.drawing.floor.render_floor",
        )
    )


def _floor_keys(plan: SitePlan) -> list[Key]:
    keys = [
        Key(label="cold aisle", fill=COLD, stroke=RULE),
        Key(label="hot aisle", fill=HOT, stroke=RULE),
        Key(label="front of a rack", fill=INK, stroke=INK, line=True),
    ]
    pipe = Key(label="circuit · CDU · supply", fill=PIPE, stroke=PIPE, line=True)
    return keys + [pipe] * bool(plan.loops)


def _aisles(aisles: Sequence[Aisle], rows: Sequence[RowOnFloor], scale: int) -> Iterator[str]:
    west = min(row.west_mm for row in rows) / scale
    east = max(row.east_mm for row in rows) / scale
    for aisle in aisles:
        top, height = aisle.north_mm / scale, (aisle.south_mm - aisle.north_mm) / scale
        yield rect(west, top, east - west, height, fill=_AIR[aisle.air])
        depth = "" if aisle.outer else f" · {(aisle.south_mm - aisle.north_mm) / 1000:g} m"
        words = f"{aisle.air} aisle".upper() + depth
        middle = top + height / 2 + 1
        yield text((west + east) / 2, middle, words, class_="aisle middle")


def _row(row: RowOnFloor, looks: Looks, scale: int) -> Iterator[str]:
    middle = (row.north_mm + row.south_mm) / 2 / scale + 1.4
    yield text(row.west_mm / scale - 4, middle, row.name, class_="row end")
    length_m = (row.east_mm - row.west_mm) / 1000
    yield text(row.east_mm / scale + 4, middle, f"{length_m:g} m", class_="aisle")
    for rack in row.racks:
        yield draw_rack(rack, looks[rack.name], scale)
