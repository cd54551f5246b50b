"""Steps in which the outlets of a rack come on, so that inrush stays below its limits.

The outlets of a feed come on one after the other, as many at a time as the limits let; racks that
together would exceed the limit of their feed follow in waves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.occupant import Occupant
from clusterwright.design.power.circuit import Circuit, Circuits
from clusterwright.design.power.plugging import NO_PDU, branch_of
from clusterwright.model.power import StartUp

_FIRST = ("facility", "fabrics", "management", "storage")
GROUPS = (*_FIRST, "compute")
Steps = Mapping[tuple[int, int], int]
"""The step of each cord of a rack, by device and supply, counted within its group."""


@dataclass(slots=True, kw_only=True)
class _Step:
    """What comes on at once on one feed of one rack."""

    ordinal: int = 0
    pdus: dict[int, float]
    branches: dict[tuple[int, str], float]
    full: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """How the racks that are filled alike start: steps, and how many there are by group."""

    steps: Steps
    lengths: Mapping[str, int]
    inrush_amps: Mapping[tuple[str, str], float]
    """The most of one step, by group and feed."""


def group_of(one: Occupant) -> str:
    """Name the group in which a device starts: the section of the definition that asks for it."""
    return str(one.path[0]) if one.path[0] in _FIRST else "compute"


def pattern_of(circuit: Circuit, inside: Sequence[Occupant], rules: StartUp) -> Pattern:
    """Return the steps of one rack."""
    steps: dict[tuple[int, int], int] = {}
    lengths: dict[str, int] = {}
    most: dict[tuple[str, str], float] = {}
    now: dict[tuple[str, str], _Step] = {}
    for device, cords in enumerate(circuit.cords):
        group, supplies = group_of(inside[device]), inside[device].supplies
        inrush = supplies.inrush_amps if supplies else None
        for cord in cords:
            if cord.pdu == NO_PDU:
                continue
            at = group, cord.feed
            branch = cord.pdu, branch_of(circuit.feeding, cord.bank)
            step = _next(now.get(at), cord.pdu, branch, inrush, rules)
            now[at] = step
            steps[device, cord.supply] = step.ordinal
            lengths[group] = max(lengths.get(group, 0), step.ordinal + 1)
            most[at] = max(most.get(at, 0.0), sum(step.pdus.values()))
    return Pattern(steps=steps, lengths=lengths, inrush_amps=most)


def _next(
    step: _Step | None, pdu: int, branch: tuple[int, str], inrush: float | None, rules: StartUp
) -> _Step:
    """Return the step in which an outlet comes on: this one, if there is room, or a new one."""
    if step is None or not _room(step, pdu, branch, inrush, rules):
        ordinal = step.ordinal + 1 if step else 0
        step = _Step(ordinal=ordinal, pdus={}, branches={})
    step.pdus[pdu] = step.pdus.get(pdu, 0.0) + (inrush or 0.0)
    step.branches[branch] = step.branches.get(branch, 0.0) + (inrush or 0.0)
    step.full = step.full or inrush is None
    return step


def _room(
    step: _Step, pdu: int, branch: tuple[int, str], inrush: float | None, rules: StartUp
) -> bool:
    """Say whether an outlet may come on with others: only where limit and inrush are known."""
    limits = (
        (rules.branch_inrush_amps, step.branches.get(branch, 0.0)),
        (rules.pdu_inrush_amps, step.pdus.get(pdu, 0.0)),
        (rules.feed_inrush_amps, sum(step.pdus.values())),
    )
    given = [(limit, used) for limit, used in limits if limit is not None]
    if inrush is None or step.full or not given:
        return False
    return all(used + inrush <= limit for limit, used in given)


def waves_of(
    group: str, circuits: Circuits, patterns: Mapping[int, Pattern], rules: StartUp
) -> Mapping[str, int]:
    """Return the wave of each rack: within one, no feed gives more inrush than it may."""
    limit, wave = rules.feed_inrush_amps, 0
    used: dict[str, float] = {}
    waves: dict[str, int] = {}
    for name, one in circuits.items():
        inrush = patterns[id(one.circuit)].inrush_amps
        own = {feed: amps for (its, feed), amps in inrush.items() if its == group}
        if limit and any(used.get(feed, 0.0) + amps > limit for feed, amps in own.items()):
            wave, used = wave + 1, {}
        for feed, amps in own.items():
            used[feed] = used.get(feed, 0.0) + amps
        waves[name] = wave
    return waves
