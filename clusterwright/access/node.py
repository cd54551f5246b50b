"""A GPU server through its BMC: power, boot override, BIOS attributes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clusterwright.access.guard import Difference, Guard, Outcome
from clusterwright.access.redfish.client import Redfish

Scalar = str | int | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BootState:
    """The boot override, in Redfish's words."""

    target: str
    enabled: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState:
    """`staged` holds BIOS values that wait for a reset; it is empty in a desired state."""

    power_state: str
    boot: BootState
    bios: Mapping[str, Scalar]
    staged: Mapping[str, Scalar] = field(default_factory=dict)


async def read(client: Redfish, desired: NodeState | None = None) -> NodeState:
    """Return what is live; of the BIOS, only the attributes that `desired` names, if given."""
    raise NotImplementedError


def differences(
    desired: NodeState, actual: NodeState, guard: Guard | None = None
) -> tuple[Difference, ...]:
    """Compare; with a guard, what it does not permit to cure now is marked pending."""
    raise NotImplementedError


async def apply(
    client: Redfish, desired: NodeState, guard: Guard, *, deadline_s: float = 1200.0
) -> Outcome[NodeState]:
    """Bring the node to `desired` as far as `guard` permits."""
    raise NotImplementedError
