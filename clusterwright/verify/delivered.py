"""What a manifest says of a server, as its BMC can be asked for it."""

from dataclasses import replace

from clusterwright.access.identity import IdentityState
from clusterwright.design.plan import Hardware, Node, SitePlan
from clusterwright.model.record import CONTROLLER


def expected_servers(plan: SitePlan) -> dict[str, IdentityState]:
    """Return who should stand behind each BMC; what nobody knows is left empty."""
    delivered = plan.hardware_by_name()
    with_tpm = {one.model for one in plan.platforms if one.tpm}
    return {
        node.name: replace(
            _expected(node, delivered.get(node.name)), tpm=node.server in with_tpm or None
        )
        for node in plan.nodes
    }


def _expected(node: Node, delivered: Hardware | None) -> IdentityState:
    ports = (*delivered.macs, *delivered.guids) if delivered else ()
    return IdentityState(
        serial=delivered.serial if delivered else "",
        nics={one.port: one.address for one in ports if one.port != CONTROLLER},
        gpus={node.gpus.model: node.gpus.count} if node.gpus.count else {},
    )
