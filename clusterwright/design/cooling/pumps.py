"""Which pumps of a CDU run, and whether that is enough."""

from collections.abc import Iterator

from clusterwright.catalogue.entries.cooling import Pumps
from clusterwright.catalogue.entry import Cdu
from clusterwright.design import article
from clusterwright.design.plan import CduPumps
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model.loop import Cdu as LoopCdu
from clusterwright.model.loop import Loop, LoopPumps


def pumps_of(loop: Loop, model: Cdu) -> CduPumps:
    """Return the pumps of one of the loop's CDUs."""
    has = model.pumps
    running = loop.pumps.run or (has.count if has else None)
    more = bool(has and running and running > has.needed)
    return CduPumps(
        running=running,
        needed=has.needed if has else None,
        spare=more and loop.pumps.redundancy != "n",
    )


def find_pump_problems(
    loop: Loop, path: DefinitionPath, models: tuple[Cdu, ...]
) -> Iterator[Problem]:
    """Yield more pumps than there are, fewer than are needed, and a spare that none is."""
    for cdu, model in zip(loop.cdus, models, strict=True):
        if model.pumps:
            yield from _running(loop.pumps, path, cdu.model, model.pumps)
            yield from _spare(loop.pumps, path, cdu, model.pumps)


def _running(wanted: LoopPumps, path: DefinitionPath, model: str, has: Pumps) -> Iterator[Problem]:
    run = wanted.run
    if run is None or has.needed <= run <= has.count:
        return
    better = has.count if run > has.count else has.needed
    rule = (
        f"{run} pumps shall run, but {article.one(model)} has {has.count} and carries its "
        f"capacity on {has.needed}: write {better}"
    )
    at = (*path, "pumps", "run")
    yield Problem(path=at, value=str(run), rule=rule, remedy=((at, str(better)),))


def _spare(wanted: LoopPumps, path: DefinitionPath, cdu: LoopCdu, has: Pumps) -> Iterator[Problem]:
    run = wanted.run or has.count
    if wanted.redundancy != "n+1" or run != has.needed:
        return
    rule = (
        f"of the pumps of {cdu.name}, {article.one(cdu.model)}, {run} run and {has.needed} are "
        "needed, so none is spare: write n"
    )
    at = (*path, "pumps", "redundancy")
    yield Problem(path=at, value="n+1", rule=rule, remedy=((at, "n"),))
