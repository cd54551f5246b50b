"""Who may leave: nobody on whom jobs may run, and nothing that somebody needs."""

from collections.abc import Mapping, Sequence

from clusterwright.design.plan import Node, ServiceState, SitePlan
from clusterwright.errors import UsageError
from clusterwright.operate.decommission.dependants import needs_it
from clusterwright.operate.decommission.device import CDU, KINDS, PDU, SWITCH, Departing, departing
from clusterwright.operate.drain import nodes_named
from clusterwright.operate.intake.places import list_places


def who_may_leave(plan: SitePlan, names: Sequence[str]) -> tuple[Departing, ...]:
    """Return the devices of these names in the order in which they leave: nodes before equipment.

    None of them is in service, or needed by another that stays.

    Raises:
        UsageError: a name is none that may leave, a node is in service, or somebody needs a device.
    """
    kinds = {place.name: place.kind for place in list_places(plan).by_name.values()}
    _refuse_others(plan.site, {name: kinds[name] for name in names if name in kinds})
    equipment = [name for name in dict.fromkeys(names) if kinds.get(name) in {PDU, CDU, SWITCH}]
    nodes = nodes_named(plan, [name for name in names if name not in equipment])
    _refuse_busy(plan.site, nodes)
    devices = {name: departing(plan, name) for name in (*(n.name for n in nodes), *equipment)}
    if needed := [said for one in devices.values() if (said := needs_it(plan, one, devices))]:
        raise UsageError("\n".join(needed))
    return tuple(devices.values())


def _refuse_busy(site: str, nodes: Sequence[Node]) -> None:
    working = ServiceState.IN_SERVICE
    if busy := " ".join(node.name for node in nodes if node.service_state is working):
        raise UsageError(
            f"{busy}: is in service, and jobs may run on it: drain it first: "
            f"clusterwright drain {site} {busy}"
        )


def _refuse_others(site: str, kinds: Mapping[str, str]) -> None:
    """Of what is left, the plan needs one at its place."""
    for name, kind in kinds.items():
        if kind not in KINDS:
            raise UsageError(
                f"{name}: is a {kind}, and the plan needs one at its place: exchange "
                f"it with clusterwright intake {site} FILE --replace {name}, or take "
                f"it out of the definition"
            )
