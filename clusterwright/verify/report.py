"""What a comparison of the live site with its plan found."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

# In the order of the report; a layer that is not named here comes after them.
LAYERS = ("facility", "fabric", "hosts", "storage", "platform")


class Kind(StrEnum):
    """In which way the live site differs from the plan."""

    MISSING = "Missing"
    UNEXPECTED = "Unexpected"
    DRIFT = "Drift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check that is false of the live site: where, expected, actual, and what helps.

    `pending` means that the remedy is known and waits until it may disrupt the node.
    """

    layer: str
    subject: str
    kind: Kind
    check: str
    expected: str
    actual: str
    remedy: str
    pending: bool = False

    def to_document(self) -> dict[str, str | bool]:
        """`pending` is said only where it holds."""
        document: dict[str, str | bool] = {
            "layer": self.layer,
            "subject": self.subject,
            "kind": self.kind.value,
            "check": self.check,
            "expected": self.expected,
            "actual": self.actual,
            "remedy": self.remedy,
        }
        return {**document, "pending": True} if self.pending else document


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """One check whose probe could not look; it counts neither as pass nor as fail."""

    layer: str
    subject: str
    check: str
    reason: str

    def to_document(self) -> dict[str, str]:
        return {
            "layer": self.layer,
            "subject": self.subject,
            "check": self.check,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All verdicts of one comparison: every check is a pass, a finding or unproven."""

    site: str
    passes: Mapping[str, int]
    """Checks that hold, counted by layer."""
    findings: tuple[Finding, ...] = ()
    unproven: tuple[Unproven, ...] = ()

    @property
    def passed(self) -> int:
        return sum(self.passes.values())

    @property
    def checked(self) -> int:
        return self.passed + len(self.findings) + len(self.unproven)

    def verify_exit_code(self) -> int:
        """1: a check failed; 3: nothing failed, but not everything is proven."""
        return self._exit_code(found=1)

    def drift_exit_code(self) -> int:
        """7: a declared setting does not hold; 3: all that could be read hold."""
        return self._exit_code(found=7)

    def _exit_code(self, *, found: int) -> int:
        if self.findings:
            return found
        return 3 if self.unproven else 0

    def to_json(self) -> str:
        """The one document that `--json` prints."""
        return json.dumps(
            {
                "site": self.site,
                "checked": self.checked,
                "pass": self.passed,
                "fail": len(self.findings),
                "not_proven": len(self.unproven),
                "findings": [finding.to_document() for finding in self.findings],
                "unproven": [unproven.to_document() for unproven in self.unproven],
            },
            indent=2,
            ensure_ascii=False,
        )


def join_reports(site: str, parts: Iterable[Report]) -> Report:
    """Put the reports of parts of a site together, in the order of layers and subjects."""
    reports = tuple(parts)
    layers = sorted({layer for report in reports for layer in report.passes}, key=_rank)
    return Report(
        site=site,
        passes={layer: sum(report.passes.get(layer, 0) for report in reports) for layer in layers},
        findings=tuple(sorted((f for r in reports for f in r.findings), key=_place)),
        unproven=tuple(sorted((u for r in reports for u in r.unproven), key=_place)),
    )


def _rank(layer: str) -> tuple[int, str]:
    return (LAYERS.index(layer) if layer in LAYERS else len(LAYERS), layer)


def _place(verdict: Finding | Unproven) -> tuple[tuple[int, str], list[tuple[int, str]]]:
    """Sort su1-n10 behind su1-n9; the checks of one subject keep their order."""
    parts = re.split(r"(\d+)", verdict.subject)
    return (
        _rank(verdict.layer),
        [(int(part), "") if part.isdigit() else (0, part) for part in parts],
    )
