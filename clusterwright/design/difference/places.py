"""Who stands in whose place, and who can go there next."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LONGEST_RING = 64
"""Devices that wait for each other's place and are taken down in one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """What is put up and what is taken down; a device that moves is both.

    `behind` has, for each new device, the old ones in whose rack units it goes.
    """

    put_up: tuple[str, ...]
    take_down: tuple[str, ...]
    moved: frozenset[str]
    behind: Mapping[str, frozenset[str]]


@dataclass(slots=True, kw_only=True)
class Places:
    """What still stands of the old devices; `rank` is their order, `line` that of new ones."""

    devices: Devices
    standing: set[str]
    rank: Mapping[str, int]
    line: Mapping[str, int]
    before: Mapping[str, tuple[str, ...]]
    """New devices by the old ones in whose place they go."""
    lacking: dict[str, int]
    """How many old ones still stand where each new device goes."""
    free: deque[str] = field(default_factory=deque)
    """Devices that move, and could go where nothing but themselves stands."""
    waiting: deque[str] = field(default_factory=deque)
    """Those in whose place others go, in their order."""

    def take_down(self, names: Iterable[str]) -> tuple[str, ...]:
        """Take down those of the names that make room; return the new ones that fit then."""
        fit = []
        for name in names:
            self.standing.discard(name)
            for new in self.before.get(name, ()):
                self.lacking[new] -= 1
                if not self.lacking[new]:
                    fit.append(new)
                elif self.lacking[new] == 1 and new in self.standing and self._own(new):
                    self.free.append(new)
        return tuple(sorted(fit, key=self.line.__getitem__))

    def _own(self, new: str) -> bool:
        return new in self.devices.behind[new]

    def next_ones(self) -> tuple[str, ...]:
        """Return what is to be taken down together next: a device, or a ring that waits in turn."""
        while self.free:
            name = self.free.popleft()
            if name in self.standing:
                return (name,)
        while self.waiting and self.waiting[0] not in self.standing:
            self.waiting.popleft()
        return self._ring(self.waiting[0]) if self.waiting else ()

    def _ring(self, first: str) -> tuple[str, ...]:
        """Return who must be down for the places of all of them to be free; one where too many."""
        ring, todo = {first: None}, [first]
        while todo:
            name = todo.pop()
            for new in (*self.before.get(name, ()), name):
                for other in self.devices.behind.get(new, frozenset()) & self.standing:
                    if other not in ring:
                        ring[other] = None
                        todo.append(other)
            if len(ring) > LONGEST_RING:
                return (first,)
        return tuple(sorted(ring, key=self.rank.__getitem__))


def survey(devices: Devices) -> Places:
    """Return the places as they are at first."""
    standing = set(devices.take_down)
    before: dict[str, list[str]] = {}
    for new in devices.put_up:
        for old in devices.behind.get(new, ()):
            before.setdefault(old, []).append(new)
    lacking = {new: len(devices.behind.get(new, frozenset()) & standing) for new in devices.put_up}
    return Places(
        devices=devices,
        standing=standing,
        rank={name: n for n, name in enumerate(devices.take_down)},
        line={name: n for n, name in enumerate(devices.put_up)},
        before={old: tuple(new) for old, new in before.items()},
        lacking=lacking,
        free=deque(n for n, few in lacking.items() if few == 1 and n in devices.behind[n]),
        waiting=deque(name for name in devices.take_down if name in before),
    )
