"""What a resource kind is: its inputs, its identity, and how it meets the live site."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from clusterwright.access.guard import Difference
from clusterwright.provider.inputs import Inputs
from clusterwright.provider.progress import Progress
from clusterwright.provider.site import Site

I = TypeVar("I", bound=Inputs)  # noqa: E741 - the inputs of one kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Live(Generic[I]):
    """What is live, in the terms of the inputs; `open_paths` are those not as declared."""

    inputs: I
    open_paths: frozenset[str] = frozenset()


Apply = Callable[[Site, I, Progress], Awaitable[tuple[Difference, ...]]]
Read = Callable[[Site, str, I | None, Progress], Awaitable[Live[I]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[I]):
    """One resource kind.

    `identity` names the properties whose change means another object. `apply` brings the site to
    the inputs, adopting what is already so, and returns what has to wait. `read` gets None for
    inputs on import. It never says that the object is gone: a server, a CDU, a PDU and a rack stay
    where they are, and one that does not answer is no less there.
    `consequence` says what a change of the named properties interrupts, or nothing.
    """

    type_name: str
    model: type[I]
    identity: tuple[str, ...]
    identify: Callable[[I], str]
    consequence: Callable[[I, frozenset[str]], str]
    apply: Apply[I]
    read: Read[I]


def outputs(inputs: Inputs, pending: tuple[Mapping[str, Any], ...] = ()) -> dict[str, Any]:
    """Return what the state holds of a resource: its inputs, and what waits."""
    return {**inputs.properties(), "pending": [dict(item) for item in pending]}


def waiting(difference: Difference) -> dict[str, str]:
    """Return one pending difference as it appears among the outputs."""
    return {
        "path": difference.path,
        "expected": difference.expected,
        "actual": difference.actual,
        "remedy": difference.remedy,
    }
