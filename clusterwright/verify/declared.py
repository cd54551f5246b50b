"""What the plan declares of a device, to be compared with what is live."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clusterwright.access import controller as controller_access
from clusterwright.access import firmware, platform
from clusterwright.access.controller_state import ControllerState, differences
from clusterwright.access.guard import Difference, Guard
from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Made
from clusterwright.design.facility import list_equipment
from clusterwright.design.plan import Controller, SitePlan
from clusterwright.verify import desired
from clusterwright.verify.scope import nodes_in

Ages = Callable[[Controller], Made]
"""What the vault knows of the password of a controller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A part of a device, the state that the plan declares for it, and what may be done to it now.

    A device may have several parts behind one controller.
    """

    subject: str
    controller: Controller
    kind: Any
    """The module of `access` for its device kind."""
    state: Any
    guard: Guard
    known: Mapping[str, Any] = field(default_factory=dict)
    """What else its `differences` may know, such as limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Itself:
    """Reads and compares a controller for itself, as modules of `access` do with devices."""

    made: Made

    async def read(self, client: Redfish, state: ControllerState) -> ControllerState:
        return await controller_access.read(client, state, made=self.made)

    async def apply(
        self, client: Redfish, state: ControllerState, _guard: Guard, *, deadline_s: float
    ) -> None:
        """Set its network; a password and a certificate are changed by the provider alone."""
        await controller_access.apply_network(client, state, deadline_s=deadline_s)

    def differences(
        self, state: ControllerState, actual: ControllerState, _guard: Guard | None = None
    ) -> tuple[Difference, ...]:
        return differences(state, actual)


def parts_of_servers(plan: SitePlan) -> Iterator[Declared]:
    """Yield what servers hold besides power, boot and BIOS: platform, firmware, boards."""
    platforms = {one.model: desired.platform_state(one) for one in plan.platforms}
    baselines = {one.model: desired.firmware_state(one) for one in plan.firmware}
    for node in nodes_in(plan, None):
        for kind, states in ((platform, platforms), (firmware, baselines)):
            if node.server in states:
                yield Declared(
                    subject=node.name,
                    controller=node.controller,
                    kind=kind,
                    state=states[node.server],
                    guard=desired.guard_of(plan, in_service=desired.in_service(node)),
                )
        for board in node.board_controllers:
            if board.model in baselines:
                yield Declared(
                    subject=board.name,
                    controller=board,
                    kind=firmware,
                    state=baselines[board.model],
                    guard=desired.guard_of(plan, in_service=desired.in_service(node)),
                )


def parts_of_equipment(plan: SitePlan) -> Iterator[Declared]:
    """Yield the firmware of PDUs, CDUs and power shelves."""
    baselines = {one.model: desired.firmware_state(one) for one in plan.firmware}
    busy = {node.name for node in plan.nodes if desired.in_service(node)}
    for one in list_equipment(plan):
        if one.model in baselines:
            yield Declared(
                subject=one.name,
                controller=one.controller,
                kind=firmware,
                state=baselines[one.model],
                guard=desired.guard_of(plan, in_service=not one.nodes.isdisjoint(busy)),
            )


def controllers_themselves(plan: SitePlan, ages: Ages) -> Iterator[Declared]:
    """Yield every controller for itself, where the definition says anything of them."""
    if plan.controllers is None:
        return
    for subject, controller in _controllers(plan):
        yield Declared(
            subject=subject,
            controller=controller,
            kind=Itself(made=ages(controller)),
            state=desired.controller_state(plan.controllers, controller),
            guard=desired.guard_of(plan, in_service=False),
        )


def by_controller(parts: Iterable[Declared]) -> tuple[tuple[Declared, ...], ...]:
    """Put together what is read over one connection."""
    found: dict[str, list[Declared]] = {}
    for part in parts:
        found.setdefault(part.controller.name, []).append(part)
    return tuple(map(tuple, found.values()))


def _controllers(plan: SitePlan) -> Iterator[tuple[str, Controller]]:
    for node in nodes_in(plan, None):
        yield node.name, node.controller
        yield from ((one.name, one) for one in node.board_controllers)
    yield from ((loop.cdu, loop.controller) for loop in plan.loops)
    yield from ((pdu.name, pdu.controller) for pdu in plan.pdus)
    yield from ((shelf.name, shelf.controller) for shelf in plan.power_shelves)
