"""In which order, and how long after each other, outlets come on.

First what nodes need: the fabrics, then the hosts; the nodes come last, and go first in an
emergency. In each rack, the outlets of a feed come on one after the other, as many at a time as the
limits of inrush let; racks that together would exceed the limit of their feed follow in waves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import PowerSupplies
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import StartUpGroup
from clusterwright.design.power.circuit import Circuit, Circuits, RackCircuit
from clusterwright.design.power.plugging import NO_PDU, branch_of
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite
from clusterwright.model.power import StartUp

_FIRST = ("facility", "fabrics", "management", "storage")
GROUPS = (*_FIRST, "compute")
_LIMITS = ("branch_inrush_amps", "pdu_inrush_amps", "feed_inrush_amps")
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
class _Pattern:
    """How the racks that are filled alike start: steps, and how many there are by group."""

    steps: Steps
    lengths: Mapping[str, int]
    inrush_amps: Mapping[tuple[str, str], float]
    """The most of one step, by group and feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """When each outlet comes on, in steps of `step_s`."""

    step_s: int
    patterns: Mapping[int, _Pattern]
    starts: Mapping[tuple[str, str], int]
    """The first step of each group in each rack, by group and rack."""
    groups: tuple[StartUpGroup, ...]

    def of(self, one: RackCircuit, device: int, supply: int) -> int:
        """Return the seconds after which the outlet of a supply comes on."""
        group = group_of(one.inside[device])
        step = self.patterns[id(one.circuit)].steps[device, supply]
        return (self.starts[group, one.rack.name] + step) * self.step_s


def group_of(one: Occupant) -> str:
    """Name the group in which a device starts: the section of the definition that asks for it."""
    return str(one.path[0]) if one.path[0] in _FIRST else "compute"


def stagger(loaded: LoadedSite, circuits: Circuits) -> Delays:
    """Plan when each outlet comes on."""
    rules = loaded.site.facility.power.start_up
    patterns: dict[int, _Pattern] = {}
    for one in circuits.values():
        if id(one.circuit) not in patterns:
            patterns[id(one.circuit)] = _pattern(one.circuit, one.inside, rules)
    starts: dict[tuple[str, str], int] = {}
    groups: list[StartUpGroup] = []
    base = 0
    for group in GROUPS:
        length = max((p.lengths.get(group, 0) for p in patterns.values()), default=0)
        if not length:
            continue
        waves = _waves(group, circuits, patterns, rules)
        starts |= {(group, rack): base + wave * length for rack, wave in waves.items()}
        last = base + (max(waves.values()) + 1) * length - 1
        groups.append(_group(group, len(groups), circuits, base, last, rules.delay_s))
        base = last + 1
    return Delays(
        step_s=rules.delay_s,
        patterns=patterns,
        starts=starts,
        groups=tuple(_with_ends(groups)),
    )


def find_problems(loaded: LoadedSite, circuits: Circuits) -> Iterator[Problem]:
    """Yield each limit that one supply alone exceeds when it gets power."""
    rules = loaded.site.facility.power.start_up
    models = {o.model: o.supplies for one in circuits.values() for o in one.inside if o.supplies}
    for key in _LIMITS:
        limit = getattr(rules, key)
        for model, supplies in models.items():
            inrush = supplies.inrush_amps
            if limit and inrush and inrush > limit:
                path = ("facility", "power", "start_up", key)
                yield Problem(
                    path=path,
                    value=f"{limit:g}",
                    rule=f"one supply of {model} draws {inrush:g} A when it gets power, but the "
                    f"limit is {limit:g} A, and less than one supply cannot start: allow at least "
                    f"{_highest(models):g} A",
                    remedy=((path, f"{_highest(models):g}"),),
                )


def _highest(models: Mapping[str, PowerSupplies]) -> float:
    return max(supplies.inrush_amps or 0.0 for supplies in models.values())


def _pattern(circuit: Circuit, inside: Sequence[Occupant], rules: StartUp) -> _Pattern:
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
    return _Pattern(steps=steps, lengths=lengths, inrush_amps=most)


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


def _waves(
    group: str, circuits: Circuits, patterns: Mapping[int, _Pattern], rules: StartUp
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


def _group(  # noqa: PLR0913, PLR0917 - the columns of one row
    name: str, order: int, circuits: Circuits, first: int, last: int, step_s: int
) -> StartUpGroup:
    present = (o for one in circuits.values() for o in one.inside if o.present and o.supplies)
    return StartUpGroup(
        name=name,
        start_order=order + 1,
        power_off_order=0,
        first_delay_s=first * step_s,
        last_delay_s=last * step_s,
        devices=sum(group_of(one) == name for one in present),
    )


def _with_ends(groups: Sequence[StartUpGroup]) -> Iterator[StartUpGroup]:
    """Cut in the reverse order of starting."""
    for group in groups:
        yield StartUpGroup(
            name=group.name,
            start_order=group.start_order,
            power_off_order=len(groups) + 1 - group.start_order,
            first_delay_s=group.first_delay_s,
            last_delay_s=group.last_delay_s,
            devices=group.devices,
        )
