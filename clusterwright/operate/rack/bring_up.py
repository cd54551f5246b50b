"""Bring racks into service: `clusterwright rack` and `clusterwright racks`."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from clusterwright.design.plan import SitePlan
from clusterwright.errors import OperationError, UsageError
from clusterwright.lock_file import alone_with
from clusterwright.operate.decommission.leaving import refuse_unfinished
from clusterwright.operate.rack.gate import find_gate
from clusterwright.operate.rack.open_site import open_live_site
from clusterwright.operate.rack.outcome import Hear, RackOutcome
from clusterwright.operate.rack.report_files import write_report
from clusterwright.operate.rack.runner import Course, run_racks
from clusterwright.operate.rack.steps import GATES
from clusterwright.record_file import read_record
from clusterwright.site_folder import SiteFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an operator has asked for; steps are given by number or name."""

    racks: tuple[str, ...]
    since: str | None = None
    until: str | None = None
    dry_run: bool = False
    at_once: int = 1

    @property
    def course(self) -> Course:
        """The gates to lead through.

        Raises:
            UsageError: there is no such step, or the last one comes before the first.
        """
        first = find_gate(GATES, self.since or GATES[0].name)
        last = find_gate(GATES, self.until or GATES[-1].name)
        if last.step < first.step:
            raise UsageError(
                f"--until {self.until}: step {last.step} comes before step {first.step}, with "
                f"which --from {self.since} begins: exchange them"
            )
        return Course(gates=GATES, first=first.step, last=last.step, acts=not self.dry_run)


async def bring_up(
    folder: SiteFolder, plan: SitePlan, order: Order, hear: Hear
) -> tuple[RackOutcome, ...]:
    """Lead racks through their gates, and keep a report of each. A dry run writes nothing.

    Raises:
        UsageError: there is no such rack or step, or a node is on its way out.
        OperationError: somebody else is at work on one of the racks.
    """
    refuse_unknown(plan, order.racks)
    course = order.course
    if not order.dry_run:
        refuse_unfinished(plan, read_record(folder.record), order.racks)
    site = open_live_site(folder, plan)
    if order.dry_run:
        return await run_racks(site, order.racks, course, hear, at_once=order.at_once)
    gates_done: dict[str, int] = {}

    def keep(outcome: RackOutcome) -> None:
        if gates_done.get(outcome.rack, 0) < len(outcome.gates):
            gates_done[outcome.rack] = len(outcome.gates)
            write_report(folder.reports, plan, outcome)
        hear(outcome)

    with _alone(folder.reports, order.racks):
        return await run_racks(site, order.racks, course, keep, at_once=order.at_once)


def refuse_unknown(plan: SitePlan, racks: Sequence[str]) -> None:
    known = [rack.name for rack in plan.racks]
    unknown = [rack for rack in racks if rack not in known]
    if unknown:
        raise UsageError(
            f"rack {', '.join(unknown)}: site {plan.site} has none of that name; "
            f"choose one of {', '.join(known)}"
        )


@contextmanager
def _alone(reports: Path, racks: Sequence[str]) -> Iterator[None]:
    """Two runs on one rack would cut each other's cords; whoever dies gives the rack back."""
    with ExitStack() as stack:
        for rack in sorted(racks):
            try:
                stack.enter_context(alone_with(reports / f"{rack}.json", 0.0))
            except OperationError as error:
                raise OperationError(
                    f"rack {rack}: another run is at work on it; wait for it to end, or stop it "
                    f"with Ctrl-C and run this again"
                ) from error
        yield
