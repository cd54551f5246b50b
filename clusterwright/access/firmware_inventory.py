"""UpdateService: which firmware runs, which waits, and how another image gets there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members
from clusterwright.errors import DeviceRefused

_AT_RESET = "OnReset"


class Software(Resource):
    """One image in the inventory; `related` are the resources that it runs on."""

    id = Field("Id", str)
    version = Field("Version", str, "")
    is_staged: Field[bool] = Field("Staged", bool, False)  # noqa: FBT003 - the default of the field
    related: Field[list[dict[str, Any]]] = Field("RelatedItem", list, [])


class _UpdateService(Resource):
    inventory = Link("FirmwareInventory")
    simple = Field("Actions/#UpdateService.SimpleUpdate/target", str)
    apply_times: Field[list[str]] = Field(
        "Actions/#UpdateService.SimpleUpdate/@Redfish.OperationApplyTimeSupport/SupportedValues",
        list,
        [],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What an update service has. `staged` holds versions by the component that they wait for."""

    update: str
    apply_times: tuple[str, ...]
    running: Mapping[str, Software]
    staged: Mapping[str, str] = field(default_factory=dict)


async def read_inventory(client: Redfish) -> Inventory:
    """Return everything that the device's update service knows."""
    path = await from_root(client, "UpdateService")
    service = _UpdateService(client.name, await client.get(path))
    if not service.inventory:
        raise DeviceRefused(
            f"{client.name}: {path}: it has no FirmwareInventory; "
            f"update its firmware by hand, or take the baseline out of the definition"
        )
    found = await members(client, service.inventory, Software)
    running = {one.id: one for one in found if not one.is_staged}
    waiting = [one for one in found if one.is_staged]
    return Inventory(
        update=service.simple,
        apply_times=tuple(map(str, service.apply_times)),
        running=running,
        staged={
            name: one.version for one in waiting if (name := _component_of(one.id, running.keys()))
        },
    )


async def transfer(client: Redfish, inventory: Inventory, component: str, image: str) -> None:
    """Let the device fetch `image` for one component, and wait until it has.

    Raises:
        DeviceRefused: the transfer failed; the error gives the device's reason.
    """
    body: dict[str, Any] = {
        "ImageURI": image,
        "TransferProtocol": image.partition("://")[0].upper(),
        "Targets": [inventory.running[component].path],
    }
    if _AT_RESET in inventory.apply_times:
        body["@Redfish.OperationApplyTime"] = _AT_RESET
    await client.post(inventory.update, body)


def _component_of(staged: str, components: Iterable[str]) -> str:
    """Vendors name a waiting image after its component, with something behind it."""
    return max((name for name in components if staged.startswith(name)), key=len, default="")
