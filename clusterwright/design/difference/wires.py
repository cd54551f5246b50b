"""What is plugged in and mounted at one moment between two plans."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clusterwright.design.plan import Link, LinkEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Wires:
    """The cables of a site on their way: what is plugged in, what has to go, what is to come.

    `base` is how many links upwards a device has before or after, whichever is less; one that comes
    or goes is not in it. `switches` are those of them that are no hosts.
    """

    base: Mapping[str, int]
    switches: frozenset[str]
    plugged: dict[LinkEnd, Link]
    going: dict[Link, None]
    coming: dict[Link, None]
    absent: set[str]
    """Devices that are not at their new place yet."""
    coming_at: Mapping[LinkEnd, Link]
    up: Counter[str] = field(default_factory=Counter)
    """Links upwards that each device has now."""

    def unplug(self, links: Iterable[Link]) -> None:
        for link in links:
            del self.plugged[link.a], self.plugged[link.b], self.going[link]
            self.up[link.a.device] -= 1

    def plug_what_fits(self) -> tuple[Link, ...]:
        """Plug in every coming cable whose ports are there and free."""
        fit = tuple(link for link in self.coming if self._free(link.a) and self._free(link.b))
        for link in fit:
            self.plugged[link.a] = self.plugged[link.b] = link
            del self.coming[link]
            self.up[link.a.device] += 1
        return fit

    def _free(self, end: LinkEnd) -> bool:
        return end not in self.plugged and end.device not in self.absent

    def successor(self, link: Link) -> Link | None:
        """Return the cable that is to come where this one goes."""
        found = self.coming_at.get(link.a) or self.coming_at.get(link.b)
        return found if found in self.coming else None

    def blockers(self, coming: Link) -> Iterator[Link]:
        """Yield the cables in whose ports it is to be."""
        for end in (coming.a, coming.b):
            if end in self.plugged:
                yield self.plugged[end]

    def share(self, without: Sequence[Link] = ()) -> float:
        """Return what the worst switch keeps of its links upwards."""
        lost = Counter(link.a.device for link in without)
        left = (
            min(1.0, (self.up[name] - lost[name]) / base)
            for name, base in self.base.items()
            if name in self.switches
        )
        return min(left, default=1.0)

    def links(self) -> Iterator[Link]:
        """Yield every cable that is plugged in, once."""
        return (link for end, link in self.plugged.items() if end == link.a)


def hang_up(old: Sequence[Link], new: Sequence[Link], moved: frozenset[str]) -> Wires:
    """Return the site as it stands; cables of `moved` devices have to be unplugged, too."""
    before, after = _by_ends(old), _by_ends(new)

    def stays(link: Link) -> bool:
        other = (before.get((link.a, link.b)), after.get((link.a, link.b)))
        same = other[0] is not None and other[1] is not None and _same_cable(other[0], other[1])
        return same and not {link.a.device, link.b.device} & moved

    coming = dict.fromkeys(link for link in new if not stays(link))
    lower = Counter(link.a.device for link in old), Counter(link.a.device for link in new)
    switches = _switches(old) | _switches(new)
    return Wires(
        base={name: min(n, lower[1][name]) for name, n in lower[0].items() if lower[1][name]},
        switches=switches,
        plugged={end: link for link in old for end in (link.a, link.b)},
        going=dict.fromkeys(link for link in old if not stays(link)),
        coming=coming,
        absent=set(),
        coming_at={end: link for link in coming for end in (link.a, link.b)},
        up=Counter(lower[0]),
    )


def _by_ends(links: Iterable[Link]) -> dict[tuple[LinkEnd, LinkEnd], Link]:
    return {(link.a, link.b): link for link in links}


def _same_cable(one: Link, other: Link) -> bool:
    return (one.cable, one.length_m) == (other.cable, other.length_m)


def _switches(links: Iterable[Link]) -> frozenset[str]:
    return frozenset(link.b.device for link in links)
