"""A rack's outcome as a report: JSON for programs, Markdown and HTML for whoever signs."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from clusterwright.design.plan import SitePlan
from clusterwright.operate.rack.outcome import GateOutcome, RackOutcome
from clusterwright.operate.rack.verdict import Check, Verdict
from clusterwright.render.rack_report import CheckView, GateView, RackReportView, ServerView

MARKS = {
    Verdict.PASS: "✓",
    Verdict.NOT_PROVEN: "?",
    Verdict.TO_DO: "→",
    Verdict.WAITS: "⏸",
    Verdict.FAIL: "✗",
}


def to_document(site: str, outcomes: Iterable[RackOutcome]) -> dict[str, Any]:
    """The one document that `--json` prints."""
    return {"site": site, "racks": [_rack_document(outcome) for outcome in outcomes]}


def view_of(plan: SitePlan, outcome: RackOutcome, serials: Mapping[str, str]) -> RackReportView:
    """Return what stands in a rack's report; `serials` are of servers, by name."""
    rack = next(one for one in plan.racks if one.name == outcome.rack)
    nodes = [node for node in plan.nodes if node.mount.rack == outcome.rack]
    verdict = outcome.verdict
    return RackReportView(
        site=plan.site,
        rack=rack.name,
        mark=MARKS[verdict],
        verdict=_word(outcome),
        slug=_slug(verdict),
        headline=headline(outcome),
        written=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        version=version("clusterwright"),
        place=f"{rack.row}, place {rack.place + 1}",
        servers=tuple(
            ServerView(
                name=node.name,
                model=node.server,
                serial=serials.get(node.name, "") or "–",
                unit=f"U{node.mount.lowest_unit}",
                controller=str(node.controller.address),
                address=str(node.address),
            )
            for node in nodes
        ),
        gates=tuple(_gate(gate) for gate in outcome.gates),
        not_proven=tuple(
            _check(subjects, check)
            for gate in outcome.gates
            for subjects, check in grouped(c for c in gate.open if c.verdict is Verdict.NOT_PROVEN)
        ),
    )


def headline(outcome: RackOutcome) -> str:
    """Say in one sentence how a rack stands."""
    held = outcome.held_at
    if held:
        wrong = [check for check in held.open if check.verdict is held.verdict]
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        word = "waits" if held.verdict is Verdict.WAITS else "stopped"
        first = wrong[0]
        why = first.found or first.sentence
        return f"It {word} at step {held.step}, {held.title}: {first.subject}: {why}{more}."
    count = sum(c.verdict is Verdict.NOT_PROVEN for gate in outcome.gates for c in gate.open)
    rest = f"; {count} checks are not proven, and listed" if count else ""
    if outcome.in_service:
        return f"It is in service: jobs may run on it{rest}."
    last = outcome.gates[-1] if outcome.gates else None
    return f"It has passed step {last.step}, {last.title}{rest}." if last else "It has not begun."


def grouped(checks: Iterable[Check]) -> list[tuple[str, Check]]:
    """Say once what holds alike for many: their names, and one of the checks."""
    groups: dict[tuple[object, ...], list[Check]] = {}
    for check in checks:
        key = (check.sentence, check.verdict, check.found, check.remedy, check.evidence)
        groups.setdefault(key, []).append(check)
    return [
        (", ".join(dict.fromkeys(check.subject for check in same)), same[0])
        for same in groups.values()
    ]


def _word(outcome: RackOutcome) -> str:
    return "in service" if outcome.in_service else outcome.verdict.value


def _slug(verdict: Verdict) -> str:
    return verdict.value.removesuffix(" for a person").replace(" ", "-")


def _gate(gate: GateOutcome) -> GateView:
    good = [check for check in gate.checks if check.verdict is Verdict.PASS]
    return GateView(
        step=gate.step,
        title=gate.title,
        mark=MARKS[gate.verdict],
        verdict=gate.verdict.value,
        slug=_slug(gate.verdict),
        duration=f"{gate.seconds:.1f} s",
        open=tuple(_check(subjects, check) for subjects, check in grouped(gate.open)),
        passed=tuple(_check(subjects, check) for subjects, check in grouped(good)),
    )


def _check(subjects: str, check: Check) -> CheckView:
    return CheckView(
        mark=MARKS[check.verdict],
        verdict=check.verdict.value,
        subjects=subjects,
        sentence=check.sentence,
        found=check.found,
        remedy=check.remedy,
        evidence=check.evidence,
    )


def _rack_document(outcome: RackOutcome) -> dict[str, Any]:
    held = outcome.held_at
    return {
        "rack": outcome.rack,
        "verdict": outcome.verdict.value,
        "in_service": outcome.in_service,
        "held_at": held.name if held else None,
        "headline": headline(outcome),
        "steps": [_gate_document(gate) for gate in outcome.gates],
    }


def _gate_document(gate: GateOutcome) -> dict[str, Any]:
    return {
        "step": gate.step,
        "name": gate.name,
        "verdict": gate.verdict.value,
        "acted": gate.acted,
        "seconds": round(gate.seconds, 1),
        "checks": [
            {
                "subject": check.subject,
                "sentence": check.sentence,
                "verdict": check.verdict.value,
                "found": check.found,
                "remedy": check.remedy,
                "evidence": list(check.evidence),
            }
            for check in gate.checks
        ],
    }
