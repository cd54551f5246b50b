"""What hangs on each PDU, and how many of its cords it needs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.plan import Controller, PowerSupply, SitePlan


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
        yield _of_all(store.name, store.power_supplies, store.controller)
    for host in plan.management_hosts:
        yield _of_all(host.name, host.power_supplies)
    for switch in plan.switches:
        yield _of_all(switch.name, switch.power_supplies)


def _of_all(
    name: str, cords: Sequence[PowerSupply], controller: Controller | None = None
) -> PowerConsumer:
    """Of what the plan does not say how many cords may go, none may."""
    return PowerConsumer(name=name, cords=tuple(cords), needed=len(cords), controller=controller)
