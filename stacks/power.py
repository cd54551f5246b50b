"""The power of the facility layer: rack PDUs and power shelves."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pulumi

from clusterwright.design.facility import PowerConsumer, alarms_of, consumers_by_pdu
from clusterwright.design.plan import Pdu, PowerShelf, SitePlan
from clusterwright.provider import resources

Before = Mapping[str, Sequence[pulumi.Resource]]
"""What a device, by name, has to wait for."""


def declare_pdus(
    plan: SitePlan, busy: Collection[str], before: Before
) -> Mapping[str, resources.RackPower]:
    """Declare every rack PDU, by name; `busy` are the nodes in service."""
    consumers = consumers_by_pdu(plan)
    pdus = {pdu.name: pdu for pdu in plan.pdus}
    return {
        name: _pdu(
            pdu,
            plan,
            consumers[name],
            pdus,
            busy,
            pulumi.ResourceOptions(depends_on=before[name]),
        )
        for name, pdu in pdus.items()
    }


def declare_shelves(
    plan: SitePlan, busy: Collection[str], before: Before
) -> Mapping[str, resources.PowerShelf]:
    """Declare every power shelf, by name; `busy` are the nodes in service."""
    racks = {node.mount.rack for node in plan.nodes if node.name in busy}
    return {
        one.name: _shelf(one, plan, racks, pulumi.ResourceOptions(depends_on=before[one.name]))
        for one in plan.power_shelves
    }


def _pdu(  # noqa: PLR0913, PLR0917 - the PDU, the site around it, and who hangs on it
    pdu: Pdu,
    plan: SitePlan,
    consumers: Iterable[PowerConsumer],
    pdus: Mapping[str, Pdu],
    busy: Collection[str],
    opts: pulumi.ResourceOptions,
) -> resources.RackPower:
    alarms = alarms_of(pdu)
    on_it = {one.name: one for one in consumers}
    others = sorted({cord.pdu for one in on_it.values() for cord in one.cords} - {pdu.name})
    return resources.RackPower(
        pdu.name,
        address=str(pdu.controller.address),
        secret=pdu.controller.secret,
        outlets={str(outlet.number): "On" for outlet in pdu.outlets},
        delays_s={str(number): delay_s for number, delay_s in pdu.sequence.items()},
        branch_alarms_amps=alarms.branches,
        outlet_alarms_amps={str(number): amps for number, amps in alarms.outlets.items()},
        consumers={name: _consumer(one, pdus) for name, one in on_it.items()},
        pdus={pdus[n].controller.secret: str(pdus[n].controller.address) for n in others},
        in_service=not on_it.keys().isdisjoint(busy),
        allow=sorted(plan.maintenance.allow),
        opts=opts,
    )


def _consumer(one: PowerConsumer, pdus: Mapping[str, Pdu]) -> Mapping[str, Any]:
    cords: dict[str, list[int]] = {}
    for cord in one.cords:
        cords.setdefault(pdus[cord.pdu].controller.secret, []).append(cord.outlet)
    reach = (
        {"address": str(one.controller.address), "secret": one.controller.secret}
        if one.controller
        else {}
    )
    return {"needed": one.needed, "cords": cords, **reach}


def _shelf(
    shelf: PowerShelf, plan: SitePlan, busy: Collection[str], opts: pulumi.ResourceOptions
) -> resources.PowerShelf:
    return resources.PowerShelf(
        shelf.name,
        address=str(shelf.controller.address),
        secret=shelf.controller.secret,
        supplies=len(shelf.rectifiers),
        needed=shelf.rectifiers_needed,
        capacity_watts=shelf.capacity_watts,
        in_service=shelf.mount.rack in busy,
        allow=sorted(plan.maintenance.allow),
        opts=opts,
    )
