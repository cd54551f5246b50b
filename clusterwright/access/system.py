"""The server behind a BMC: its power and its boot override."""

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members
from clusterwright.access.server_parts import ANOTHER, NOT_FOUND
from clusterwright.errors import DeviceRefused

SELF_TEST = frozenset(
    {
        "PrimaryProcessorInitializationStarted",
        "BusInitializationStarted",
        "MemoryInitializationStarted",
        "SecondaryProcessorInitializationStarted",
        "PCIResourceConfigStarted",
        "SystemHardwareInitializationComplete",
    }
)


class System(Resource):
    """A ComputerSystem. A `boot_mode` that the BMC does not tell is empty."""

    serial = Field("SerialNumber", str, "")
    power_state = Field("PowerState", str)
    boot_target = Field("Boot/BootSourceOverrideTarget", str, "None")
    boot_enabled = Field("Boot/BootSourceOverrideEnabled", str, "Disabled")
    boot_mode = Field("Boot/BootSourceOverrideMode", str, "")
    boot_targets: Field[list[str]] = Field(
        "Boot/BootSourceOverrideTarget@Redfish.AllowableValues", list, []
    )
    boot_progress = Field("BootProgress/LastState", str, "")
    boot_stage_since = Field("BootProgress/LastStateTime", str, "")
    last_reset = Field("LastResetTime", str, "")
    hpe_post_state = Field("Oem/Hpe/PostState", str, "")
    power_on_delay_s = Field("PowerOnDelaySeconds", float, 0.0)
    bios = Link("Bios")
    reset = Field("Actions/#ComputerSystem.Reset/target", str)
    reset_types: Field[list[str]] = Field(
        "Actions/#ComputerSystem.Reset/ResetType@Redfish.AllowableValues", list, []
    )
    reset_info = Field("Actions/#ComputerSystem.Reset/@Redfish.ActionInfo", str, "")


class _ActionInfo(Resource):
    parameters: Field[list[dict[str, object]]] = Field("Parameters", list, [])


async def find_system(client: Redfish) -> System:
    """Return the server itself, where a BMC lists its GPU baseboard as a system beside it.

    Raises:
        DeviceRefused: there is no server, or more than one.
    """
    systems = await list_systems(client)
    if len(systems) > 1:
        systems = [system for system in systems if system.bios]
    if len(systems) != 1:
        names = ", ".join(system.path for system in systems) or "none"
        path = await from_root(client, "Systems")
        raise DeviceRefused(
            f"{client.name}: {path}: one server with a BIOS is expected behind a BMC, "
            f"but it has {len(systems)} ({names}); check the address in the definition"
        )
    return systems[0]


def refuse_stranger(client: Redfish, expected: str | None, found: str | None) -> None:
    """Let nothing be set on a server that is not the delivered one, where that is known.

    Raises:
        DeviceRefused: its serial number is another one.
    """
    if expected is not None and found != expected:
        raise DeviceRefused(
            f"{client.name}: its serial number is {found or NOT_FOUND}, but {expected} is "
            f"expected: nothing is set; {ANOTHER}"
        )


async def list_systems(client: Redfish) -> list[System]:
    """Return the server, and the GPU baseboards that a BMC may list beside it."""
    return await members(client, await from_root(client, "Systems"), System)


async def reset(client: Redfish, system: System, *wanted: str) -> str:
    """Call the reset action with the first of the `wanted` types that the BMC knows; return it.

    Raises:
        DeviceRefused: the BMC knows none of them.
    """
    chosen = await choose_reset(client, system, *wanted)
    await client.post(system.reset, {"ResetType": chosen})
    return chosen


async def choose_reset(client: Redfish, system: System, *wanted: str) -> str:
    """Return the first of the `wanted` reset types that the BMC knows.

    Raises:
        DeviceRefused: the BMC knows none of them.
    """
    known = await _reset_types(client, system)
    chosen = next((one for one in wanted if not known or one in known), "")
    if not chosen:
        raise DeviceRefused(
            f"{client.name}: {system.path}: it cannot do {' or '.join(wanted)}, "
            f"only {', '.join(known)}; update the BMC's firmware, or press the button"
        )
    return chosen


async def knows_reset(client: Redfish, system: System, kind: str) -> bool:
    """Whether the BMC says that it can do this; one that says nothing is asked all the same."""
    known = await _reset_types(client, system)
    return not known or kind in known


async def _reset_types(client: Redfish, system: System) -> list[str]:
    if system.reset_types or not system.reset_info:
        return system.reset_types
    info = _ActionInfo(client.name, await client.get(system.reset_info))
    found = (p for p in info.parameters if p.get("Name") == "ResetType")
    allowed = next(found, {}).get("AllowableValues", [])
    return [str(value) for value in allowed] if isinstance(allowed, list) else []


async def set_boot(
    client: Redfish, system: System, *, target: str, enabled: str, mode: str
) -> None:
    """Write the boot override; it disturbs nobody before the next boot.

    Raises:
        DeviceRefused: the BMC cannot boot from that target.
    """
    if system.boot_targets and target not in system.boot_targets:
        raise DeviceRefused(
            f"{client.name}: {system.path}: boot target {target}: the BMC has only "
            f"{', '.join(map(str, system.boot_targets))}; declare one of these"
        )
    override = {"BootSourceOverrideEnabled": enabled}
    if enabled != "Disabled":
        override["BootSourceOverrideTarget"] = target
    # Some BMCs refuse a mode that they already have.
    if enabled != "Disabled" and mode != system.boot_mode:
        override["BootSourceOverrideMode"] = mode
    await client.patch(system.path, {"Boot": override})
