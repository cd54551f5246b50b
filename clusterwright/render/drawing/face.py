"""One device as it is seen in its rack, from either side. Millimetres of paper."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clusterwright.design.plan import PowerSupply
from clusterwright.design.plan.space import Face
from clusterwright.render.devices import Device
from clusterwright.render.drawing.palette import Colour
from clusterwright.render.svg import fit, group, rect, shrink, text, text_width

SCALE = 10
UNIT = 44.45 / SCALE
FACE = 482.6 / SCALE
_STRIPE = 1.3
_PAD = 1.6
_CORD = (6.4, 2.9)
_SMALLEST = 0.75
"""How much smaller a long name may be written before it is cut."""
STYLE = """
.n { font-weight: 600; }
.m { fill: #4b535d; }
.a { fill: #4b535d; text-anchor: end; }
.c { font-size: 1.8px; fill: #fff; text-anchor: middle; font-weight: 600; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How the cords of a PDU are marked: by its feed, and which of several on that feed it is."""

    word: str
    colour: str


def draw_face(device: Device, view: Face, colour: Colour, marks: Mapping[str, Mark]) -> str:
    """Draw what is seen of a device on one side of its rack: `marks` has those of its PDUs."""
    height = device.mount.height_units * UNIT
    stripe_x = 0.0 if view == "front" else FACE - _STRIPE
    own_front = device.mount.face == view
    words = _front(device) if own_front else _rear(device, height, marks)
    return group((*_panel(colour, height, stripe_x=stripe_x), *words))


def _front(device: Device) -> Iterator[str]:
    addresses = [str(a) for a in (device.address, device.controller_address) if a]
    if device.mount.height_units == 1:
        return _one_line(device, next(iter(addresses), ""))
    return _several_lines(device, addresses)


def _rear(device: Device, height: float, marks: Mapping[str, Mark]) -> Iterator[str]:
    """Write the name, and draw where each power cord goes."""
    taken = (_CORD[0] + 0.5) * _per_line(device.power_supplies, height)
    left = _STRIPE + _PAD
    room = FACE - taken - 2 * left
    usual = 3.6 if device.mount.height_units >= 4 else 2.5
    size = shrink(device.name, room, usual, usual * _SMALLEST)
    name = fit(device.name, room, size)
    base = _PAD + size * 0.8 if device.mount.height_units > 1 else UNIT / 2 + 0.85
    yield text(left, base, name, class_="n", font_size=f"{size:.3g}px")
    yield from _cords(device.power_supplies, height, marks)


def _panel(colour: Colour, height: float, *, stripe_x: float) -> Iterator[str]:
    yield rect(
        0.1,
        0.15,
        FACE - 0.2,
        height - 0.3,
        rx=0.4,
        fill=colour.pale,
        stroke=colour.strong,
        stroke_width=0.2,
    )
    yield rect(stripe_x, 0.15, _STRIPE, height - 0.3, rx=0.4, fill=colour.strong)


def _several_lines(device: Device, addresses: list[str]) -> Iterator[str]:
    """Write larger where there is room, so that a rack is read from across the aisle."""
    units = device.mount.height_units
    name_size, size = (3.6, 2.5) if units >= 4 else (2.5, 2)
    left, room = _STRIPE + _PAD, FACE - 2 * _PAD - _STRIPE
    baselines = [_PAD + name_size * 0.8 + step * size for step in (0, 1.7, 3.2)]
    at = {"font_size": f"{size}px"}
    name_size = shrink(device.name, room * 0.6, name_size, name_size * _SMALLEST)
    name = fit(device.name, room * 0.6, name_size)
    yield text(left, baselines[0], name, class_="n", font_size=f"{name_size:.3g}px")
    yield text(left, baselines[1], fit(device.model, room * 0.6, size), class_="m", **at)
    if units > 2:
        yield text(left, baselines[2], fit(device.about, room, size), class_="m", **at)
    for y, address in zip(baselines, addresses, strict=False):
        yield text(FACE - _PAD, y, address, class_="a", **at)


def _one_line(device: Device, address: str) -> Iterator[str]:
    base = UNIT / 2 + 0.85
    left = _STRIPE + _PAD
    room = FACE - left - _PAD - text_width(address, 1.9) - 2
    name = fit(device.name, room, 2.5)
    yield text(left, base, name, class_="n", font_size="2.5px")
    behind = left + text_width(name, 2.5) + 1.2
    model = fit(device.model, left + room - behind, 2)
    if model == device.model:
        yield text(behind, base, model, class_="m", font_size="2px")
    yield text(FACE - _PAD, base, address, class_="a", font_size="1.9px")


def _per_line(supplies: tuple[PowerSupply, ...], height: float) -> int:
    return len(supplies) if height < 2 * UNIT else min(3, len(supplies))


def _cords(
    supplies: tuple[PowerSupply, ...], height: float, marks: Mapping[str, Mark]
) -> Iterator[str]:
    """Draw each power supply as a box with the PDU and the outlet of its cord."""
    width, tall = _CORD
    per_line = _per_line(supplies, height)
    for i, supply in enumerate(supplies):
        row, column = divmod(i, per_line)
        x = FACE - _STRIPE - 0.8 - (per_line - column) * (width + 0.5)
        y = (UNIT - tall) / 2 + row * (tall + 0.7)
        mark = marks[supply.pdu]
        yield rect(x, y, width, tall, rx=0.5, fill=mark.colour)
        words = f"{mark.word} {supply.outlet}"
        yield text(x + width / 2, y + tall - 0.8, words, class_="c")
