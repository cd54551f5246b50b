"""What is plugged in and mounted at one moment between two plans."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clusterwright.design.difference.ground import Ground
from clusterwright.design.plan import Link, LinkEnd


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """The links of one cable that change: they are unplugged, or plugged in, at one go."""

    ordinal: int
    links: tuple[Link, ...]

    @property
    def ends(self) -> Iterator[LinkEnd]:
        for link in self.links:
            yield link.a
            yield link.b


@dataclass(frozen=True, slots=True, kw_only=True)
class Wires:
    """The cables of a site on their way: what is plugged in, what has to go, what is to come.

    `base` is how many links upwards a device has before or after, whichever is less; one that comes
    or goes is not in it. `switches` are those of them that are no hosts.
    """

    base: Mapping[str, int]
    switches: frozenset[str]
    plugged: dict[LinkEnd, Link]
    going: dict[Legs, None]
    coming: dict[Legs, None]
    absent: set[str]
    """Devices that are not at their new place yet."""
    going_at: Mapping[LinkEnd, Legs]
    coming_at: Mapping[LinkEnd, Legs]
    going_of: Mapping[str, dict[Legs, None]]
    coming_of: Mapping[str, Sequence[Legs]]
    """By device."""
    ground: Ground
    up: Counter[str]
    """Links upwards that each device has now."""
    short: set[str] = field(default_factory=set)
    """Switches that have less of them than their base."""
    hopeful: dict[Legs, None] = field(default_factory=dict)
    """What is to come, and has got a port or a device since it was looked at."""

    def unplug(self, batch: Iterable[Legs]) -> None:
        """Unplug what is taken out of the ground already."""
        for legs in batch:
            del self.going[legs]
            for link in legs.links:
                self._count(link, -1)
            for end in legs.ends:
                del self.plugged[end]
                self.going_of[end.device].pop(legs, None)
                if end in self.coming_at:
                    self.hopeful[self.coming_at[end]] = None

    def arrive(self, devices: Iterable[str]) -> None:
        """Devices are put up: cables can be plugged into them."""
        for name in devices:
            self.absent.discard(name)
            self.hopeful.update(dict.fromkeys(self.coming_of.get(name, ())))

    def plug_what_fits(self) -> tuple[Link, ...]:
        """Plug in every coming cable whose ports are there and free."""
        looked_at = sorted(self.hopeful, key=lambda legs: legs.ordinal)
        self.hopeful.clear()
        fit = [legs for legs in looked_at if legs in self.coming and self._free(legs)]
        for legs in fit:
            del self.coming[legs]
            for link in legs.links:
                self.plugged[link.a] = self.plugged[link.b] = link
                self._count(link, 1)
        plugged = tuple(link for legs in fit for link in legs.links)
        if plugged:
            self.ground.add(plugged)
        return plugged

    def _free(self, legs: Legs) -> bool:
        return all(end not in self.plugged and end.device not in self.absent for end in legs.ends)

    def _count(self, link: Link, more: int) -> None:
        name = link.a.device
        self.up[name] += more
        if name in self.switches:
            lacking = self.up[name] < self.base.get(name, 0)
            (self.short.add if lacking else self.short.discard)(name)

    def successor(self, legs: Legs) -> Legs | None:
        """Return the cable that is to come where this one goes."""
        found = (self.coming_at.get(end) for end in legs.ends)
        return next((one for one in found if one in self.coming), None)

    def waits_for(self, coming: Legs) -> str | None:
        """Return a device that has to be there first."""
        return next((end.device for end in coming.ends if end.device in self.absent), None)

    def blockers(self, coming: Legs) -> Iterator[Legs]:
        """Yield the cables in whose ports it is to be."""
        for end in coming.ends:
            if end in self.plugged and end in self.going_at:
                yield self.going_at[end]

    def share(self, without: Iterable[Legs] = ()) -> float:
        """Return what the worst switch keeps of its links upwards."""
        lost = Counter(link.a.device for legs in without for link in legs.links)
        left = (
            min(1.0, (self.up[name] - lost[name]) / self.base[name])
            for name in (*self.short, *lost)
            if name in self.switches and name in self.base
        )
        return min(left, default=1.0)


def hang_up(old: Sequence[Link], new: Sequence[Link], moved: frozenset[str]) -> Wires:
    """Return the site as it stands; cables of `moved` devices have to be unplugged, too."""
    before, after = _by_ends(old), _by_ends(new)

    def stays(link: Link) -> bool:
        other = (before.get((link.a, link.b)), after.get((link.a, link.b)))
        same = other[0] is not None and other[1] is not None and _same_cable(other[0], other[1])
        return same and link.a.device not in moved and link.b.device not in moved

    going = _legs(link for link in old if not stays(link))
    coming = _legs(link for link in new if not stays(link))
    lower = Counter(link.a.device for link in old), Counter(link.a.device for link in new)
    base = {name: min(n, lower[1][name]) for name, n in lower[0].items() if lower[1][name]}
    switches = frozenset(link.b.device for link in (*old, *new))
    ground = Ground(switches=switches, hosts=base.keys() - switches)
    ground.begin(old)
    return Wires(
        base=base,
        switches=switches,
        plugged={end: link for link in old for end in (link.a, link.b)},
        going=dict.fromkeys(going),
        coming=dict.fromkeys(coming),
        absent=set(),
        going_at={end: legs for legs in going for end in legs.ends},
        coming_at={end: legs for legs in coming for end in legs.ends},
        going_of=_by_device(going),
        coming_of={name: tuple(legs) for name, legs in _by_device(coming).items()},
        ground=ground,
        up=Counter(lower[0]),
        hopeful=dict.fromkeys(coming),
    )


def _legs(links: Iterable[Link]) -> tuple[Legs, ...]:
    pieces: dict[str, list[Link]] = {}
    for link in links:
        pieces.setdefault(link.piece, []).append(link)
    return tuple(Legs(n, tuple(inside)) for n, inside in enumerate(pieces.values()))


def _by_device(all_of_them: Iterable[Legs]) -> dict[str, dict[Legs, None]]:
    found: dict[str, dict[Legs, None]] = {}
    for legs in all_of_them:
        for end in legs.ends:
            found.setdefault(end.device, {})[legs] = None
    return found


def _by_ends(links: Iterable[Link]) -> dict[tuple[LinkEnd, LinkEnd], Link]:
    return {(link.a, link.b): link for link in links}


def _same_cable(one: Link, other: Link) -> bool:
    return (one.cable, one.length_m) == (other.cable, other.length_m)
