"""What a manifest says of a server, as its BMC can be asked for it."""

from dataclasses import replace

from clusterwright.access.identity import IdentityState
from clusterwright.design.plan import Hardware, HardwareModel, Node, SitePlan
from clusterwright.model.record import CONTROLLER


def expected_servers(plan: SitePlan) -> dict[str, IdentityState]:
    """Return who should stand behind each BMC; what nobody knows is left empty."""
    delivered = plan.hardware_by_name()
    models = {one.name: one for one in plan.models if one.kind == "servers"}
    with_tpm = {one.model for one in plan.platforms if one.tpm}
    return {
        node.name: replace(
            _expected(node, delivered.get(node.name), models.get(node.server)),
            tpm=node.server in with_tpm or None,
        )
        for node in plan.nodes
    }


def _expected(node: Node, delivered: Hardware | None, model: HardwareModel | None) -> IdentityState:
    return IdentityState(
        models=_words(delivered, model),
        serial=delivered.serial if delivered else "",
        ports=_ports(delivered),
        port_count=model.network_ports if model else 0,
        gpus={node.gpus.model: node.gpus.count} if node.gpus.count else {},
    )


def _words(delivered: Hardware | None, model: HardwareModel | None) -> tuple[str, ...]:
    """What a vendor has delivered is known by the manifest; the catalogue has more words for it."""
    if not delivered or not delivered.model:
        return ()
    more = (model.name, model.title, model.part_number) if model else ()
    return tuple(dict.fromkeys(word for word in (delivered.model, *more) if word))


def _ports(delivered: Hardware | None) -> dict[str, tuple[str, ...]] | None:
    found: dict[str, tuple[str, ...]] = {}
    for one in (*delivered.macs, *delivered.guids) if delivered else ():
        if one.port != CONTROLLER:
            found[one.port] = (*found.get(one.port, ()), one.address)
    return found or None
