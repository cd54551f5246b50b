"""What the design could not check."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """A limit of the design that could not be checked; it never counts as kept."""

    subject: str
    check: str
    reason: str
