"""Which part of a site a comparison looks at."""

from collections.abc import Sequence

from clusterwright.design.plan import (
    CoolingLoop,
    ManagementHost,
    Node,
    Pdu,
    PowerShelf,
    ServiceState,
    SitePlan,
)
from clusterwright.errors import UsageError

Host = Node | ManagementHost
FACILITY = "facility"
HOSTS = "hosts"
COMPARED_LAYERS = (FACILITY, HOSTS)


def layers_of(layer: str | None) -> tuple[str, ...]:
    """Return the layers to compare: all, or the one that is named.

    Raises:
        UsageError: nothing is compared in a layer of that name.
    """
    if layer is None:
        return COMPARED_LAYERS
    if layer not in COMPARED_LAYERS:
        raise UsageError(
            f"layer {layer}: nothing is compared there; choose one of {', '.join(COMPARED_LAYERS)}"
        )
    return (layer,)


def check_rack(plan: SitePlan, rack: str | None) -> None:
    """Refuse a rack that the site does not have.

    Raises:
        UsageError: it has none of that name.
    """
    names = [known.name for known in plan.racks]
    if rack is not None and rack not in names:
        raise UsageError(
            f"rack {rack}: site {plan.site} has none of that name; choose one of {', '.join(names)}"
        )


def nodes_in(plan: SitePlan, rack: str | None) -> tuple[Node, ...]:
    """Nodes that should be there: one that is out is expected nowhere."""
    return tuple(
        node
        for node in plan.nodes
        if rack in (None, node.mount.rack) and node.service_state is not ServiceState.OUT
    )


def hosts_in(plan: SitePlan, rack: str | None) -> tuple[Host, ...]:
    """Management hosts and nodes that should answer over SSH."""
    management = (host for host in plan.management_hosts if rack in (None, host.mount.rack))
    return (*management, *nodes_in(plan, rack))


def pdus_in(plan: SitePlan, rack: str | None) -> tuple[Pdu, ...]:
    return tuple(pdu for pdu in plan.pdus if rack in (None, pdu.rack))


def loops_in(plan: SitePlan, rack: str | None) -> tuple[CoolingLoop, ...]:
    """A loop belongs to every rack that it cools."""
    return tuple(loop for loop in plan.loops if rack is None or rack in loop.racks)


def shelves_in(plan: SitePlan, rack: str | None) -> tuple[PowerShelf, ...]:
    return tuple(shelf for shelf in plan.power_shelves if rack in (None, shelf.mount.rack))


def shares(hosts: Sequence[Host], count: int) -> tuple[tuple[Host, ...], ...]:
    """Deal hosts out to at most `count` workers, evenly."""
    dealt = (tuple(hosts[start::count]) for start in range(count))
    return tuple(share for share in dealt if share)
