"""Where a MIG instance may sit, found by search over each profile's placements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .models import Profile

COMPUTE_SLICES = 7
BLOCKS = ((6,), (4, 5), (0, 1), (2, 3), (4, 5, 6), (0, 1, 2, 3))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Placed:
    """A profile on its first memory slice."""

    start: int
    profile: Profile

    @property
    def slices(self) -> frozenset[int]:
        return frozenset(range(self.start, self.start + self.profile.size))


def fits(new: Placed, existing: Sequence[Placed]) -> bool:
    """Whether `new` may join `existing`: no shared slice, and one `+me` instance at most."""
    if any(new.slices & other.slices for other in existing):
        return False
    count = sum(other.profile.id == new.profile.id for other in existing)
    return count < new.profile.instances


def placements(profile: Profile, existing: Sequence[Placed]) -> tuple[Placed, ...]:
    """Return every placement of `profile` that is still free, lowest start first."""
    candidates = (Placed(start=start, profile=profile) for start in profile.starts)
    return tuple(new for new in candidates if fits(new, existing))


def choose(profile: Profile, existing: Sequence[Placed]) -> Placed | None:
    """Return the placement that the driver takes: in the smallest free block, then the lowest.

    It fills slice 6 first, then 4 and 5, then 0 to 3, as the MIG user guide's listings show.
    """
    taken = frozenset[int]().union(*(other.slices for other in existing))

    def room(new: Placed) -> tuple[int, int]:
        needed = {slot for slot in new.slices if slot < COMPUTE_SLICES}
        blocks = [
            block
            for block in BLOCKS
            if needed <= set(block)
            and not taken & set(block)
            and (new.profile.size > 2 or block != (4, 5, 6))
        ]
        return max(map(len, blocks), default=0), new.start

    return min(placements(profile, existing), key=room, default=None)


def maximal_layouts(profiles: Sequence[Profile]) -> Iterator[frozenset[tuple[int, int]]]:
    """Yield every layout, as (start, profile id), to which no further instance can be added."""
    seen: set[frozenset[tuple[int, int]]] = set()
    pending: list[tuple[Placed, ...]] = [()]
    while pending:
        layout = pending.pop()
        further = [new for profile in profiles for new in placements(profile, layout)]
        for new in further:
            grown = (*layout, new)
            key = frozenset((placed.start, placed.profile.id) for placed in grown)
            if key not in seen:
                seen.add(key)
                pending.append(grown)
        if not further:
            yield frozenset((placed.start, placed.profile.id) for placed in layout)
