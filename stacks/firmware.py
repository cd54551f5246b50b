"""Firmware of devices whose model has a baseline."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from clusterwright.design.facility import list_equipment
from clusterwright.design.plan import Controller, FirmwareBaseline, PowerSupply, SitePlan
from clusterwright.provider import resources
from stacks.coolant import Coolant


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """A device that may have a baseline; its cords are cut where an image needs that."""

    name: str
    model: str
    controller: Controller
    supplies: tuple[PowerSupply, ...] = ()
    coolant: Coolant = field(default_factory=dict)
    in_service: bool
    host: Controller | None = None
    """The BMC of the server that a board is in."""


def declare_firmware(
    device: Updated, plan: SitePlan, needs: Sequence[pulumi.Resource]
) -> list[pulumi.Resource]:
    """Declare the baseline of a device's model, where there is one."""
    own = (one for one in plan.firmware if one.model == device.model)
    return [_baseline(device, one, plan, needs) for one in own]


def declare_firmware_of_equipment(
    plan: SitePlan, busy: Collection[str], devices: Mapping[str, pulumi.Resource]
) -> None:
    """Declare the baselines of PDUs, CDUs and power shelves; `busy` are the nodes in service."""
    for one in list_equipment(plan):
        device = Updated(
            name=one.name,
            model=one.model,
            controller=one.controller,
            in_service=not one.nodes.isdisjoint(busy),
        )
        declare_firmware(device, plan, [devices[one.name]])


def _baseline(
    device: Updated,
    wanted: FirmwareBaseline,
    plan: SitePlan,
    needs: Sequence[pulumi.Resource],
) -> resources.Firmware:
    return resources.Firmware(
        f"{device.name}-firmware",
        address=str(device.controller.address),
        secret=device.controller.secret,
        components={
            one.name: {
                "version": one.version,
                "image": one.image,
                "activation": one.activation,
                "order": one.order,
            }
            for one in wanted.components
        },
        downgrade=wanted.downgrade,
        cords=_cords(device, plan),
        coolant=device.coolant,
        host={"address": str(device.host.address), "secret": device.host.secret}
        if device.host
        else None,
        in_service=device.in_service,
        allow=sorted(plan.maintenance.allow),
        opts=pulumi.ResourceOptions(depends_on=needs),
    )


def _cords(device: Updated, plan: SitePlan) -> list[dict[str, str | int]]:
    names = {supply.pdu for supply in device.supplies}
    pdus = {pdu.name: pdu.controller for pdu in plan.pdus if pdu.name in names}
    return [
        {
            "address": str(pdus[supply.pdu].address),
            "secret": pdus[supply.pdu].secret,
            "outlet": supply.outlet,
        }
        for supply in device.supplies
    ]
