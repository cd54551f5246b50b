"""Which devices are on their way out, by the record."""

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
    """Refuse to make a rack as planned while a device of it is on its way out; None is every rack.

    Raises:
        UsageError: with those devices: they would be switched on and taken over again.
    """
    # What the plan no longer has cannot be brought back.
    standing = (
        *((node.name, (node.mount.rack,)) for node in plan.nodes),
        *((pdu.name, (pdu.rack,)) for pdu in plan.pdus),
        *((loop.cdu, loop.racks) for loop in plan.loops),
        *((switch.name, (switch.mount.rack,)) for switch in plan.switches),
    )
    here = (name for name, its in standing if racks is None or not set(its).isdisjoint(racks))
    if names := " ".join(dict.fromkeys(name for name in here if unfinished(record, name))):
        raise UsageError(
            f"{names}: is being decommissioned, and this would bring it back: let it go first with "
            f"clusterwright decommission {plan.site} {names}, or keep it with "
            f"clusterwright decommission {plan.site} {names} --cancel"
        )
