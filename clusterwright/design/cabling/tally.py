"""Runs that are alike, counted: what is wrong with one of them is wrong with all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusterwright.design.cabling.fit import Fit
from clusterwright.design.cabling.run import Run
from clusterwright.errors import DefinitionPath


@dataclass(slots=True, kw_only=True)
class Tally:
    """Runs of one cable between two kinds of cage, asked for at one place of the definition."""

    fit: Fit
    longest: Run
    count: int = 0
    too_long: int = 0

    def add(self, run: Run) -> None:
        self.count += 1
        if run.wanted_m > self.fit.reach_m:
            self.too_long += 1
        if run.wanted_m > self.longest.wanted_m:
            self.longest = run


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All runs of one cable that one place of the definition asks for, by kind of cage."""

    cable: str
    tallies: tuple[Tally, ...]

    @property
    def run(self) -> Run:
        """The longest of them that is too long; the longest where none is."""
        over = [tally for tally in self.tallies if tally.too_long] or self.tallies
        return max(over, key=lambda tally: tally.longest.wanted_m).longest

    @property
    def too_long(self) -> int:
        return sum(tally.too_long for tally in self.tallies)


def take_tally(runs: Sequence[Run], cables: Sequence[str], fits: Sequence[Fit]) -> Iterator[Asked]:
    """Yield what is asked for, place by place of the definition, cable by cable."""
    tallies: dict[tuple[DefinitionPath, str], dict[Fit, Tally]] = {}
    for run, cable, fit in zip(runs, cables, fits, strict=True):
        inside = tallies.setdefault((run.joint.path, cable), {})
        if fit not in inside:
            inside[fit] = Tally(fit=fit, longest=run)
        inside[fit].add(run)
    for (_, cable), inside in tallies.items():
        yield Asked(cable=cable, tallies=tuple(inside.values()))
