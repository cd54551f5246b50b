"""Where north is, and how long a metre is."""

from clusterwright.render.drawing.palette import INK
from clusterwright.render.svg import group, path, rect, text

_STEPS_M = (0.5, 1, 2, 5, 10, 20, 50)


def draw_north(x: float, y: float) -> str:
    """Draw an arrow that points up: the plan lies with north above."""
    left = path(((x, y - 6), (x - 2, y + 1), (x, y - 0.6)), closed=True, fill=INK)
    right = path(
        ((x, y - 6), (x + 2, y + 1), (x, y - 0.6)),
        closed=True,
        fill="#fff",
        stroke=INK,
        stroke_width=0.25,
    )
    return group((left, right, text(x, y + 4.8, "N", class_="label strong middle")))


def draw_scale_bar(scale: int, y: float) -> str:
    """Draw four fields of a round number of metres."""
    step_m = next((m for m in _STEPS_M if m * 1000 / scale >= 12), _STEPS_M[-1])
    each = step_m * 1000 / scale
    fields = [
        rect(
            i * each,
            y,
            each,
            1.6,
            fill=INK if i % 2 == 0 else "#fff",
            stroke=INK,
            stroke_width=0.25,
        )
        for i in range(4)
    ]
    marks = [
        text(i * each, y - 1.2, f"{i * step_m:g}" + " m" * (i == 4), class_="small middle")
        for i in range(5)
    ]
    return group((*fields, *marks))
