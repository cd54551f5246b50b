"""Write SVG: elements as text, lengths in millimetres of paper."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

Number = float | int
Point = tuple[Number, Number]

_WIDE = frozenset("mwMW@%")
_NARROW = frozenset("iljtfrI.,:;'|()[]/ -·")


def length(value: Number) -> str:
    """Write a length with at most two places, and none that say nothing."""
    return "0" if abs(value) < 0.005 else f"{value:.2f}".rstrip("0").rstrip(".")


def element(name: str, children: Iterable[str] = (), /, **attributes: object) -> str:
    """Write one element; `stroke_width` is the attribute stroke-width, `class_` is class."""
    words = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_value(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{name}{words}>{inside}</{name}>" if inside else f"<{name}{words}/>"


def rect(x: Number, y: Number, width: Number, height: Number, **attributes: object) -> str:
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def line(x1: Number, y1: Number, x2: Number, y2: Number, **attributes: object) -> str:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def path(points: Iterable[Point], *, closed: bool = False, **attributes: object) -> str:
    """Write straight strokes from point to point."""
    d = "M" + "L".join(f"{length(x)} {length(y)}" for x, y in points) + "Z" * closed
    return element("path", d=d, **attributes)


def text(x: Number, y: Number, words: str, **attributes: object) -> str:
    """Write a line of text whose baseline starts at a point (or as `text_anchor` says)."""
    return element("text", (escape(words),), x=x, y=y, **attributes)


def group(
    children: Iterable[str],
    *,
    x: Number = 0,
    y: Number = 0,
    enlarged: Number = 1,
    **attributes: object,
) -> str:
    """Write elements that are moved, and then enlarged, together."""
    moved = f"translate({length(x)} {length(y)})" if x or y else ""
    moved += f" scale({length(enlarged)})" * (enlarged != 1)
    return element("g", (f"\n{child}" for child in children), transform=moved or None, **attributes)


def text_width(words: str, size: Number) -> float:
    """Estimate how wide a line of text is, rather too much: fonts differ between machines."""
    ems = sum(0.95 if c in _WIDE else 0.4 if c in _NARROW else 0.66 for c in words)
    return ems * size


def shrink(words: str, width: Number, size: Number, least: Number) -> float:
    """Return the size at which a line of text has room, between `least` and `size`."""
    return max(float(least), min(float(size), width / max(text_width(words, 1), 0.01)))


def count_words(count: int, noun: str) -> str:
    """Write how many: 1 rack, 2 racks."""
    return f"{count:,} {noun}" + "s" * (count != 1)


def fit(words: str, width: Number, size: Number) -> str:
    """Return what of a text has room, with an ellipsis where it is not all."""
    if text_width(words, size) <= width:
        return words
    while words and text_width(words + "…", size) > width:
        words = words[:-1]
    return words + "…" if words else ""


def _value(value: object) -> str:
    return length(value) if isinstance(value, float | int) else str(value)
