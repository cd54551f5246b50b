"""What may happen to a site that works."""

from dataclasses import dataclass
from enum import StrEnum


class ServiceState(StrEnum):
    """Whether jobs may run on a node: only `IN_SERVICE` nodes are protected from disruption."""

    NEW = "new"
    IN_SERVICE = "in-service"
    DRAINED = "drained"
    OUT = "out"


class Disruption(StrEnum):
    """What may interrupt the work of a node that is in service."""

    RESET = "reset"
    POWER_CYCLE = "power-cycle"
    LINK_FLAP = "link-flap"
    REBOOT = "reboot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """Which disruptions nodes in service may suffer, and how many of them at the same time."""

    allow: frozenset[Disruption]
    at_once: int
