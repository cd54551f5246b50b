"""Which resources a layer and a rack mean."""

from clusterwright.design.plan import SitePlan
from clusterwright.errors import UsageError

LAYERS = ("facility", "hosts")


def targets(plan: SitePlan, *, layer: str | None, rack: str | None) -> tuple[str, ...]:
    """Return the names of the resources to deploy; an empty tuple means all of them.

    Raises:
        UsageError: there is no such layer or rack.
    """
    refuse_unknown("layer", layer, LAYERS)
    refuse_unknown("rack", rack, tuple(rack.name for rack in plan.racks))
    if layer is None and rack is None:
        return ()
    facility = facility_names(plan, rack) if layer in (None, "facility") else ()
    hosts = layer in (None, "hosts")
    systems = system_names(plan, rack) if hosts else ()
    plays = play_names(plan, rack) if hosts else ()
    return (*facility, *systems, *plays)


def refuse_unknown(kind: str, name: str | None, known: tuple[str, ...]) -> None:
    if name is not None and name not in known:
        raise UsageError(
            f"{kind} {name}: there is no such {kind}; choose one of {', '.join(known)}"
        )


def facility_names(plan: SitePlan, rack: str | None) -> tuple[str, ...]:
    loops = (loop.name for loop in plan.loops if rack is None or rack in loop.racks)
    pdus = (pdu.name for pdu in plan.pdus if rack in (None, pdu.rack))
    nodes = (node.name for node in plan.nodes if rack in (None, node.mount.rack))
    return (*loops, *pdus, *nodes)


def system_names(plan: SitePlan, rack: str | None) -> tuple[str, ...]:
    here = {node.name for node in plan.nodes if rack in (None, node.mount.rack)}
    return tuple(f"{one.host}-os" for one in plan.installations if one.host in here)


def play_names(plan: SitePlan, rack: str | None) -> tuple[str, ...]:
    racks = dict.fromkeys(host.mount.rack for host in plan.hosts)
    return tuple(f"{name}-hosts" for name in racks if rack in (None, name))


def target_options(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the engine's options for them: globs, for the rest of a URN follows from the stack."""
    return tuple(word for name in names for word in ("--target", f"**::{name}"))
