"""Where a server keeps Secure Boot, boot order, power policy, power limit and time servers."""

from collections.abc import Collection
from dataclasses import dataclass

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members
from clusterwright.access.system import find_system


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Resources by what is written to them, and what they hold; empty or None where it has none."""

    system: str
    boot_order: tuple[str, ...] | None = None
    restore_policy: str | None = None
    secure_boot: str = ""
    secure_boot_now: bool | None = None
    secure_boot_next: bool | None = None
    metrics: str = ""
    power_limit_watts: int | None = None
    protocol: str = ""
    ntp_servers: tuple[str, ...] | None = None


class _System(Resource):
    order: Field[list[str]] = Field("Boot/BootOrder", list, [])
    policy = Field("PowerRestorePolicy", str, "")
    secure_boot = Link("SecureBoot")
    chassis: Field[list[dict[str, str]]] = Field("Links/Chassis", list, [])


class _SecureBoot(Resource):
    enable: Field[bool] = Field("SecureBootEnable", bool)
    current = Field("SecureBootCurrentBoot", str)


class _Chassis(Resource):
    metrics = Link("EnvironmentMetrics")


class _Metrics(Resource):
    limit: Field[float] = Field("PowerLimitWatts/SetPoint", float, 0.0)
    mode = Field("PowerLimitWatts/ControlMode", str, "")


class _Manager(Resource):
    protocol = Link("NetworkProtocol")


class _Protocol(Resource):
    enabled: Field[bool] = Field("NTP/ProtocolEnabled", bool, False)  # noqa: FBT003 - the default
    servers: Field[list[str]] = Field("NTP/NTPServers", list, [])


async def find_places(client: Redfish, names: Collection[str]) -> Places:
    """Read what these fields of a PlatformState need, and nothing else."""
    system = _System(client.name, (await find_system(client)).body)
    found: dict[str, object] = {
        "boot_order": tuple(map(str, system.order)) or None,
        "restore_policy": system.policy or None,
    }
    if "secure_boot" in names and system.secure_boot:
        boot = _SecureBoot(client.name, await client.get(system.secure_boot))
        found["secure_boot"], found["secure_boot_next"] = boot.path, boot.enable
        found["secure_boot_now"] = boot.current == "Enabled"
    if "power_limit_watts" in names:
        found |= await _limit(client, system)
    if "ntp_servers" in names:
        found |= await _time(client)
    return Places(system=system.path, **found)  # type: ignore[arg-type]


async def _limit(client: Redfish, system: _System) -> dict[str, object]:
    for link in system.chassis:
        chassis = _Chassis(client.name, await client.get(str(link["@odata.id"])))
        if chassis.metrics:
            metrics = _Metrics(client.name, await client.get(chassis.metrics))
            if metrics.mode:
                off = metrics.mode == "Disabled"
                return {
                    "metrics": metrics.path,
                    "power_limit_watts": 0 if off else round(metrics.limit),
                }
    return {}


async def _time(client: Redfish) -> dict[str, object]:
    for manager in await members(client, await from_root(client, "Managers"), _Manager):
        if manager.protocol:
            protocol = _Protocol(client.name, await client.get(manager.protocol))
            if isinstance(protocol.at("NTP"), dict):
                servers = tuple(map(str, protocol.servers)) if protocol.enabled else ()
                return {"protocol": protocol.path, "ntp_servers": servers}
    return {}
