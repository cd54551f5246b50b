"""A sheet: paper with a title, a drawing, and below it a legend, the scale and a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from clusterwright.render.drawing.legend import LINE, Legend, draw_legend, fold
from clusterwright.render.drawing.palette import INK, QUIET, RULE
from clusterwright.render.drawing.paper import Paper, choose_paper
from clusterwright.render.svg import element, group, line, rect, text

_USUAL_LINES = 2
"""Of a legend, which the footer of any paper holds."""
_SCALE_WIDTH = 48
"""At the right of the footer."""
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
class Sheet:
    """What is to be on paper. `width` and `height` are those of the drawing, in mm of paper."""

    title: str
    subtitle: str
    scale: int
    width: float
    height: float
    drawing: Sequence[str]
    style: str
    legend: Sequence[Legend]
    origin: str


def render_sheet(sheet: Sheet) -> str:
    """Render a sheet on the smallest paper of the A series that holds it at its scale."""
    paper = choose_paper(sheet.width, sheet.height, lambda one: _further(sheet, one))
    room_height = paper.room[1] - _further(sheet, paper)
    parts = (
        element("title", (sheet.title,)),
        element("style", (_STYLE + sheet.style,)),
        rect(0, 0, paper.width, paper.height, fill="#fff"),
        _header(sheet, paper),
        group(
            sheet.drawing,
            x=(paper.width - sheet.width) / 2,
            y=paper.margin + paper.header + (room_height - sheet.height) / 2,
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


def _header(sheet: Sheet, paper: Paper) -> str:
    right = _right(paper)
    parts = (
        text(0, 6, sheet.title, class_="title"),
        text(0, 12.5, sheet.subtitle, class_="subtitle"),
        line(0, 16.5, right, 16.5, stroke=INK, stroke_width=0.35),
    )
    return group(parts, x=paper.margin, y=paper.margin, enlarged=paper.enlarged)


def _footer(sheet: Sheet, paper: Paper) -> str:
    right = _right(paper)
    on = "" if paper.name == "roll" else f" on {paper.name}"
    parts = (
        line(0, 0, right, 0, stroke=RULE, stroke_width=0.2),
        *draw_legend(_lines(sheet, paper), 5.5),
        text(right, 5.5, f"scale 1 : {sheet.scale}{on}", class_="label strong end"),
        text(right, 10, f"clusterwright · sheet {_number(sheet)}", class_="small end"),
    )
    top = paper.height - paper.margin - paper.footer + 4 - _further(sheet, paper)
    return group(parts, x=paper.margin, y=top, enlarged=paper.enlarged)


def _right(paper: Paper) -> float:
    return (paper.width - 2 * paper.margin) / paper.enlarged


def _lines(sheet: Sheet, paper: Paper) -> Sequence[Legend]:
    return fold(sheet.legend, _right(paper) - _SCALE_WIDTH)


def _further(sheet: Sheet, paper: Paper) -> float:
    """Return how much higher the footer is than usual: a long legend has more lines."""
    return max(0, len(_lines(sheet, paper)) - _USUAL_LINES) * LINE * paper.enlarged


def _number(sheet: Sheet) -> str:
    """Return what is equal only for equal sheets: no print has a date, as no plan has one."""
    content = "\n".join((sheet.title, sheet.subtitle, *sheet.drawing))
    return sha256(content.encode()).hexdigest()[:8]
