"""In which order, and how long after each other, outlets come on.

First what nodes need: the fabrics, then the hosts; the nodes come last, and go first in an
emergency.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import PowerSupplies
from clusterwright.design.plan import StartUpGroup
from clusterwright.design.power.circuit import Circuits, RackCircuit
from clusterwright.design.power.inrush import GROUPS, Pattern, group_of, pattern_of, waves_of
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite

_LIMITS = ("branch_inrush_amps", "pdu_inrush_amps", "feed_inrush_amps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """When each outlet comes on, in steps of `step_s`."""

    step_s: int
    patterns: Mapping[int, Pattern]
    starts: Mapping[tuple[str, str], int]
    """The first step of each group in each rack, by group and rack."""
    groups: tuple[StartUpGroup, ...]

    def of(self, one: RackCircuit, device: int, supply: int) -> int:
        """Return the seconds after which the outlet of a supply comes on."""
        group = group_of(one.inside[device])
        step = self.patterns[id(one.circuit)].steps[device, supply]
        return (self.starts[group, one.rack.name] + step) * self.step_s


def stagger(loaded: LoadedSite, circuits: Circuits) -> Delays:
    """Plan when each outlet comes on."""
    rules = loaded.site.facility.power.start_up
    patterns: dict[int, Pattern] = {}
    for one in circuits.values():
        if id(one.circuit) not in patterns:
            patterns[id(one.circuit)] = pattern_of(one.circuit, one.inside, rules)
    starts: dict[tuple[str, str], int] = {}
    groups: list[StartUpGroup] = []
    base = 0
    for group in GROUPS:
        length = max((p.lengths.get(group, 0) for p in patterns.values()), default=0)
        if not length:
            continue
        waves = waves_of(group, circuits, patterns, rules)
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
