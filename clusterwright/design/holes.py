"""Holes of a unit where remedies leave it fewer nodes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite
from clusterwright.model.facility import ScalableUnit


def without_those_beyond(loaded: LoadedSite, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems; remedies that leave fewer nodes leave out the holes beyond them."""
    found = tuple(problems)
    wanted = {path: value for problem in found for path, value in problem.remedy}
    kept = {i: _kept(unit, i, wanted) for i, unit in enumerate(loaded.site.compute) if unit.holes}
    for problem in found:
        units = {int(path[1]): None for path, _ in problem.remedy if _counts(path)}
        edits = (
            (("compute", i, "holes"), f"[{', '.join(kept[i])}]")
            for i in units
            if i in kept and kept[i] != loaded.site.compute[i].holes
        )
        yield replace(problem, remedy=(*problem.remedy, *edits))


def _counts(path: DefinitionPath) -> bool:
    return path[0] == "compute" and path[-1] in {"count", "build_for"}


def _kept(
    unit: ScalableUnit, ordinal: int, wanted: Mapping[DefinitionPath, str]
) -> tuple[str, ...]:
    """Return the holes of a unit that are among its nodes once all remedies are heeded."""
    groups = []
    for j, group in enumerate(unit.groups):
        path: DefinitionPath = ("compute", ordinal, "groups", j)
        count = int(wanted.get((*path, "count"), group.count))
        built = wanted.get((*path, "build_for"), group.build_for)
        built_for = None if built is None else int(built)
        groups.append(group.model_copy(update={"count": count, "build_for": built_for}))
    smaller = unit.model_copy(update={"groups": tuple(groups)})
    nodes = {f"{unit.name}-n{index}" for indices in smaller.indices for index in indices}
    return tuple(name for name in unit.holes if name in nodes)
