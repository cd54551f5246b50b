"""What goes down in an emergency, group after group, and what is left on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.plan import (
    Controller,
    Node,
    PowerSupply,
    SitePlan,
    StorageServer,
    Switch,
)
from clusterwright.errors import UsageError

OUT_OF_BAND = "oob"
_GROUPS = ("compute", "storage", "management", "fabrics", "facility")
"""Where a plan gives no order: what makes most heat first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One device. Without a `controller` that switches it off, its outlets are cut."""

    name: str
    controller: Controller | None
    cords: tuple[PowerSupply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Devices that go down together, before those of the next step."""

    group: str
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """All steps; `left_on` is what this command itself needs to reach the rest."""

    steps: tuple[Step, ...]
    left_on: tuple[str, ...]

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(target for step in self.steps for target in step.targets)


def order_of(plan: SitePlan, rack: str | None = None) -> Order:
    """Return how a site or one rack goes down.

    Raises:
        UsageError: the site has no such rack.
    """
    names = [known.name for known in plan.racks]
    if rack is not None and rack not in names:
        raise UsageError(
            f"rack {rack}: site {plan.site} has none of that name; choose one of {', '.join(names)}"
        )
    planned = sorted(plan.start_up, key=lambda group: group.power_off_order)
    groups = dict.fromkeys((*(group.name for group in planned), *_GROUPS))
    found = {group: tuple(_targets(plan, group, rack)) for group in groups}
    steps = (Step(group=group, targets=targets) for group, targets in found.items() if targets)
    return Order(steps=tuple(steps), left_on=tuple(_left_on(plan, rack)))


def _targets(plan: SitePlan, group: str, rack: str | None) -> Iterator[Target]:
    devices: Mapping[str, Sequence[Node | StorageServer | Switch]] = {
        "compute": plan.nodes,
        "storage": plan.storage_servers,
        "fabrics": [switch for switch in plan.switches if switch.fabric != OUT_OF_BAND],
    }
    for device in devices.get(group, ()):
        if rack in (None, device.mount.rack):
            controller = None if isinstance(device, Switch) else device.controller
            yield Target(name=device.name, controller=controller, cords=device.power_supplies)


def _left_on(plan: SitePlan, rack: str | None) -> Iterator[str]:
    for host in plan.management_hosts:
        if rack in (None, host.mount.rack):
            yield host.name
    for switch in plan.switches:
        if switch.fabric == OUT_OF_BAND and rack in (None, switch.mount.rack):
            yield switch.name
    for loop in plan.loops:
        if rack is None or rack in loop.racks:
            yield loop.cdu
