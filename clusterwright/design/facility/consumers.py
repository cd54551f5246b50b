"""What hangs on each PDU, and how many of its cords it needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clusterwright.design.plan import (
    Controller,
    ManagementHost,
    PowerSupply,
    SitePlan,
    StorageServer,
    Switch,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerConsumer:
    """A device with its cords: it stays up while `needed` of them have power.

    `controller` tells whether it is powered; None where nothing in the plan does.
    """

    name: str
    cords: tuple[PowerSupply, ...]
    needed: int
    controller: Controller | None = None


def consumers_by_pdu(plan: SitePlan) -> Mapping[str, tuple[PowerConsumer, ...]]:
    """Return everything that hangs on each PDU, by the PDU's name."""
    found: dict[str, list[PowerConsumer]] = {pdu.name: [] for pdu in plan.pdus}
    for one in _consumers(plan):
        for pdu in dict.fromkeys(cord.pdu for cord in one.cords):
            found[pdu].append(one)
    return {pdu: tuple(consumers) for pdu, consumers in found.items()}


def _consumers(plan: SitePlan) -> Iterator[PowerConsumer]:
    for node in plan.nodes:
        yield PowerConsumer(
            name=node.name,
            cords=node.power_supplies,
            needed=node.power_supplies_needed,
            controller=node.controller,
        )
    for store in plan.storage_servers:
        yield _other(store, store.controller)
    yield from (_other(host) for host in plan.management_hosts)
    yield from (_other(switch) for switch in plan.switches)


def _other(
    one: StorageServer | ManagementHost | Switch, controller: Controller | None = None
) -> PowerConsumer:
    """Of what nobody knows how many cords may go, none may."""
    return PowerConsumer(
        name=one.name,
        cords=one.power_supplies,
        needed=one.power_supplies_needed or len(one.power_supplies),
        controller=controller,
    )
