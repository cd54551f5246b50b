"""Which cables are pulled, removed, moved."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from clusterwright.design.plan import Link, LinkEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class CableMove:
    """A cable that stays in one of its ports and gets another at its other end."""

    was: Link
    becomes: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Cables:
    """What happens to the cables that do not stay as they are."""

    pull: tuple[Link, ...]
    remove: tuple[Link, ...]
    move: tuple[CableMove, ...]

    @property
    def coming(self) -> tuple[Link, ...]:
        """All that are plugged in somewhere new."""
        return (*(move.becomes for move in self.move), *self.pull)

    @property
    def going(self) -> tuple[Link, ...]:
        """All that are unplugged from where they are."""
        return (*(move.was for move in self.move), *self.remove)


def under_new_names(links: Iterable[Link], renamed: Mapping[str, str]) -> tuple[Link, ...]:
    """Return links of the old plan with the names that their devices have in the new one."""

    def end(old: LinkEnd) -> LinkEnd:
        name = renamed.get(old.device)
        return replace(old, device=name) if name else old

    return tuple(replace(link, a=end(link.a), b=end(link.b)) if renamed else link for link in links)


def compare_cables(old: Iterable[Link], new: Iterable[Link]) -> Cables:
    """Return what happens to cables, those of `old` under new names already."""
    before, after = {_cable(link): link for link in old}, {_cable(link): link for link in new}
    going = [link for cable, link in before.items() if cable not in after]
    coming = [link for cable, link in after.items() if cable not in before]
    moves: list[CableMove] = []
    for end in (_lower, _upper):
        found = _moves(going, coming, end)
        moved = {_cable(link) for move in found for link in (move.was, move.becomes)}
        going = [link for link in going if _cable(link) not in moved]
        coming = [link for link in coming if _cable(link) not in moved]
        moves += found
    return Cables(pull=tuple(coming), remove=tuple(going), move=tuple(moves))


def _moves(
    going: Iterable[Link], coming: Iterable[Link], end: Callable[[Link], LinkEnd]
) -> list[CableMove]:
    """Pair links that have an end in common and can be one cable."""
    free = {(end(link), link.cable, link.length_m): link for link in coming}
    pairs = ((link, free.get((end(link), link.cable, link.length_m))) for link in going)
    return [CableMove(was=was, becomes=becomes) for was, becomes in pairs if becomes]


def _lower(link: Link) -> LinkEnd:
    return link.a


def _upper(link: Link) -> LinkEnd:
    return link.b


def _cable(link: Link) -> tuple[LinkEnd, LinkEnd, str, float]:
    return link.a, link.b, link.cable, link.length_m
