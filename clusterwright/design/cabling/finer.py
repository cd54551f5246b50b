"""Ports split further, where no cable of their speed goes into the cages of nodes."""

from collections.abc import Iterator
from dataclasses import replace

from clusterwright.design.cabling.choose import candidates
from clusterwright.design.cabling.fit import Fits
from clusterwright.design.cabling.means import Way
from clusterwright.design.cabling.run import Run
from clusterwright.design.cabling.tally import Asked
from clusterwright.errors import DefinitionPath
from clusterwright.model.cabling import AUTO

STORAGE: DefinitionPath = ("fabrics", "storage", "cable")
"""Where ports of nodes whose speed nobody says run as fast as those of their switch."""


def split_finer(asked: Asked, fits: Fits) -> Way | None:
    """Name the least split at whose speed some cable joins all that are joined here."""
    joint = asked.run.joint
    if joint.path != STORAGE or not joint.speed_gbps:
        return None
    path: DefinitionPath = (*STORAGE[:-1], "breakout")
    for split, gbps in _splits(asked.run, fits):
        if all(_joins(tally.longest, gbps, fits) for tally in asked.tallies):
            return f"write {'.'.join(map(str, path))}: {split}", ((path, str(split)),)
    return None


def _splits(run: Run, fits: Fits) -> Iterator[tuple[int, int]]:
    """Yield further splits of a switch that its maker knows, and their speed; the least first."""
    switch = fits.catalogue.switches.get(run.b.socket.model)
    known = switch.breakouts if switch else ()
    for one in sorted(known, key=lambda one: one.ports):
        if switch and one.speed_gbps < run.joint.speed_gbps:
            yield one.ports // switch.ports_per_cage, int(one.speed_gbps)


def _joins(run: Run, gbps: int, fits: Fits) -> bool:
    slower = replace(run, joint=replace(run.joint, speed_gbps=gbps, cable=AUTO))
    for name in candidates(AUTO, slower, fits.catalogue):
        fit = fits.of(name, run.a.socket, run.b.socket, gbps)
        sure = not fit.misfit and not fit.unknown and fits.catalogue.cables[name].links == 1
        if sure and run.wanted_m <= fit.reach_m:
            return True
    return False
