"""One rack, seen from the front or from the rear. Millimetres of paper at 1:10."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.plan import Pdu, Rack
from clusterwright.design.plan.space import Face
from clusterwright.render.devices import Device
from clusterwright.render.drawing.face import FACE, SCALE, UNIT, Mark, draw_face
from clusterwright.render.drawing.palette import BLANK, HAIR, RULE, Colour, colour_share
from clusterwright.render.drawing.strip import draw_pdus
from clusterwright.render.svg import element, fit, group, line, rect, text

CAPTION = 13.0
"""Above a rack: its name and model."""
BAR = 11.0
"""Below a rack: how much of its power limit is used."""
FRAME = 3.0
STYLE = """
.rack { font-size: 5px; font-weight: 600; }
.u { font-size: 1.8px; fill: #737b85; text-anchor: middle; }
.blank { font-size: 2px; fill: #9aa1a9; text-anchor: middle; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cabinet:
    """A rack with all that is in it, and the colours of the sheet.

    A tank is drawn as a rack that lies on its side, seen from above: units count from the west.
    """

    rack: Rack
    devices: Sequence[Device]
    pdus: Sequence[Pdu]
    uses: Mapping[str, Colour]
    feeds: Mapping[str, str]

    @property
    def marks(self) -> Mapping[str, Mark]:
        """By PDU: A is the first of feed A in the rack, A2 the second."""
        found: dict[str, Mark] = {}
        of_feed: Counter[str] = Counter()
        for pdu in self.pdus:
            of_feed[pdu.feed] += 1
            ordinal = str(of_feed[pdu.feed]) if of_feed[pdu.feed] > 1 else ""
            found[pdu.name] = Mark(word=pdu.feed + ordinal, colour=self.feeds[pdu.feed])
        return found

    @property
    def across(self) -> float:
        """The width of the frame, upright."""
        return (self.rack.depth_mm if self.rack.tank else self.rack.width_mm) / SCALE

    @property
    def along(self) -> float:
        """The height of the frame, upright."""
        return self.rack.height_units * UNIT + 2 * FRAME

    @property
    def width(self) -> float:
        """On the sheet."""
        return self.along if self.rack.tank else self.across

    @property
    def height(self) -> float:
        """On the sheet."""
        return self.across if self.rack.tank else self.along

    @property
    def side(self) -> float:
        """The room beside the devices: for PDUs and the numbers of the units."""
        return max(0.0, (self.across - FACE) / 2)

    def top_of(self, lowest_unit: int, height_units: int) -> float:
        return FRAME + (self.rack.height_units + 1 - lowest_unit - height_units) * UNIT


def draw_cabinet(cabinet: Cabinet, view: Face) -> Iterator[str]:
    """Draw one side: caption, frame, units, devices, what is free; below, the power bar."""
    yield from _caption(cabinet)
    upright = [
        *_frame(cabinet),
        group([*_free(cabinet, view), *_devices(cabinet, view)], x=cabinet.side),
    ]
    if view == "rear":
        upright += draw_pdus(
            cabinet.rack,
            cabinet.pdus,
            cabinet.feeds,
            width=cabinet.across,
            height=cabinet.along,
            side=cabinet.side,
        )
    lying = f"translate({cabinet.along:.2f} 0) rotate(90)" if cabinet.rack.tank else None
    yield element("g", (f"\n{part}" for part in upright), transform=lying)
    if view == "front":
        yield from _power_bar(cabinet)


def _devices(cabinet: Cabinet, view: Face) -> Iterator[str]:
    for device in cabinet.devices:
        drawn = draw_face(device, view, cabinet.uses[device.use], cabinet.marks)
        mount = device.mount
        yield group((drawn,), y=cabinet.top_of(mount.lowest_unit, mount.height_units))


def _caption(cabinet: Cabinet) -> Iterator[str]:
    rack = cabinet.rack
    yield text(0, -6.2, rack.name, class_="rack")
    weight = f" · {rack.weight_kg:,.0f} kg".replace(",", " ") if rack.weight_kg else ""
    words = rack.model + (" · seen from above" if rack.tank else "") + weight
    yield text(0, -2.2, fit(words, cabinet.width, 2.4), class_="small")


def _frame(cabinet: Cabinet) -> Iterator[str]:
    height, width = cabinet.along, cabinet.across
    yield rect(0, 0, width, height, rx=0.8, fill="#fff", stroke="#4b535d", stroke_width=0.4)
    posts = (cabinet.side - 0.4, cabinet.side + FACE + 0.4)
    for x in posts:
        yield line(x, FRAME, x, height - FRAME, stroke=RULE, stroke_width=0.25)
    for unit in range(1, cabinet.rack.height_units + 1):
        y = cabinet.top_of(unit, 1) + UNIT / 2 + 0.6
        yield text(cabinet.side - 2, y, str(unit), class_="u")


def _free(cabinet: Cabinet, view: Face) -> Iterator[str]:
    """Cover free units: a rack has panels there, so that no warm air comes back to the front."""
    for gap in cabinet.rack.gaps:
        top, height = cabinet.top_of(gap.lowest_unit, gap.height_units), gap.height_units
        yield rect(
            0.1,
            top + 0.15,
            FACE - 0.2,
            height * UNIT - 0.3,
            fill=BLANK,
            stroke=HAIR,
            stroke_width=0.2,
        )
        for k in range(1, height):
            y = top + k * UNIT
            yield line(0.1, y, FACE - 0.1, y, stroke="#fff", stroke_width=0.3)
        if view == "front":
            words = f"{height} U {'free' if cabinet.rack.tank else 'blanking'}"
            yield text(FACE / 2, top + height * UNIT / 2 + 0.75, words, class_="blank")


def _power_bar(cabinet: Cabinet) -> Iterator[str]:
    rack = cabinet.rack
    share = rack.power_watts / rack.power_limit_watts
    top = cabinet.height + 2.4
    yield rect(0, top, cabinet.width, 2.2, rx=1.1, fill=HAIR)
    filled = cabinet.width * min(1.0, share)
    if filled > 2.2:
        yield rect(0, top, filled, 2.2, rx=1.1, fill=colour_share(share).strong)
    words = f"{rack.power_watts / 1000:.1f} of {rack.power_limit_watts / 1000:g} kW"
    yield text(0, top + 5.8, words, class_="label")
    yield text(cabinet.width, top + 5.8, f"{share:.0%}".replace("%", " %"), class_="label end")
