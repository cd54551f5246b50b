"""Lead racks through gates: each at its own pace, none delays another.

It knows nothing of what a gate is about. Where a rack stands is read anew at every gate, so a run
may stop anywhere and be repeated.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from clusterwright.errors import ClusterwrightError
from clusterwright.operate.rack.evidence import with_evidence
from clusterwright.operate.rack.gate import Gate, Look
from clusterwright.operate.rack.outcome import GateOutcome, Hear, RackOutcome
from clusterwright.operate.rack.passed import after, from_record
from clusterwright.operate.rack.site import LiveRack, LiveSite
from clusterwright.operate.rack.verdict import (
    HELD_UP,
    Check,
    Checks,
    Verdict,
    failed,
    worst,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Which gates of all a run leads through, and whether it may act there."""

    gates: tuple[Gate, ...]
    first: int = 1
    last: int = 99
    acts: bool = True

    @property
    def chosen(self) -> tuple[Gate, ...]:
        return tuple(gate for gate in self.gates if self.first <= gate.step <= self.last)

    @property
    def earlier(self) -> tuple[Gate, ...]:
        """Those that must have been passed by another run."""
        return tuple(gate for gate in self.gates if gate.step < self.first)


async def run_racks(
    site: LiveSite, racks: Sequence[str], course: Course, hear: Hear, *, at_once: int
) -> tuple[RackOutcome, ...]:
    """Lead racks through a course, so many at a time; `hear` is told of every change."""
    places = asyncio.Semaphore(at_once)

    async def one(name: str) -> RackOutcome:
        async with places:
            return await run_rack(site, name, course, hear)

    return tuple(await asyncio.gather(*(one(name) for name in racks)))


async def run_rack(site: LiveSite, name: str, course: Course, hear: Hear) -> RackOutcome:
    """Lead one rack as far as its gates let it."""
    now = RackOutcome(rack=name)

    def tell(outcome: RackOutcome) -> None:
        nonlocal now
        now = outcome
        hear(outcome)

    rack = LiveRack(name=name, site=site)
    rack.note = lambda text: tell(replace(now, note=text))
    try:
        await _lead(rack, course, lambda: now, tell)
    finally:
        await site.doors.close((*(one for _, one in rack.controllers()), *rack.boards()))
    tell(replace(now, ended=True))
    return now


async def _keep(rack: LiveRack, course: Course, looked: GateOutcome) -> None:
    """Write down whether a gate was passed, before the next one is begun, unless that is known."""
    passed = after(rack, course.gates, looked)
    if passed == rack.passed_gates:
        return
    try:
        await rack.site.keep_passed(rack.name, passed)
    except ClusterwrightError as error:
        # The next gate tries again to write all of them, and so does the next run.
        rack.note(f"what it has passed is not written down: {error}")
    rack.passed_gates = passed


async def _lead(rack: LiveRack, course: Course, now: Callable[[], RackOutcome], tell: Hear) -> None:
    for gate in course.earlier:
        done = from_record(rack, gate)
        if not course.acts:
            done = replace(done, checks=tuple(_to_do(check) for check in done.checks))
        tell(replace(now(), step=gate.step, gates=(*now().gates, done)))
        if done.verdict in HELD_UP and course.acts:
            return
    for gate in course.chosen:
        tell(replace(now(), step=gate.step, doing=gate.title, note=""))
        done = await _pass(gate, rack, acts=course.acts)
        tell(replace(now(), gates=(*now().gates, done), doing="", note=""))
        if course.acts:
            await _keep(rack, course, done)
        # A dry run shows what it can see of all of them.
        if done.verdict in HELD_UP and course.acts:
            return


async def _pass(gate: Gate, rack: LiveRack, *, acts: bool) -> GateOutcome:
    began_s = time.monotonic()
    checks = await _safely(gate, gate.look, rack)
    acted = False
    if gate.act and worst(checks) is Verdict.FAIL:
        if acts:
            acted = True
            shown = await _safely(gate, gate.act, rack)
            checks = (*shown, *await _safely(gate, gate.look, rack))
        else:
            checks = tuple(_to_do(check) for check in checks)
    if worst(checks) is Verdict.FAIL:
        rack.note("keeping evidence")
        checks = await with_evidence(rack, checks)
    return GateOutcome(
        step=gate.step,
        name=gate.name,
        title=gate.title,
        checks=tuple(dict.fromkeys(checks)),
        acted=acted,
        seconds=time.monotonic() - began_s,
    )


async def _safely(gate: Gate, do: Look, rack: LiveRack) -> Checks:
    """One device's trouble is a check that fails, never the end of a run."""
    try:
        return await do(rack)
    except ClusterwrightError as error:
        return (failed(rack.name, f"{gate.title} can be looked at and worked on", str(error)),)


def _to_do(check: Check) -> Check:
    return replace(check, verdict=Verdict.TO_DO) if check.verdict is Verdict.FAIL else check
