"""A sheet of paper: its size, its title, its legend, what is said at its foot."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clusterwright.render.drawing.palette import INK, QUIET, RULE
from clusterwright.render.svg import element, group, line, rect, text, text_width

_SCALES = (20, 25, 50, 100, 200, 500, 1000)
_READABLE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A piece of paper; `enlarged` is how much larger its title and margins are than on A3."""

    name: str
    width: float
    height: float
    enlarged: float = 1.0

    @property
    def margin(self) -> float:
        return 14 * self.enlarged

    @property
    def header(self) -> float:
        return 22 * self.enlarged

    @property
    def footer(self) -> float:
        return 18 * self.enlarged

    @property
    def room(self) -> tuple[float, float]:
        """Width and height that are left for a drawing."""
        around = 2 * self.margin
        return self.width - around, self.height - around - self.header - self.footer

    def holds(self, width: float, height: float) -> bool:
        return width <= self.room[0] and height <= self.room[1]

    @property
    def standing(self) -> "Paper":
        return replace(self, width=self.height, height=self.width)


_LYING = (
    Paper(name="A4", width=297, height=210, enlarged=0.9),
    Paper(name="A3", width=420, height=297),
    Paper(name="A2", width=594, height=420, enlarged=1.1),
    Paper(name="A1", width=841, height=594, enlarged=1.2),
    Paper(name="A0", width=1189, height=841, enlarged=1.6),
)
_STYLE = f"""
text {{ font-family: Inter, "Helvetica Neue", Helvetica, Arial, "DejaVu Sans", sans-serif;
  fill: {INK}; }}
.title {{ font-size: 8px; font-weight: 600; letter-spacing: -.1px; }}
.subtitle {{ font-size: 3.4px; fill: {QUIET}; }}
.small {{ font-size: 2.4px; fill: {QUIET}; }}
.label {{ font-size: 2.6px; }}
.strong {{ font-weight: 600; }}
.middle {{ text-anchor: middle; }}
.end {{ text-anchor: end; }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One entry of a legend."""

    label: str
    fill: str
    stroke: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is to be on paper. `width` and `height` are those of the drawing, in mm of paper."""

    title: str
    subtitle: str
    scale: int
    width: float
    height: float
    drawing: Sequence[str]
    style: str
    legend: Sequence[tuple[str, Sequence[Key]]]
    origin: str


def render_sheet(sheet: Sheet) -> str:
    """Render a sheet on the smallest paper of the A series that holds it at its scale."""
    paper = _choose_paper(sheet.width, sheet.height)
    room = paper.room
    parts = (
        element("title", (sheet.title,)),
        element("style", (_STYLE + sheet.style,)),
        rect(0, 0, paper.width, paper.height, fill="#fff"),
        _header(sheet, paper),
        group(
            sheet.drawing,
            x=(paper.width - sheet.width) / 2,
            y=paper.margin + paper.header + (room[1] - sheet.height) / 2,
        ),
        _footer(sheet, paper),
    )
    size = f"{paper.width:g}", f"{paper.height:g}"
    return (
        f"<!-- Generated from {sheet.origin}. Do not edit. -->\n"
        + element(
            "svg",
            (f"\n{part}" for part in parts),
            xmlns="http://www.w3.org/2000/svg",
            width=f"{size[0]}mm",
            height=f"{size[1]}mm",
            viewBox=f"0 0 {size[0]} {size[1]}",
        )
        + "\n"
    )


def _choose_paper(width: float, height: float) -> Paper:
    for lying in _LYING:
        for paper in (lying, lying.standing):
            if paper.holds(width, height):
                return paper
    roll = Paper(name="roll", width=0, height=0, enlarged=1.6)
    return replace(roll, width=width - roll.room[0], height=height - roll.room[1])


def choose_scale(width_mm: float, height_mm: float, below: float) -> int:
    """Return the largest scale for a floor on the smallest lying paper that holds it at 1:50.

    `below` is what comes under it on paper, in millimetres.
    """
    for paper in _LYING[1:]:
        fits = [s for s in _SCALES if paper.holds(width_mm / s, height_mm / s + below)]
        if fits and (fits[0] <= _READABLE or paper is _LYING[-1]):
            return fits[0]
    return _SCALES[-1]


def _header(sheet: Sheet, paper: Paper) -> str:
    right = (paper.width - 2 * paper.margin) / paper.enlarged
    parts = (
        text(0, 6, sheet.title, class_="title"),
        text(0, 12.5, sheet.subtitle, class_="subtitle"),
        line(0, 16.5, right, 16.5, stroke=INK, stroke_width=0.35),
    )
    return group(parts, x=paper.margin, y=paper.margin, enlarged=paper.enlarged)


def _footer(sheet: Sheet, paper: Paper) -> str:
    right = (paper.width - 2 * paper.margin) / paper.enlarged
    on = "" if paper.name == "roll" else f" on {paper.name}"
    parts = (
        line(0, 0, right, 0, stroke=RULE, stroke_width=0.2),
        *_legend(sheet.legend, 0, 5.5),
        text(right, 5.5, f"scale 1 : {sheet.scale}{on}", class_="label strong end"),
        text(right, 10, "rendered by clusterwright", class_="small end"),
    )
    top = paper.height - paper.margin - paper.footer + 4
    return group(parts, x=paper.margin, y=top, enlarged=paper.enlarged)


def _legend(lines: Sequence[tuple[str, Sequence[Key]]], x: float, y: float) -> list[str]:
    drawn = []
    indent = max((text_width(heading, 2.6) for heading, _ in lines), default=0) + 3
    for heading, keys in lines:
        drawn.append(text(x, y, heading, class_="label strong"))
        at = x + indent
        for key in keys:
            drawn.append(
                rect(at, y - 2.3, 4.2, 2.8, fill=key.fill, stroke=key.stroke, stroke_width=0.25)
            )
            drawn.append(text(at + 5.4, y, key.label, class_="label"))
            at += 5.4 + text_width(key.label, 2.6) + 4
        y += 4.8
    return drawn
