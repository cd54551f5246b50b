"""What is found of a gate: checks, each of them one sentence that is true or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check, a gate or a rack stands; the order is from best to worst.

    Only FAIL and WAITS hold a rack up. TO_DO is of dry runs: it fails, and a run would act on it.
    """

    PASS = "pass"  # noqa: S105 - a verdict, no secret
    NOT_PROVEN = "not proven"
    TO_DO = "to do"
    WAITS = "waits for a person"
    FAIL = "fail"


HELD_UP = frozenset({Verdict.WAITS, Verdict.FAIL})
_ORDER = list(Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One sentence about a subject. `found` is what was read instead, or the reading that proves.

    `evidence` are readings and lines of logs that whoever mends it wants to see.
    """

    subject: str
    sentence: str
    verdict: Verdict
    found: str = ""
    remedy: str = ""
    evidence: tuple[str, ...] = ()


Checks = tuple[Check, ...]


def passed(subject: str, sentence: str, found: str = "") -> Check:
    return Check(subject=subject, sentence=sentence, verdict=Verdict.PASS, found=found)


def failed(subject: str, sentence: str, found: str, remedy: str = "") -> Check:
    return Check(
        subject=subject, sentence=sentence, verdict=Verdict.FAIL, found=found, remedy=remedy
    )


def unproven(subject: str, sentence: str, reason: str, remedy: str = "") -> Check:
    return Check(
        subject=subject, sentence=sentence, verdict=Verdict.NOT_PROVEN, found=reason, remedy=remedy
    )


def waits(subject: str, sentence: str, found: str, remedy: str) -> Check:
    return Check(
        subject=subject, sentence=sentence, verdict=Verdict.WAITS, found=found, remedy=remedy
    )


def worst(checks: Iterable[Check]) -> Verdict:
    """Return the verdict of them all: nothing to check is nothing wrong."""
    return max((check.verdict for check in checks), key=_ORDER.index, default=Verdict.PASS)


def worst_of(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=_ORDER.index, default=Verdict.PASS)
