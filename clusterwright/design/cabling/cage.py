"""What is plugged into each cage."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clusterwright.design.cabling.fit import Fit, Optic
from clusterwright.design.cabling.run import Run

Cage = tuple[str, str]
"""Device and name of the cage."""


@dataclass(frozen=True, slots=True)
class Cages:
    """The transceiver of each cage: the nearest-reaching one that serves its longest cable."""

    _longest_m: dict[Cage, float] = field(default_factory=dict)
    _optics: dict[Cage, tuple[str, str, str]] = field(default_factory=dict)
    """Fabric, model of the device, transceiver."""

    def reserve(self, run: Run, fit: Fit) -> None:
        """Note how far a run's transceivers must reach, where there is a choice."""
        for optics, cage in zip((fit.optics_a, fit.optics_b), cages_of(run), strict=True):
            if len(optics) > 1:
                self._longest_m[cage] = max(run.needed_m, self._longest_m.get(cage, 0))

    def optics(self, run: Run, fit: Fit) -> tuple[str, str]:
        """Put transceivers into both cages of a run, once all runs are noted; return their names.

        An empty name where the cable brings its plug, or no transceiver is known.
        """
        a, b = cages_of(run)
        fabric = run.joint.fabric
        return (
            self._put(a, fit.optics_a, fabric, run.a.socket.model),
            self._put(b, fit.optics_b, fabric, run.b.socket.model),
        )

    def _put(self, cage: Cage, optics: Sequence[Optic], fabric: str, model: str) -> str:
        if not optics:
            return ""
        name = optics[0].name
        if len(optics) > 1:
            needed = self._longest_m[cage]
            reaching = (one.name for one in optics if one.reach_m and one.reach_m >= needed)
            name = next(reaching, optics[-1].name)
        self._optics[cage] = (fabric, model, name)
        return name

    def count(self) -> Mapping[tuple[str, str, str], int]:
        """Count transceivers by fabric, model of the device, and their own model."""
        return Counter(self._optics.values())


def cages_of(run: Run) -> tuple[Cage, Cage]:
    """Return the cages at both ends."""
    return (run.joint.a.device, run.a.cage), (run.joint.b.device, run.b.cage)


def mixed_cages(runs: Sequence[Run], kinds: Sequence[str]) -> Iterator[tuple[Cage, str, str, Run]]:
    """Yield cages that two kinds of cable meet in, the kinds, and the run that brings the second.

    `kinds` says of each run what cannot share a cage with anything else.
    """
    inside: dict[Cage, str] = {}
    for run, kind in zip(runs, kinds, strict=True):
        for cage in cages_of(run):
            first = inside.setdefault(cage, kind)
            if first != kind:
                yield cage, first, kind, run
