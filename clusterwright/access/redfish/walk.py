"""Finding resources by following links, never by guessing names."""

import asyncio
from collections.abc import Iterable
from typing import Any, TypeVar

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Resource
from clusterwright.errors import DeviceError, DeviceRefused

R = TypeVar("R", bound=Resource)


async def from_root(client: Redfish, name: str) -> str:
    """Return the path that the service root gives for `name`, such as Systems."""
    path = (await client.root()).get(name, {}).get("@odata.id", "")
    if not path:
        raise DeviceRefused(
            f"{client.name}: /redfish/v1/: it has no {name}; "
            f"check that this address belongs to the kind of device that the plan says"
        )
    return str(path)


async def members(client: Redfish, path: str, kind: type[R]) -> list[R]:
    """Return all members of a collection: in one request where the service can expand it."""
    bodies: list[dict[str, Any]] = []
    page = path + (await _expansion(client))
    while page:
        body = await client.get(page)
        bodies += [member for member in body.get("Members", []) if isinstance(member, dict)]
        page = str(body.get("Members@odata.nextLink", ""))
    return [kind(client.name, body) for body in await _whole(client, bodies)]


async def only_member(client: Redfish, path: str, kind: type[R]) -> R:
    """Return the member of a collection that must have exactly one."""
    found = await members(client, path, kind)
    if len(found) != 1:
        names = ", ".join(resource.path for resource in found) or "none"
        raise DeviceRefused(
            f"{client.name}: {path}: one member is expected, but it has {len(found)} ({names}); "
            f"give each device an address of its own"
        )
    return found[0]


async def fetch(client: Redfish, paths: Iterable[str], kind: type[R]) -> dict[str, R]:
    """Return resources by path: all of one collection at once where the service can expand it."""
    wanted = dict.fromkeys(paths)
    found: dict[str, R] = {}
    if await _expansion(client):
        for parent in dict.fromkeys(path.rpartition("/")[0] for path in wanted):
            found |= {one.path: one for one in await members(client, parent, kind)}
    left = [{"@odata.id": path} for path in wanted if path not in found]
    more = [kind(client.name, body) for body in await _whole(client, left)]
    found |= dict(zip((str(one["@odata.id"]) for one in left), more, strict=True))
    return {path: found[path] for path in wanted}


async def _expansion(client: Redfish) -> str:
    features = (await client.root()).get("ProtocolFeaturesSupported", {})
    expands = features.get("ExpandQuery", {}).get("NoLinks") is True
    return "?$expand=." if expands else ""


async def _whole(client: Redfish, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fetch those members of which the collection gave only the link."""
    links = {n: str(b["@odata.id"]) for n, b in enumerate(bodies) if b.keys() == {"@odata.id"}}
    try:
        async with asyncio.TaskGroup() as group:
            tasks = {n: group.create_task(client.get(path)) for n, path in links.items()}
    except* DeviceError as failures:
        # One is enough to say why, and the others were cancelled for it.
        raise failures.exceptions[0] from None
    return [tasks[n].result() if n in tasks else body for n, body in enumerate(bodies)]
