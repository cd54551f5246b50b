"""The attribute registry of a BIOS: which values it takes. Not every BMC has one."""

from collections.abc import Mapping
from typing import Any

from clusterwright.access.guard import shown
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Resource
from clusterwright.access.redfish.walk import members

Scalar = str | int | bool
Registry = Mapping[str, Mapping[str, Any]]

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "Enumeration": str,
    "String": str,
    "Password": str,
    "Integer": (int, float),
    "Boolean": bool,
}


class _RegistryFile(Resource):
    id = Field("Id", str, "")
    registry = Field("Registry", str, "")
    location: Field[list[dict[str, Any]]] = Field("Location", list, [])


class _AttributeRegistry(Resource):
    attributes: Field[list[dict[str, Any]]] = Field("RegistryEntries/Attributes", list, [])


async def find_registry(client: Redfish, name: str) -> Registry:
    """Return the entries of the registry `name` by attribute; empty where the BMC has none."""
    collection = (await client.root()).get("Registries", {}).get("@odata.id", "")
    if not name or not collection:
        return {}
    files = await members(client, collection, _RegistryFile)
    # Vendors give the version in one place and leave it out in the other.
    fits = [f for f in files if name in {f.id, f.registry} or (f.id and name.startswith(f.id))]
    uri = next((str(place["Uri"]) for f in fits for place in f.location if place.get("Uri")), "")
    if not uri:
        return {}
    registry = _AttributeRegistry(client.name, await client.get(uri))
    return {str(entry.get("AttributeName")): entry for entry in registry.attributes}


def check(registry: Registry, name: str, value: Scalar) -> str:
    """Return why the BIOS cannot take `value`, or an empty text."""
    entry = registry.get(name)
    about = f"BIOS attribute {name}: {shown(value)}"
    if not registry:
        return ""
    if entry is None:
        return f"{about}: the BIOS's registry does not know it; correct the name"
    if entry.get("ReadOnly") is True:
        return f"{about}: the BIOS allows no change (read-only); take it out of the definition"
    return _wrong_value(entry, about, value)


def _wrong_value(entry: Mapping[str, Any], about: str, value: Scalar) -> str:
    kind = str(entry.get("Type"))
    wanted = _TYPES.get(kind, object)
    if not isinstance(value, wanted) or (kind == "Integer" and isinstance(value, bool)):
        return f"{about}: must be of type {kind}; write it so"
    choices = [str(one.get("ValueName")) for one in entry.get("Value") or []]
    if kind == "Enumeration" and choices and value not in choices:
        return f"{about}: must be one of {', '.join(choices)}"
    low, high = entry.get("LowerBound"), entry.get("UpperBound")
    outside = (low is not None and value < low) or (high is not None and value > high)
    if kind == "Integer" and outside:
        return f"{about}: must be from {low} to {high}"
    return ""
