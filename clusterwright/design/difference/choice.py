"""Which cables are unplugged next: those whose way is free, or who make way for each other."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from clusterwright.design.difference.places import Places
from clusterwright.design.difference.wires import Legs, Wires

LONGEST_CHAIN = 64
"""Cables that wait for each other and are unplugged in one step."""


@dataclass(slots=True, kw_only=True)
class Choice:
    """The cables that may be chosen; those that wait for a device are set aside until it is there.

    `keep` is the part of its links upwards that every switch is to keep.
    """

    wires: Wires
    keep: float
    ready: dict[Legs, None]
    aside: dict[str, list[Legs]] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    """Links upwards that the step takes from each device."""

    def arrive(self, devices: Iterable[str]) -> None:
        for name in devices:
            self.ready.update(dict.fromkeys(self.aside.pop(name, ())))

    def next_ones(self, places: Places) -> tuple[Legs, ...]:
        """Return what to unplug: as much as every switch can spare."""
        for longest in (1, LONGEST_CHAIN):
            self.used.clear()
            chosen = self._chains(longest)
            if chosen:
                return chosen
        return self._of_devices(places.next_ones()) or self._as_many_as_can_be()

    def _chains(self, longest: int) -> tuple[Legs, ...]:
        """Choose cables whose way is free, or of which each makes way for the next."""
        chosen = dict[Legs, None]()
        for legs in sorted(self.ready, key=lambda one: one.ordinal):
            if legs not in self.wires.going:
                del self.ready[legs]
            elif legs not in chosen and self._spares(legs.links[0].a.device, 1):
                self._choose(self._chain(legs, longest), chosen)
        return tuple(chosen)

    def _choose(self, chain: tuple[Legs, ...], chosen: dict[Legs, None]) -> None:
        fresh = [legs for legs in chain if legs not in chosen]
        needed = Counter(link.a.device for legs in fresh for link in legs.links)
        if all(self._spares(name, n) for name, n in needed.items()):
            self.used.update(needed)
            chosen.update(dict.fromkeys(chain))

    def _spares(self, name: str, count: int) -> bool:
        """Whether a device can do without so many more links upwards; each can without one."""
        base = self.wires.base.get(name)
        if base is None:
            return True
        spare = max(1, int(base * (1 - self.keep) + 1e-9)) - max(0, base - self.wires.up[name])
        return spare - self.used[name] >= count

    def _chain(self, first: Legs, longest: int) -> tuple[Legs, ...]:
        """Return the cables that must be out together for `first` to move; none where too many."""
        wires = self.wires
        if wires.successor(first) is None:
            del self.ready[first]
            return ()
        chain, next_ones = {first: None}, [first]
        while next_ones:
            coming = wires.successor(next_ones.pop())
            if coming is None:
                continue
            if device := wires.waits_for(coming):
                del self.ready[first]
                self.aside.setdefault(device, []).append(first)
                return ()
            for blocker in wires.blockers(coming):
                if blocker not in chain:
                    chain[blocker] = None
                    next_ones.append(blocker)
            if len(chain) > longest:
                return ()
        return tuple(chain)

    def _of_devices(self, names: Iterable[str]) -> tuple[Legs, ...]:
        """Choose all cables of devices in whose places others go."""
        cables = (legs for name in names for legs in self.wires.going_of.get(name, ()))
        return tuple(dict.fromkeys(cables))

    def _as_many_as_can_be(self) -> tuple[Legs, ...]:
        """Choose cables that only go, or that have to wait outside for their new port."""
        self.used.clear()
        chosen = dict[Legs, None]()
        for legs in self.wires.going:
            name = legs.links[0].a.device
            if self._spares(name, 1) or not chosen:
                self.used.update(link.a.device for link in legs.links)
                chosen[legs] = None
        return tuple(chosen)
