"""One rack as it is seen from above."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusterwright.design.plan import Rack
from clusterwright.render.drawing.palette import INK
from clusterwright.render.svg import fit, group, line, path, rect, shrink, text, text_width

_LARGE, _SMALL = 2.5, 1.9
"""How large the words below a rack's name are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The colours of a rack, and what is said below its name.

    `brief` is said where `words` are too long.
    """

    fill: str
    edge: str
    words: tuple[str, ...]
    brief: str


def draw_rack(rack: Rack, look: Look, scale: int) -> str:
    """Draw outline, front, name, and its words as far as there is room."""
    width, depth = rack.width_mm / scale, rack.depth_mm / scale
    inset = min(0.4, width / 20)
    parts = [
        rect(
            inset,
            inset,
            width - 2 * inset,
            depth - 2 * inset,
            fill=look.fill,
            stroke=look.edge,
            stroke_width=min(0.3, width / 20),
        ),
        _front(rack, width, depth, inset),
        *_words(rack, look, width, depth),
    ]
    return group(parts, x=rack.x_mm / scale, y=rack.y_mm / scale)


def _front(rack: Rack, width: float, depth: float, inset: float) -> str:
    """Draw a heavy edge where the cold air enters, with an arrow inwards where there is room."""
    south = rack.front == "south"
    y = depth - inset if south else inset
    edge = line(inset, y, width - inset, y, stroke=INK, stroke_width=min(1.0, width / 12))
    if width < 12:
        return edge
    tip, base = (y - 3.4, y - 1.4) if south else (y + 3.4, y + 1.4)
    arrow = path(((width / 2, tip), (width / 2 - 1.6, base), (width / 2 + 1.6, base)), closed=True)
    return group((edge, arrow), fill=INK)


def _words(rack: Rack, look: Look, width: float, depth: float) -> Iterator[str]:
    room = width - 1.6
    usual = min(4.0, max(1.0, width / 4))
    size = shrink(rack.name, room, usual, usual * 0.8)
    if text_width(rack.name, size) <= room:
        lines, small = _lines(look, room)
        y = depth / 2 - 1.7 * len(lines) + size / 3
        yield text(width / 2, y, rack.name, class_="rackname", font_size=f"{size:.3g}px")
        for k, words in enumerate(lines, start=1):
            at = y + 0.6 + 3.6 * k
            yield text(width / 2, at, words, class_="inside", font_size=f"{small:.3g}px")
    else:
        size = min(3.2, width * 0.6)
        turned = f"translate({width / 2 + size / 3:.2f} {depth / 2:.2f}) rotate(-90)"
        words = fit(rack.name, depth - 1.6, size)
        yield text(0, 0, words, class_="rackname", font_size=f"{size:.2f}px", transform=turned)


def _lines(look: Look, room: float) -> tuple[Sequence[str], float]:
    """Return what has room below the name, and its size: all, else in brief, else nothing."""
    for lines in (look.words, (look.brief,)):
        size = min((shrink(words, room, _LARGE, _SMALL) for words in lines), default=_LARGE)
        if all(text_width(words, size) <= room for words in lines):
            return lines, size
    return (), _LARGE
