"""What maintenance permits for one resource, and how a preview says so."""

from clusterwright.access.guard import Guard
from clusterwright.provider.inputs import DeviceInputs


def guard_of(inputs: DeviceInputs) -> Guard:
    """Return what protects the device behind these inputs."""
    return Guard(in_service=inputs.in_service, allowed=frozenset(inputs.allow))


def told(inputs: DeviceInputs, disruption: str, reason: str, who: str = "the node") -> str:
    """Say whether a disruption is carried out at once or stays pending, and why."""
    guard = guard_of(inputs)
    if not guard.in_service:
        return f"{reason}: done at once, {who} is not in service"
    if guard.permits(disruption):
        return f"{reason}: done at once, maintenance allows {disruption}"
    return f"{reason}: stays pending, {who} is in service and {disruption} is not allowed"
