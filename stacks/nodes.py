"""One node: its controllers, its platform, itself, its firmware, in this order."""

from dataclasses import dataclass

import pulumi

from clusterwright.design.plan import Node, Platform, ServiceState, SitePlan
from clusterwright.provider import resources
from stacks.controllers import Controllers
from stacks.coolant import Coolant
from stacks.firmware import Updated, declare_firmware


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server that was delivered, where that is known, and what cools it."""

    serial: str | None
    coolant: Coolant


def declare_node(
    node: Node,
    plan: SitePlan,
    controllers: Controllers,
    needs: list[pulumi.Resource],
    server: Server,
) -> list[pulumi.Resource]:
    """Declare all of a node; return what its host has to wait for.

    Its platform comes before it is switched on, so that one that is off takes Secure Boot then.
    Images of firmware come afterwards, because most need a server that runs to become active.
    """
    bmc = controllers.declare(node.controller, node.name, needs)
    for board in node.board_controllers:
        controllers.declare(board, board.name, bmc)
    before = [*needs, *bmc, *_platforms(node, plan, server, bmc)]
    itself = _node(node, plan, before, server)
    firmware = declare_firmware(
        Updated(
            name=node.name,
            model=node.server,
            controller=node.controller,
            supplies=node.power_supplies,
            coolant=server.coolant,
            in_service=_in_service(node),
        ),
        plan,
        [itself],
    )
    return [itself, *firmware, *_firmware_of_boards(node, plan, server, [itself, *firmware])]


def _firmware_of_boards(
    node: Node, plan: SitePlan, server: Server, needs: list[pulumi.Resource]
) -> list[pulumi.Resource]:
    """One board after the other: what cycles the power of one does so to all of them."""
    found: list[pulumi.Resource] = []
    for board in node.board_controllers:
        device = Updated(
            name=board.name,
            model=board.model,
            controller=board,
            supplies=node.power_supplies,
            coolant=server.coolant,
            in_service=_in_service(node),
            host=node.controller,
        )
        found += declare_firmware(device, plan, [*needs, *found])
    return found


def _node(
    node: Node, plan: SitePlan, needs: list[pulumi.Resource], server: Server
) -> resources.Node:
    boot = node.boot
    return resources.Node(
        node.name,
        address=str(node.controller.address),
        secret=node.controller.secret,
        power_state="On",
        boot={"target": boot.target, "enabled": boot.enabled, "mode": boot.mode},
        bios={attribute.name: attribute.value for attribute in node.bios},
        serial=server.serial,
        coolant=server.coolant,
        in_service=_in_service(node),
        allow=_allowed(plan),
        opts=pulumi.ResourceOptions(depends_on=needs),
    )


def _platforms(
    node: Node, plan: SitePlan, server: Server, needs: list[pulumi.Resource]
) -> list[pulumi.Resource]:
    own = (one for one in plan.platforms if one.model == node.server)
    return [_platform(node, one, plan, server, needs) for one in own]


def _platform(
    node: Node, wanted: Platform, plan: SitePlan, server: Server, needs: list[pulumi.Resource]
) -> resources.Platform:
    return resources.Platform(
        f"{node.name}-platform",
        address=str(node.controller.address),
        secret=node.controller.secret,
        secure_boot=wanted.secure_boot,
        boot_order=wanted.boot_order,
        restore_policy=wanted.restore_policy,
        power_limit_watts=wanted.power_limit_watts,
        serial=server.serial,
        in_service=_in_service(node),
        allow=_allowed(plan),
        opts=pulumi.ResourceOptions(depends_on=needs),
    )


def _in_service(node: Node) -> bool:
    return node.service_state is ServiceState.IN_SERVICE


def _allowed(plan: SitePlan) -> list[str]:
    return sorted(plan.maintenance.allow)
