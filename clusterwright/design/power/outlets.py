"""The outlets of a bank that are still free, and who takes which."""

from dataclasses import dataclass

from clusterwright.design.newcomers import MANAGEMENT_HOSTS, Turns, take_turns
from clusterwright.design.power.feeding import Feeding

FROM_THE_LAST = ("facility", "fabrics")
"""Sections of the definition whose outlets are counted from the last one of a bank."""


@dataclass(slots=True, kw_only=True)
class Free:
    """Those of one bank: nodes take them from the first, fabrics from the last; hosts and storage,
    which come after both, by turns what is left."""

    lowest: int
    highest: int
    turns: Turns | None = None
    """Of hosts and storage, once all others have their outlets."""
    hosts: int = 0
    stores: int = 0

    def take(self, section: str) -> int:
        """Return the outlet that a device of this section of the definition gets."""
        if section == "compute":
            self.lowest += 1
            return self.lowest - 1
        if section in FROM_THE_LAST:
            self.highest -= 1
            return self.highest + 1
        return self.highest - self._turn(section)

    def _turn(self, section: str) -> int:
        self.turns = self.turns or take_turns(self._left, MANAGEMENT_HOSTS)
        if section == "storage":
            self.stores += 1
            return self.turns.stores[self.stores - 1]
        self.hosts += 1
        return self.turns.hosts[self.hosts - 1]

    @property
    def _left(self) -> int:
        return self.highest - self.lowest + 1

    @property
    def any(self) -> bool:
        """Whether one is left."""
        return self._left > self.hosts + self.stores


def free_outlets(feeding: Feeding) -> tuple[Free, ...]:
    """Return the outlets of a PDU, bank by bank."""
    if feeding.pdu is None:
        return ()
    counts = [bank.count for bank in feeding.banks] or [feeding.pdu.outlet_count]
    starts = [1 + sum(counts[:i]) for i in range(len(counts))]
    return tuple(
        Free(lowest=first, highest=first + count - 1)
        for first, count in zip(starts, counts, strict=True)
    )
