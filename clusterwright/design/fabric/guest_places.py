"""Which ports of a unit's leaves its guests take: dealt over the leaves in turn, in their order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clusterwright.design.fabric.ask import FabricAsk, GuestAsk


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestPlaces:
    """Where each plug of a guest goes: the leaf, and how many ports lie behind its first one.

    `deepest` is how many ports the leaf that has most guests gives them, `counted` how many of
    those need ports above.
    """

    places: tuple[tuple[int, int], ...]
    deepest: int
    counted: int


def deal(ask: FabricAsk, guests: Iterable[GuestAsk], leaves: int, spare: int = 0) -> GuestPlaces:
    """Deal out the guests, in pairs where the `spare` ports of each leaf are enough for that."""
    dealt = list(guests)
    paired = _deal(ask, dealt, leaves, pairing=True)
    return paired if paired.deepest <= spare else _deal(ask, dealt, leaves, pairing=False)


def _deal(ask: FabricAsk, guests: Sequence[GuestAsk], leaves: int, *, pairing: bool) -> GuestPlaces:
    hand = _Hand(
        cage=ask.cage_ports * ask.split, pairing=pairing, taken=[0] * leaves, counted=[0] * leaves
    )
    places = tuple(hand.place(guest) for guest in guests)
    return GuestPlaces(places=places, deepest=max(hand.taken), counted=max(hand.counted))


@dataclass(slots=True, kw_only=True)
class _Hand:
    """What is dealt so far; a guest's place depends on those before it only."""

    cage: int
    """Ports of a cage, as split."""
    pairing: bool
    taken: list[int]
    counted: list[int]
    turn: int = 0
    opened: tuple[int, int] | None = None
    """Leaf and depth of the first free port in a cage of paired ones."""

    def place(self, guest: GuestAsk) -> tuple[int, int]:
        if guest.takes == "paired" and self.opened:
            return self._beside(*self.opened)
        leaf = self.turn % len(self.taken)
        self.turn += 1
        end = self.taken[leaf] + 1
        if guest.takes == "cage" or (guest.takes == "paired" and self.pairing):
            end = -(-end // self.cage) * self.cage + (self.taken[leaf] % self.cage > 0) * self.cage
        if guest.takes == "paired" and self.pairing and self.cage > 1:
            self.opened = (leaf, end - 2)
        self.counted[leaf] += (end - self.taken[leaf]) * guest.counts
        self.taken[leaf] = end
        return leaf, end - 1

    def _beside(self, leaf: int, depth: int) -> tuple[int, int]:
        """Return the next port of the cage that was opened for one like it."""
        self.opened = (leaf, depth - 1) if depth % self.cage else None
        return leaf, depth
