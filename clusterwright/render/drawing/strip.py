"""Upright PDUs at the sides of a rack, seen from the rear. Millimetres of paper."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.plan import Pdu, Rack
from clusterwright.render.svg import fit, group, rect, text

_ENDS = 3.0
_NUMBERS = 3.6
"""The column of the units' numbers, on the left."""
_WIDEST = 4.8
_SLIM = 4.0
_CAPTION = 24.0
STYLE = """
.pdu { font-size: 2.1px; fill: #fff; font-weight: 600; }
.o { font-size: 1.7px; text-anchor: middle; fill: #737b85; }
.slim { font-size: 1.3px; }
.on { fill: #fff; font-weight: 600; }
"""


def draw_pdus(  # noqa: PLR0913 - a rack, its colours, its measures
    rack: Rack,
    pdus: Sequence[Pdu],
    colours: Mapping[str, str],
    *,
    width: float,
    height: float,
    side: float,
) -> Iterator[str]:
    """Draw PDUs upright on the side where each is; a narrow rack has them slimmer."""
    by_name = {pdu.name: pdu for pdu in pdus}
    for where in ("left", "right"):
        mounts = [one for one in rack.sides if one.side == where and one.device in by_name]
        room = (side - (_NUMBERS if where == "left" else 1.0)) / max(1, len(mounts)) - 0.4
        wide = min(_WIDEST, max(1.6, room))
        for k, one in enumerate(sorted(mounts, key=lambda mount: mount.place)):
            from_wall = 0.4 + k * (wide + 0.4)
            pdu = by_name[one.device]
            yield group(
                _pdu(pdu, colours[pdu.feed], wide, height - 2 * _ENDS),
                x=from_wall if where == "left" else width - from_wall - wide,
                y=_ENDS,
            )


def _pdu(pdu: Pdu, colour: str, width: float, height: float) -> Iterator[str]:
    """Draw its name over its outlets: those in use are filled."""
    yield rect(0, 0, width, height, rx=0.5, fill="#fff", stroke=colour, stroke_width=0.3)
    yield rect(0, 0, width, _CAPTION, rx=0.5, fill=colour)
    turned = f"translate({width / 2 + 0.75:.2f} {_CAPTION - 1.5:.2f}) rotate(-90)"
    yield text(0, 0, fit(pdu.name, _CAPTION - 3, 2.1), class_="pdu", transform=turned)
    pitch = (height - _CAPTION) / pdu.outlet_count
    tall = min(3.4, pitch - 0.4)
    used = {outlet.number for outlet in pdu.outlets}
    slim = width < _SLIM
    inset = 0.3 if slim else 0.7
    for number in range(1, pdu.outlet_count + 1):
        y = height - (number - 0.5) * pitch
        on = number in used
        yield rect(
            inset,
            y - tall / 2,
            width - 2 * inset,
            tall,
            rx=0.4,
            fill=colour if on else "none",
            stroke=colour,
            stroke_width=0.15,
        )
        if width > 2.4:
            look = "o" + " on" * on + " slim" * slim
            yield text(width / 2, y + 0.6, str(number), class_=look)
