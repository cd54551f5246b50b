"""The verdicts of host checks as JSON lines: what the pytest plugin writes and the report reads."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from clusterwright.verify.report import Finding, Kind, Report, Unproven

LAYER = "hosts"


class Outcome(StrEnum):
    """`NOT_PROVEN` is a probe that could not look."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    NOT_PROVEN = "not proven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One sentence about one host."""

    host: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one check came to; `reason` is said only where it is not proven.

    `remedy` may hold {site} and {host}.
    """

    check: Check
    outcome: Outcome
    kind: Kind = Kind.DRIFT
    expected: str = ""
    actual: str = ""
    remedy: str = ""
    reason: str = ""


def to_line(record: Check | Verdict) -> str:
    """Write one line: a check that will be made, or the verdict of one."""
    return json.dumps(asdict(record))


def read_report(lines: Iterable[str], site: str, *, unfinished: str) -> Report:
    """Report all announced checks; `unfinished` is why one without a verdict is not proven."""
    records = [_parse(json.loads(line)) for line in lines]
    verdicts = {record.check: record for record in records if isinstance(record, Verdict)}
    announced = [record for record in records if isinstance(record, Check)]
    lost = [
        Verdict(check=check, outcome=Outcome.NOT_PROVEN, reason=unfinished)
        for check in announced
        if check not in verdicts
    ]
    return _report(site, [*verdicts.values(), *lost])


def _parse(document: dict[str, Any]) -> Check | Verdict:
    if "check" not in document:
        return Check(**document)
    return Verdict(
        **{
            **document,
            "check": Check(**document["check"]),
            "outcome": Outcome(document["outcome"]),
            "kind": Kind(document["kind"]),
        }
    )


def _report(site: str, verdicts: Sequence[Verdict]) -> Report:
    return Report(
        site=site,
        passes={LAYER: sum(verdict.outcome is Outcome.PASS for verdict in verdicts)},
        findings=tuple(_finding(v, site) for v in verdicts if v.outcome is Outcome.FAIL),
        unproven=tuple(_unproven(v) for v in verdicts if v.outcome is Outcome.NOT_PROVEN),
    )


def _finding(verdict: Verdict, site: str) -> Finding:
    return Finding(
        layer=LAYER,
        subject=verdict.check.host,
        kind=verdict.kind,
        check=verdict.check.sentence,
        expected=verdict.expected,
        actual=verdict.actual,
        remedy=verdict.remedy.format(site=site, host=verdict.check.host),
    )


def _unproven(verdict: Verdict) -> Unproven:
    return Unproven(
        layer=LAYER,
        subject=verdict.check.host,
        check=verdict.check.sentence,
        reason=verdict.reason,
    )
