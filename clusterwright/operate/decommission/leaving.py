"""Which nodes are on their way out, by the record."""

from collections.abc import Collection

from clusterwright.design.plan import SitePlan
from clusterwright.errors import UsageError
from clusterwright.model.record import Leaving, Record


def leaving_of(record: Record, name: str) -> Leaving | None:
    """Return what is known of the machine that stands there; of one before it nothing counts."""
    device = record.devices.get(name)
    known = record.leaving.get(name)
    return known if known and (device is None or device.serial == known.serial) else None


def unfinished(record: Record, name: str) -> bool:
    """Whether a decommissioning has begun, and something of it is left to do."""
    known = leaving_of(record, name)
    return known is not None and not (known.done and name in record.holes)


def refuse_unfinished(plan: SitePlan, record: Record, racks: Collection[str] | None) -> None:
    """Refuse to make a rack as planned while a node of it is on its way out; None is every rack.

    Raises:
        UsageError: with those nodes: they would be switched on and taken over again.
    """
    here = (node for node in plan.nodes if racks is None or node.mount.rack in racks)
    if names := " ".join(node.name for node in here if unfinished(record, node.name)):
        raise UsageError(
            f"{names}: is being decommissioned, and this would bring it back: let it go first with "
            f"clusterwright decommission {plan.site} {names}, or keep it with "
            f"clusterwright decommission {plan.site} {names} --cancel"
        )
