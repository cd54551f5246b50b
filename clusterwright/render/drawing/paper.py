"""Paper of the A series: how large it is, and how much of it is left for a drawing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

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


def choose_paper(width: float, height: float, foot: Callable[[Paper], float]) -> Paper:
    """Return the smallest paper that holds a drawing, and below it a further `foot`."""
    for lying in _LYING:
        for paper in (lying, lying.standing):
            if paper.holds(width, height + foot(paper)):
                return paper
    roll = Paper(name="roll", width=0, height=0, enlarged=1.6)
    wide = replace(roll, width=width - roll.room[0])
    return replace(wide, height=height + foot(wide) - roll.room[1])


def choose_scale(width_mm: float, height_mm: float, below: float) -> int:
    """Return the largest scale for a floor on the smallest lying paper that holds it at 1:50.

    `below` is what comes under it on paper, in millimetres.
    """
    for paper in _LYING[1:]:
        fits = [s for s in _SCALES if paper.holds(width_mm / s, height_mm / s + below)]
        if fits and (fits[0] <= _READABLE or paper is _LYING[-1]):
            return fits[0]
    return _SCALES[-1]
