"""What the plan declares of rack PDUs and power shelves."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from clusterwright.access import power_shelf, rack_power
from clusterwright.access.interlock import Consumer, Consumers
from clusterwright.design.facility import PowerConsumer, alarms_of, consumers_by_pdu
from clusterwright.design.plan import Pdu, SitePlan
from clusterwright.verify import desired
from clusterwright.verify.declared import Declared


def declared_pdus(plan: SitePlan, busy: Collection[str]) -> Iterator[Declared]:
    """Yield every rack PDU; `busy` are the nodes in service."""
    hanging = consumers_by_pdu(plan)
    for pdu in plan.pdus:
        fed = {outlet.consumer for outlet in pdu.outlets}
        yield Declared(
            subject=pdu.name,
            controller=pdu.controller,
            kind=rack_power,
            state=_outlets_state(pdu),
            guard=desired.guard_of(plan, in_service=not fed.isdisjoint(busy)),
            known={"consumers": _consumers(pdu, hanging[pdu.name])},
        )


def declared_shelves(plan: SitePlan, busy: Collection[str]) -> Iterator[Declared]:
    """Yield every power shelf; `busy` are the nodes in service."""
    racks = {node.mount.rack for node in plan.nodes if node.name in busy}
    for shelf in plan.power_shelves:
        yield Declared(
            subject=shelf.name,
            controller=shelf.controller,
            kind=power_shelf,
            state=power_shelf.ShelfState(
                supplies=len(shelf.rectifiers),
                needed=shelf.rectifiers_needed,
                capacity_watts=shelf.capacity_watts,
            ),
            guard=desired.guard_of(plan, in_service=shelf.mount.rack in racks),
        )


def _consumers(pdu: Pdu, hanging: Iterable[PowerConsumer]) -> Consumers:
    """As the plan has them: all powered, every cord of another PDU with power."""
    return Consumers(
        pdu=pdu.name,
        all=tuple(
            Consumer(
                name=one.name,
                cords=frozenset((cord.pdu, cord.outlet) for cord in one.cords),
                needed=one.needed,
                powered=True,
            )
            for one in hanging
        ),
    )


def _outlets_state(pdu: Pdu) -> rack_power.OutletsState:
    alarms = alarms_of(pdu)
    return replace(
        desired.outlets_state(pdu),
        delays_s=pdu.sequence,
        branch_alarms_amps=alarms.branches,
        outlet_alarms_amps=alarms.outlets,
    )
