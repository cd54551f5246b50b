"""Which outlet the cord of each power supply of one rack goes to.

Supplies go to the feeds by turns. On its feed, a cord goes to the branch that carries least, then
to the PDU and the phase that carry least, and there to the first free outlet of its type. The
compute fabric comes first, from the last outlet upwards: it keeps its places from the start. Each
other section of the definition (nodes, hosts, every other fabric) is spread over it as if the rest
were not there. Within a bank, nodes take outlets from the first one up, fabrics from the last one
down (and coolant beside them), and what these leave hosts and storage share by turns. So what is
added to one section moves nothing of another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clusterwright.catalogue.entry import OUTLET_FOR, RATED_AMPS, OutletType
from clusterwright.design.occupant import Occupant
from clusterwright.design.power.feeding import Feeding
from clusterwright.design.power.outlets import FROM_THE_LAST, Free, free_outlets
from clusterwright.errors import DefinitionPath

NO_PDU = -1
_FIRST: DefinitionPath = ("fabrics", "compute")
_ORDER = ("compute", *FROM_THE_LAST, "management", "storage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cord:
    """From a supply to an outlet: `pdu` and `bank` count from 0, `outlet` from 1.

    `pdu` is NO_PDU where no outlet of its type was left on its feed.
    """

    supply: int
    feed: str
    pdu: int = NO_PDU
    bank: int = 0
    outlet: int = 0


@dataclass(slots=True, kw_only=True)
class _Spread:
    """What one section of the definition has put where so far, in amperes."""

    turn: int = 0
    branches: dict[tuple[int, str], float] = field(default_factory=dict)
    phases: dict[tuple[int, str], float] = field(default_factory=dict)
    pdus: dict[int, float] = field(default_factory=dict)

    base: "_Spread | None" = None
    """What is there from the start."""

    def weight(self, pdu: int, branch: str, phase: str) -> tuple[float, float, float]:
        """Return what a choice already carries, the narrowest first."""
        below = self.base.weight(pdu, branch, phase) if self.base else (0.0, 0.0, 0.0)
        return (
            self.branches.get((pdu, branch), 0.0) + below[0],
            self.pdus.get(pdu, 0.0) + below[1],
            self.phases.get((pdu, phase), 0.0) + below[2],
        )

    def add(self, pdu: int, branch: str, phase: str, amps: float) -> None:
        self.branches[pdu, branch] = self.branches.get((pdu, branch), 0.0) + amps
        self.phases[pdu, phase] = self.phases.get((pdu, phase), 0.0) + amps
        self.pdus[pdu] = self.pdus.get(pdu, 0.0) + amps


@dataclass(slots=True, kw_only=True)
class _Board:
    """The PDUs of a rack while cords are being plugged in."""

    feeding: Feeding
    free: tuple[tuple[Free, ...], ...]
    spreads: dict[DefinitionPath, _Spread] = field(default_factory=dict)

    def spread(self, section: DefinitionPath) -> _Spread:
        base = None if section == _FIRST else self.spreads.get(_FIRST)
        return self.spreads.setdefault(section, _Spread(base=base))


def plug(feeding: Feeding, inside: Sequence[Occupant]) -> tuple[tuple[Cord, ...], ...]:
    """Return the cords of each device of a rack."""
    board = _Board(feeding=feeding, free=tuple(free_outlets(feeding) for _ in feeding.pdu_feeds))
    cords: dict[int, tuple[Cord, ...]] = {}
    for ordinal in sorted(range(len(inside)), key=lambda ordinal: _rank(inside[ordinal])):
        cords[ordinal] = tuple(_cords(board, inside[ordinal]))
    return tuple(cords[ordinal] for ordinal in range(len(inside)))


def branch_of(feeding: Feeding, bank: int) -> str:
    """Name a branch; a bank whose branch is not known is taken for one of its own."""
    return feeding.banks[bank].branch or f"({bank})" if feeding.banks else "(0)"


def section_of(one: Occupant) -> DefinitionPath:
    """Return the section of the definition that asks for a device."""
    return one.path[:2] if one.path[0] == "fabrics" else one.path[:1]


def _rank(one: Occupant) -> int:
    section = section_of(one)
    return 0 if section == _FIRST else 1 + _ORDER.index(_taker(one))


def _taker(one: Occupant) -> str:
    """Return as what a device takes outlets: the unexpected do as hosts do, after these."""
    return "management" if one.late else str(one.path[0])


def _cords(board: _Board, one: Occupant) -> Iterator[Cord]:
    if one.supplies is None:
        return
    feeds, count = board.feeding.feeds, one.supplies.count
    spread = board.spread(section_of(one))
    left = max(1, count - -(-count // len(feeds)))
    watts = one.power_watts / left
    volts = (board.feeding.pdu.outlet_volts if board.feeding.pdu else None) or 230
    types = _types(one, watts / volts, volts)
    for k in range(count):
        feed = feeds[(spread.turn + k) % len(feeds)]
        yield _place(board, spread, Cord(supply=k, feed=feed), types, watts / volts, one)
    spread.turn += count


def _types(one: Occupant, amps: float, volts: float) -> tuple[OutletType, ...]:
    """Return the types of outlet that may take a cord; one of an unknown inlet prefers its size.

    A supply has an inlet for all that it can give.
    """
    if one.supplies and one.supplies.inlet:
        return (OUTLET_FOR[one.supplies.inlet],)
    most = max(amps, (one.supplies.capacity_watts or 0) / volts if one.supplies else 0)
    return ("C13", "C19") if most <= RATED_AMPS["C13"] else ("C19", "C13")


def _place(  # noqa: PLR0913, PLR0917 - one cord, and all that decides where it goes
    board: _Board,
    spread: _Spread,
    cord: Cord,
    types: Sequence[OutletType],
    amps: float,
    one: Occupant,
) -> Cord:
    for outlet_type in types:
        best = min(
            _choices(board, cord.feed, outlet_type),
            key=lambda choice: (*spread.weight(*choice[:3]), _turn(board, one, choice[3])),
            default=None,
        )
        if best:
            pdu, branch, phase, bank = best
            spread.add(pdu, branch, phase, amps)
            outlet = board.free[pdu][bank].take(_taker(one))
            return Cord(supply=cord.supply, feed=cord.feed, pdu=pdu, bank=bank, outlet=outlet)
    return cord


def _turn(board: _Board, one: Occupant, bank: int) -> int:
    """Begin with the first bank for nodes, with the last for fabrics, in the middle for hosts."""
    banks = max(1, len(board.feeding.banks))
    if one.path[0] == "fabrics":
        return -bank
    return bank if one.path[0] == "compute" else (bank + banks // 2) % banks


def _choices(
    board: _Board, feed: str, outlet_type: OutletType
) -> Iterator[tuple[int, str, str, int]]:
    """Yield PDU, branch, phase and bank of each free outlet of a type on a feed."""
    feeding = board.feeding
    for pdu, its_feed in enumerate(feeding.pdu_feeds):
        if its_feed != feed:
            continue
        for bank, free in enumerate(board.free[pdu]):
            if not free.any:
                continue
            known = feeding.banks[bank] if feeding.banks else None
            if known is None or known.type == outlet_type:
                phase = (known.phase if known else None) or "L1"
                yield pdu, branch_of(feeding, bank), phase, bank
