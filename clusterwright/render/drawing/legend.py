"""What the colours and marks of a sheet mean. Millimetres of paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from clusterwright.render.svg import line, rect, text, text_width

LINE = 4.8
_SIZE = 2.6
_SWATCH = 4.2
_BEHIND_SWATCH = 5.4
_BETWEEN = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One entry of a legend: an area, or a line."""

    label: str
    fill: str
    stroke: str
    line: bool = False

    @property
    def width(self) -> float:
        return _BEHIND_SWATCH + text_width(self.label, _SIZE) + _BETWEEN


Legend = tuple[str, Sequence[Key]]
"""A heading, and what stands behind it."""


def fold(legend: Sequence[Legend], width: float) -> Sequence[Legend]:
    """Return the lines of a legend: what has no room goes on below, without a heading."""
    lines: list[tuple[str, list[Key]]] = []
    room = width - _indent(legend)
    for heading, keys in legend:
        lines.append((heading, []))
        for key in keys:
            here = lines[-1][1]
            if here and sum(one.width for one in here) + key.width > room:
                lines.append(("", []))
            lines[-1][1].append(key)
    return lines


def draw_legend(lines: Sequence[Legend], y: float) -> list[str]:
    """Draw the lines from the left edge, the first at `y`."""
    drawn = []
    for heading, keys in lines:
        if heading:
            drawn.append(text(0, y, heading, class_="label strong"))
        at = _indent(lines)
        for key in keys:
            drawn.append(_swatch(key, at, y))
            drawn.append(text(at + _BEHIND_SWATCH, y, key.label, class_="label"))
            at += key.width
        y += LINE
    return drawn


def _swatch(key: Key, x: float, y: float) -> str:
    if key.line:
        return line(x, y - 0.9, x + _SWATCH, y - 0.9, stroke=key.stroke, stroke_width=0.8)
    return rect(x, y - 2.3, _SWATCH, 2.8, fill=key.fill, stroke=key.stroke, stroke_width=0.25)


def _indent(legend: Sequence[Legend]) -> float:
    return max((text_width(heading, _SIZE) for heading, _ in legend), default=0) + 3
