"""What each system keeps when a feed is gone: enough of its supplies, or of its shelves."""

from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from clusterwright.design.culprits import Remedy
from clusterwright.design.occupant import Occupant
from clusterwright.design.power.circuit import Circuits, RackCircuit
from clusterwright.design.power.feeding import Feeding
from clusterwright.design.power.loads import needed_of
from clusterwright.design.power.wording import kilo
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite

SITE_FEEDS: DefinitionPath = ("facility", "feeds")
FEW_FEEDS = 4
"""Up to so many, more feeds are what a building may have; beyond, less is kept."""


def find_problems(loaded: LoadedSite, circuits: Circuits) -> Iterator[Problem]:
    """Yield each model of each group of racks that loses too many supplies with one feed."""
    seen: set[tuple[DefinitionPath, str]] = set()
    for one in circuits.values():
        for device in one.inside:
            problem = _problem(loaded, one, device)
            # A mistake in the feeds of the site is one mistake, however many racks they reach.
            if problem and (problem.path, device.model) not in seen:
                seen.add((problem.path, device.model))
                yield problem


def keeps(one: RackCircuit) -> bool:
    """Say whether every device of a rack keeps what it must with any one feed gone."""
    return all(_left(one.feeding, o) >= _kept(o, one.feeding) for o in one.inside)


def _left(feeding: Feeding, device: Occupant) -> int:
    count = device.supplies.count if device.supplies else 0
    return count - -(-count // len(feeding.feeds))


def _problem(loaded: LoadedSite, one: RackCircuit, device: Occupant) -> Problem | None:
    feeding, supplies = one.feeding, device.supplies
    feeds, kept, left = len(feeding.feeds), _kept(device, feeding), _left(feeding, device)
    if supplies is None or left >= kept:
        return None
    remedy, text = _remedy(loaded, feeding, device)
    path = remedy[0][0] if remedy else SITE_FEEDS
    return Problem(
        path=path,
        value=str(feeds),
        rule=f"{feeds} feed{'s' * (feeds != 1)}: {_keeps(device, feeding, kept)}, but with one "
        f"feed lost only {left} are fed: {text}",
        remedy=remedy,
    )


def _kept(device: Occupant, feeding: Feeding) -> int:
    if device.supplies is None or feeding.keep == "none":
        return 0
    if feeding.keep == "degraded" and device.supplies.degraded:
        return device.supplies.degraded
    return needed_of(device.supplies, device.power_watts)


def _keeps(device: Occupant, feeding: Feeding, kept: int) -> str:
    supplies = device.supplies
    if supplies is None:
        return ""
    if feeding.keep == "degraded" and supplies.degraded:
        return f"{device.model} runs degraded on {kept} of its {supplies.count} power supplies"
    if kept == supplies.needed:
        return (
            f"{device.model} keeps full performance on {kept} of its {supplies.count} power "
            "supplies"
        )
    return (
        f"{device.model} draws {kilo(device.power_watts, 'W')}, which takes {kept} of its "
        f"{supplies.count} power supplies of {kilo(supplies.capacity_watts or 0, 'W')}"
    )


def _remedy(loaded: LoadedSite, feeding: Feeding, device: Occupant) -> tuple[Remedy, str]:
    supplies = device.supplies
    if supplies is None:
        return (), ""
    spare = supplies.count - _kept(device, feeding)
    fewest = next((n for n in range(2, 27) if -(-supplies.count // n) <= spare), None)
    keep = (*feeding.path, "keep")
    if fewest and fewest <= FEW_FEEDS:
        return more_feeds(loaded, feeding, fewest), f"use at least {fewest} feeds"
    feeds = f"use at least {fewest} feeds" if fewest else "no number of feeds helps"
    left = _left(feeding, device)
    less = "degraded" if supplies.degraded and left >= supplies.degraded else "none"
    return ((keep, less),), f"{feeds}, or keep: {less}"


def more_feeds(loaded: LoadedSite, feeding: Feeding, count: int) -> Remedy:
    """Name so many feeds: those that the site has already, and such as it lacks."""
    have = [feed.name for feed in loaded.site.facility.feeds]
    free = [letter for letter in ascii_uppercase if letter not in have]
    names = [*have, *free[: max(0, count - len(have))]]
    remedy: Remedy = ()
    if feeding.own_feeds:
        others = [name for name in names if name not in feeding.feeds]
        chosen = sorted([*feeding.feeds, *others[: count - len(feeding.feeds)]])
        remedy = (((*feeding.path, "feeds"), _listed(chosen)),)
    if len(names) > len(have):
        remedy = (*remedy, (SITE_FEEDS, _listed(_spelt(loaded, names))))
    return remedy


def _spelt(loaded: LoadedSite, names: Sequence[str]) -> Sequence[str]:
    """Write feeds as the definition does: their limits stay."""
    given = {feed.name: feed for feed in loaded.site.facility.feeds}
    spelt = []
    for name in names:
        limits = given[name].model_dump(exclude_none=True) if name in given else {"name": name}
        pairs = ", ".join(f"{key}: {value}" for key, value in limits.items())
        spelt.append(name if len(limits) == 1 else f"{{{pairs}}}")
    return spelt


def _listed(names: Sequence[str]) -> str:
    return f"[{', '.join(names)}]"
