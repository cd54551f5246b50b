"""One rack, seen from the front or from the rear. Millimetres of paper at 1:10."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.plan import Pdu, Rack
from clusterwright.render.devices import Device
from clusterwright.render.drawing.face import FACE, SCALE, UNIT, draw_front, draw_rear
from clusterwright.render.drawing.palette import BLANK, HAIR, RULE, Colour, colour_share
from clusterwright.render.drawing.strip import draw_pdus
from clusterwright.render.svg import fit, group, line, rect, text

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
    """A rack with all that is in it, and the colours of the sheet."""

    rack: Rack
    devices: Sequence[Device]
    pdus: Sequence[Pdu]
    uses: Mapping[str, Colour]
    feeds: Mapping[str, str]

    @property
    def width(self) -> float:
        return self.rack.width_mm / SCALE

    @property
    def frame_height(self) -> float:
        return self.rack.height_units * UNIT + 2 * FRAME

    @property
    def side(self) -> float:
        """The room beside the devices: for PDUs and the numbers of the units."""
        return max(0.0, (self.width - FACE) / 2)

    def top_of(self, lowest_unit: int, height_units: int) -> float:
        return FRAME + (self.rack.height_units + 1 - lowest_unit - height_units) * UNIT


def draw_front_of_cabinet(cabinet: Cabinet) -> Iterator[str]:
    """Draw caption, frame, units, devices, blanking panels and the power bar."""
    yield from _caption(cabinet)
    yield from _frame(cabinet)
    inside = [
        draw_front(device, cabinet.uses[device.use], _top(cabinet, device))
        for device in cabinet.devices
    ]
    yield group([*_blanking(cabinet, "blanking"), *inside], x=cabinet.side)
    yield from _power_bar(cabinet)


def draw_rear_of_cabinet(cabinet: Cabinet) -> Iterator[str]:
    """Draw the same rack from behind: cords and PDUs."""
    yield from _caption(cabinet)
    yield from _frame(cabinet)
    feeds = {pdu.name: pdu.feed for pdu in cabinet.pdus}
    inside = [
        draw_rear(device, cabinet.uses[device.use], _top(cabinet, device), feeds, cabinet.feeds)
        for device in cabinet.devices
    ]
    yield group([*_blanking(cabinet, ""), *inside], x=cabinet.side)
    yield from draw_pdus(
        cabinet.pdus,
        cabinet.feeds,
        width=cabinet.width,
        height=cabinet.frame_height,
        side=cabinet.side,
    )


def _top(cabinet: Cabinet, device: Device) -> float:
    return cabinet.top_of(device.mount.lowest_unit, device.mount.height_units)


def _caption(cabinet: Cabinet) -> Iterator[str]:
    rack = cabinet.rack
    yield text(0, -6.2, rack.name, class_="rack")
    yield text(0, -2.2, fit(rack.model, cabinet.width, 2.4), class_="small")


def _frame(cabinet: Cabinet) -> Iterator[str]:
    height, width = cabinet.frame_height, cabinet.width
    yield rect(0, 0, width, height, rx=0.8, fill="#fff", stroke="#4b535d", stroke_width=0.4)
    posts = (cabinet.side - 0.4, cabinet.side + FACE + 0.4)
    for x in posts:
        yield line(x, FRAME, x, height - FRAME, stroke=RULE, stroke_width=0.25)
    for unit in range(1, cabinet.rack.height_units + 1):
        y = cabinet.top_of(unit, 1) + UNIT / 2 + 0.6
        yield text(cabinet.side - 2, y, str(unit), class_="u")


def _blanking(cabinet: Cabinet, words: str) -> Iterator[str]:
    """Cover free units with panels, so that no warm air comes back to the front."""
    for lowest, height in _free(cabinet):
        top = cabinet.top_of(lowest, height)
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
        if words:
            middle = top + height * UNIT / 2 + 0.75
            yield text(FACE / 2, middle, f"{height} U {words}", class_="blank")


def _free(cabinet: Cabinet) -> Iterator[tuple[int, int]]:
    taken = {
        unit
        for device in cabinet.devices
        for unit in range(
            device.mount.lowest_unit, device.mount.lowest_unit + device.mount.height_units
        )
    }
    start = None
    for unit in range(1, cabinet.rack.height_units + 2):
        free = unit <= cabinet.rack.height_units and unit not in taken
        if free and start is None:
            start = unit
        elif not free and start is not None:
            yield start, unit - start
            start = None


def _power_bar(cabinet: Cabinet) -> Iterator[str]:
    rack = cabinet.rack
    share = rack.power_watts / rack.power_limit_watts
    top = cabinet.frame_height + 2.4
    yield rect(0, top, cabinet.width, 2.2, rx=1.1, fill=HAIR)
    filled = cabinet.width * min(1.0, share)
    if filled > 2.2:
        yield rect(0, top, filled, 2.2, rx=1.1, fill=colour_share(share).strong)
    words = f"{rack.power_watts / 1000:.1f} of {rack.power_limit_watts / 1000:g} kW"
    yield text(0, top + 5.8, words, class_="label")
    yield text(cabinet.width, top + 5.8, f"{share:.0%}".replace("%", " %"), class_="label end")
