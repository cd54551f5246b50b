"""What a server holds besides BIOS attributes: Secure Boot, boot order, power policy, limit, time.

Everything is optional: what is None in a desired state is left alone, and not even read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from clusterwright.access.guard import RESET, Difference, Guard, Outcome, shown
from clusterwright.access.platform_resources import Places, find_places
from clusterwright.access.power_change import RESTART
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.settle import settle
from clusterwright.access.system import find_system, refuse_stranger, reset
from clusterwright.errors import DeviceRefused

NO_LIMIT = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformState:
    """`power_limit_watts` is 0 without a limit. `secure_boot` is how the server has booted.

    `staged` is what Secure Boot becomes at the next boot; it is None in a desired state.
    """

    secure_boot: bool | None = None
    boot_order: tuple[str, ...] | None = None
    restore_policy: str | None = None
    power_limit_watts: int | None = None
    ntp_servers: tuple[str, ...] | None = None
    staged: bool | None = None


async def read(client: Redfish, desired: PlatformState | None = None) -> PlatformState:
    """Return what is live of what `desired` names, or of everything that the server has."""
    names = {f.name for f in fields(PlatformState)} if desired is None else _named(desired)
    return _state(await find_places(client, names), names)


def differences(
    desired: PlatformState, actual: PlatformState, guard: Guard | None = None
) -> tuple[Difference, ...]:
    """Compare; Secure Boot that waits for a reset, or must wait for one, is pending."""
    return tuple(
        _difference(name, getattr(desired, name), actual, guard)
        for name in sorted(_named(desired))
        if getattr(desired, name) != getattr(actual, name)
    )


async def apply(
    client: Redfish,
    desired: PlatformState,
    guard: Guard,
    *,
    serial: str | None = None,
    deadline_s: float = 1200.0,
) -> Outcome[PlatformState]:
    """Write what differs; a running server is reset for Secure Boot where `guard` permits.

    Raises:
        DeviceRefused: the server has another `serial` number than that, or no such thing, or does
            not take the value.
    """
    refuse_stranger(client, serial, (await find_system(client)).serial.strip())
    names = _named(desired)
    places = await find_places(client, names)
    _all_there(client, names, _state(places, names))
    for path, body in _changes(desired, _state(places, names), places).items():
        await client.patch(path, body)
    state = await read(client, desired)
    running = (await find_system(client)).power_state == "On"
    if state.secure_boot != desired.secure_boot and running and guard.permits(RESET):
        await reset(client, await find_system(client), *RESTART)
    waits = not (running and guard.permits(RESET))

    def unfinished(found: PlatformState) -> tuple[Difference, ...]:
        left = differences(desired, found)
        return tuple(d for d in left if d.path != "secure_boot" or not waits)

    state = await settle(client, lambda: read(client, desired), unfinished, deadline_s=deadline_s)
    pending = tuple(replace(d, pending=True) for d in differences(desired, state, guard))
    return Outcome(state=state, pending=pending)


def _all_there(client: Redfish, names: set[str], actual: PlatformState) -> None:
    missing = sorted(name for name in names if getattr(actual, name) is None)
    if missing:
        raise DeviceRefused(
            f"{client.name}: {', '.join(missing)}: the server has no such thing; take it out of "
            f"the definition, or update its firmware"
        )


def _named(desired: PlatformState) -> set[str]:
    return {f.name for f in fields(desired) if getattr(desired, f.name) is not None} - {"staged"}


def _state(places: Places, names: set[str]) -> PlatformState:
    has: Mapping[str, Any] = {
        "secure_boot": places.secure_boot_now,
        "boot_order": places.boot_order,
        "restore_policy": places.restore_policy,
        "power_limit_watts": places.power_limit_watts,
        "ntp_servers": places.ntp_servers,
    }
    found = {name: value for name, value in has.items() if name in names}
    staged = places.secure_boot_next if places.secure_boot_next != places.secure_boot_now else None
    return PlatformState(**found, staged=staged if "secure_boot" in names else None)


def _changes(
    desired: PlatformState, actual: PlatformState, places: Places
) -> dict[str, dict[str, Any]]:
    """Return what to write, by the resource that it is written to."""
    differs = {d.path for d in differences(desired, actual)}
    changes: dict[str, dict[str, Any]] = {}
    if desired.secure_boot is not None and desired.secure_boot != places.secure_boot_next:
        changes[places.secure_boot] = {"SecureBootEnable": desired.secure_boot}
    if "boot_order" in differs and desired.boot_order is not None:
        changes.setdefault(places.system, {})["Boot"] = {"BootOrder": list(desired.boot_order)}
    if "restore_policy" in differs:
        changes.setdefault(places.system, {})["PowerRestorePolicy"] = desired.restore_policy
    if "power_limit_watts" in differs:
        changes[places.metrics] = {"PowerLimitWatts": _limit(desired.power_limit_watts)}
    if "ntp_servers" in differs and desired.ntp_servers is not None:
        servers = list(desired.ntp_servers)
        ntp = {"NTPServers": servers, "ProtocolEnabled": bool(servers)}
        changes[places.protocol] = {"NTP": ntp}
    return changes


def _limit(watts: int | None) -> dict[str, Any]:
    if watts == NO_LIMIT:
        return {"ControlMode": "Disabled"}
    return {"SetPoint": watts, "ControlMode": "Automatic"}


def _difference(name: str, expected: Any, actual: PlatformState, guard: Guard | None) -> Difference:
    held = guard is not None and not guard.permits(RESET)
    pending = name == "secure_boot" and (actual.staged == expected or held)
    return Difference(
        path=name,
        expected=_shown(expected),
        actual=_shown(getattr(actual, name)),
        pending=pending,
        remedy=_WAITS if pending else "run clusterwright up",
    )


_WAITS = (
    "drain the node, or permit reset in maintenance.allow, and run clusterwright up; one that is "
    "off takes it when it is switched on"
)


def _shown(value: Any) -> str:
    if value is None:
        return "(not there)"
    return ", ".join(value) or "none" if isinstance(value, tuple) else shown(value)
