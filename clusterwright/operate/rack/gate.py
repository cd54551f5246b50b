"""A gate: what must hold before a rack goes on, how to look, and what a run does about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from clusterwright.errors import UsageError
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Checks

Look = Callable[[LiveRack], Awaitable[Checks]]
Act = Callable[[LiveRack], Awaitable[Checks]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One step of a rack's way into service.

    `look` reads and changes nothing. `act` may be repeated and killed anywhere; it returns what
    only doing it could show. Afterwards, `look` decides again.
    """

    step: int
    name: str
    title: str
    short: str
    """For the head of a narrow column."""
    look: Look
    act: Act | None = None


def find_gate(gates: tuple[Gate, ...], given: str) -> Gate:
    """Return a gate by its number or name.

    Raises:
        UsageError: there is none.
    """
    for gate in gates:
        if given in {str(gate.step), gate.name}:
            return gate
    known = ", ".join(f"{gate.step} {gate.name}" for gate in gates)
    raise UsageError(f"step {given}: there is no such step; choose one of {known}")
