"""Which cables are pulled, removed, moved."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from clusterwright.design.difference.piece import Piece, gather
from clusterwright.design.plan import Link, LinkEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class CableMove:
    """A cable that stays in one of its ports and gets others at its other ends."""

    was: Piece
    becomes: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Cables:
    """What happens to the cables that do not stay as they are."""

    pull: tuple[Piece, ...]
    remove: tuple[Piece, ...]
    move: tuple[CableMove, ...]


def under_new_names(links: Iterable[Link], renamed: Mapping[str, str]) -> tuple[Link, ...]:
    """Return links of the old plan with the names that their devices have in the new one."""

    def end(old: LinkEnd) -> LinkEnd:
        name = renamed.get(old.device)
        return replace(old, device=name) if name else old

    return tuple(replace(link, a=end(link.a), b=end(link.b)) if renamed else link for link in links)


def compare_cables(old: Iterable[Link], new: Iterable[Link]) -> Cables:
    """Return what happens to cables, those of `old` under new names already."""
    before = {piece.identity: piece for piece in gather(old)}
    after = {piece.identity: piece for piece in gather(new)}
    going = [piece for key, piece in before.items() if key not in after]
    coming = [piece for key, piece in after.items() if key not in before]
    moves: list[CableMove] = []
    for ends in (_lower, _upper):
        found = list(_moves(going, coming, ends))
        was, becomes = ({getattr(m, key).name for m in found} for key in ("was", "becomes"))
        going = [piece for piece in going if piece.name not in was]
        coming = [piece for piece in coming if piece.name not in becomes]
        moves += found
    return Cables(pull=tuple(coming), remove=tuple(going), move=tuple(moves))


def _moves(
    going: Iterable[Piece],
    coming: Iterable[Piece],
    ends: Callable[[Piece], Iterator[LinkEnd]],
) -> Iterator[CableMove]:
    """Pair pieces that have an end in common and can be one cable."""
    free = {(end, one.cable, one.length_m): one for one in coming for end in ends(one)}
    taken: set[str] = set()
    for was in going:
        found = (free.get((end, was.cable, was.length_m)) for end in ends(was))
        becomes = next((one for one in found if one and one.name not in taken), None)
        if becomes:
            taken.add(becomes.name)
            yield CableMove(was=was, becomes=becomes)


def _lower(piece: Piece) -> Iterator[LinkEnd]:
    return piece.lower


def _upper(piece: Piece) -> Iterator[LinkEnd]:
    return piece.upper
