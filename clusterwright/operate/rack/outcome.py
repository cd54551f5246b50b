"""What has become of a rack: gate by gate, for tables and reports. It decides nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from clusterwright.operate.rack.verdict import HELD_UP, Check, Checks, Verdict, worst, worst_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOutcome:
    """How a gate stands. `acted` is whether the run did something about it."""

    step: int
    name: str
    title: str
    checks: Checks
    acted: bool
    seconds: float

    @property
    def verdict(self) -> Verdict:
        return worst(self.checks)

    @property
    def open(self) -> tuple[Check, ...]:
        """The checks that are not passed."""
        return tuple(check for check in self.checks if check.verdict is not Verdict.PASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RackOutcome:
    """How far a rack has come. `ended` is whether nothing more happens in this run."""

    rack: str
    gates: tuple[GateOutcome, ...] = ()
    doing: str = ""
    """The title of the gate that it is at."""
    note: str = ""
    step: int = 0
    """The gate that it is at, or was at last."""
    ended: bool = False

    @property
    def verdict(self) -> Verdict:
        return worst_of(gate.verdict for gate in self.gates)

    @property
    def held_at(self) -> GateOutcome | None:
        """The gate that holds it up."""
        return next((gate for gate in self.gates if gate.verdict in HELD_UP), None)

    @property
    def in_service(self) -> bool:
        """Whether it has passed the last gate."""
        return bool(self.gates) and self.gates[-1].name == LAST and self.held_at is None


LAST = "in-service"
Hear = Callable[[RackOutcome], None]
"""Is told whenever something about a rack has changed."""


def exit_code(outcomes: tuple[RackOutcome, ...]) -> int:
    """1: a gate failed; 4: a rack waits for a person; what is not proven is listed, and is 0."""
    verdicts = {outcome.verdict for outcome in outcomes}
    if Verdict.FAIL in verdicts:
        return 1
    return 4 if Verdict.WAITS in verdicts else 0
