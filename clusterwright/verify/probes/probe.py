"""What a check of a device is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from clusterwright.access.redfish import Redfish
from clusterwright.design.plan import Controller


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One sentence, the value that makes it true, and how to look."""

    sentence: str
    expected: object
    look: Callable[[Redfish], Awaitable[object]]
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device with all that is checked of it."""

    subject: str
    controller: Controller
    probes: tuple[Probe, ...]
