"""A device with what the plan declares of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clusterwright.access.guard import Guard
from clusterwright.design.plan import Controller


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One device, the state that the plan declares for it, and what may be done to it now."""

    subject: str
    controller: Controller
    kind: Any
    """The module of `access` for its device kind."""
    state: Any
    guard: Guard
    known: Mapping[str, Any] = field(default_factory=dict)
    """What else its `differences` may know, such as limits."""
