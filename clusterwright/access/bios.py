"""BIOS attributes: what they are, what they become at the next reset, and how to stage them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clusterwright.access.bios_registry import Scalar, check, find_registry
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.errors import DeviceRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Bios:
    """`staged` holds only what differs from `current`. Values are written to `settings`."""

    path: str
    settings: str
    registry: str
    current: Mapping[str, Scalar] = field(default_factory=dict)
    staged: Mapping[str, Scalar] = field(default_factory=dict)


class _Bios(Resource):
    attributes: Field[dict[str, Any]] = Field("Attributes", dict, {})
    registry = Field("AttributeRegistry", str, "")
    settings = Link("@Redfish.Settings/SettingsObject")


async def read_bios(client: Redfish, path: str) -> Bios:
    """Return all attributes. A BIOS without a settings resource takes values at once."""
    bios = _Bios(client.name, await client.get(path))
    pending: Mapping[str, Any] = {}
    if bios.settings:
        pending = _Bios(client.name, await client.get(bios.settings)).attributes
    current = _scalars(bios.attributes)
    return Bios(
        path=path,
        settings=bios.settings or path,
        registry=bios.registry,
        current=current,
        staged={n: v for n, v in _scalars(pending).items() if not same(v, current.get(n))},
    )


async def stage(client: Redfish, bios: Bios, desired: Mapping[str, Scalar]) -> bool:
    """Write what is neither current nor staged yet; return whether there was anything.

    Raises:
        DeviceRefused: the BIOS has no such attribute, or cannot take the value.
    """
    next_values = {**bios.current, **bios.staged}
    missing = {n: v for n, v in desired.items() if not same(v, next_values.get(n))}
    if not missing:
        return False
    unknown = [name for name in missing if name not in bios.current]
    if unknown:
        raise DeviceRefused(
            f"{client.name}: {bios.path}: BIOS attribute {', '.join(unknown)}: the BIOS has no "
            f"such attribute; correct its name in the definition or in the catalogue"
        )
    registry = await find_registry(client, bios.registry)
    problems = [problem for n, v in missing.items() if (problem := check(registry, n, v))]
    if problems:
        raise DeviceRefused(f"{client.name}: {bios.path}: {'; '.join(problems)}")
    # The task that some BMCs make of this ends only with the reset, so nobody waits for it here.
    await client.start_patch(bios.settings, {"Attributes": missing})
    await _check_staged(client, bios, missing)
    return True


async def _check_staged(client: Redfish, bios: Bios, missing: Mapping[str, Scalar]) -> None:
    """Some BMCs answer with success and do nothing: better known before a reset than after it."""
    found = await read_bios(client, bios.path)
    now = {**found.current, **found.staged}
    ignored = [name for name, value in missing.items() if not same(value, now.get(name))]
    if ignored:
        raise DeviceRefused(
            f"{client.name}: {bios.settings}: BIOS attribute {', '.join(ignored)}: the BMC "
            f"accepted the value and did not stage it; set it in the BIOS itself, or update the "
            f"firmware"
        )


def same(one: Scalar | None, other: Scalar | None) -> bool:
    """Compare as the BIOS does: 1 is not true, and 1.0 is 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def only(values: Mapping[str, Scalar], names: Iterable[str] | None) -> Mapping[str, Scalar]:
    """Return the part of `values` that `names` asks for; None asks for all."""
    if names is None:
        return values
    return {name: values[name] for name in names if name in values}


def _scalars(attributes: Mapping[str, Any]) -> dict[str, Scalar]:
    return {n: v for n, v in attributes.items() if isinstance(v, str | int)}
