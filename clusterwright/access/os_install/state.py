"""What is installed on a host, and whether that is what shall be."""

from dataclasses import dataclass
from enum import StrEnum

from clusterwright.access.guard import RESET, Difference, Guard

_ASK = "write another word for the host in installation.again, and run clusterwright up"
_WAIT = "drain the node, or permit the disruption in maintenance.allow, and run clusterwright up"


class Presence(StrEnum):
    """How a host is met."""

    OURS = "installed by us"
    SILENT = "installed by us, but nobody lets us in"
    FOREIGN = "a system that we have not installed, or may be one"
    BLANK = "nothing that answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallState:
    """The marks that the last installation has left; empty where there was none of ours."""

    presence: Presence
    digest: str = ""
    again: str = ""
    words: str = ""
    """What the host said when it did not let us in."""


def asked_for(again: str, actual: InstallState) -> bool:
    """Say whether an installation is due: the first one, or one more that was asked for."""
    if actual.presence is Presence.BLANK:
        return True
    return bool(again) and again != actual.again


def differences(
    digest: str, again: str, actual: InstallState, guard: Guard | None = None
) -> tuple[Difference, ...]:
    """Compare; what does not happen by itself, or may not happen now, is pending."""
    if asked_for(again, actual):
        held = guard is not None and not guard.permits(RESET)
        path, expected, found = _due(digest, again, actual)
        remedy = _WAIT if held else "run clusterwright up"
        return (_difference(path, expected, found, remedy, pending=held),)
    if actual.presence is Presence.FOREIGN:
        return (_difference("digest", digest, actual.presence.value, _ASK, pending=True),)
    if digest != actual.digest:
        return (_difference("digest", digest, actual.digest, _ASK, pending=True),)
    return ()


def _due(digest: str, again: str, actual: InstallState) -> tuple[str, str, str]:
    if actual.presence is Presence.BLANK:
        return "digest", digest, actual.presence.value
    return "again", again, actual.again or "(not asked before)"


def _difference(path: str, expected: str, actual: str, remedy: str, *, pending: bool) -> Difference:
    return Difference(path=path, expected=expected, actual=actual, remedy=remedy, pending=pending)
