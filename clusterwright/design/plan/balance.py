"""How near the plan comes to its limits."""

from dataclasses import dataclass
from typing import Literal

NEAR = 0.9
"""A limit of which more than this is used is a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How much of one limit is used, in the worst case that the limit is meant for.

    `limit` says which one in words; `used` and `allowed` are in `unit`.
    """

    layer: Literal["space", "power", "cooling", "fabric"]
    subject: str
    limit: str
    used: float
    allowed: float
    unit: str

    @property
    def share(self) -> float:
        return self.used / self.allowed if self.allowed else 0.0

    @property
    def near(self) -> bool:
        return self.share > NEAR
