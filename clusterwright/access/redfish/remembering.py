"""A conversation in which nothing is asked twice: for one look at a device from several sides."""

import asyncio
from typing import Any, cast

from clusterwright.access.redfish.client import Redfish


class _Remembering:
    """Answers a GET that has been answered before from memory; writes nothing."""

    def __init__(self, client: Redfish) -> None:
        self._client = client
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.name, self.address = client.name, client.address

    async def root(self) -> dict[str, Any]:
        return await self._client.root()

    async def get(self, path: str) -> dict[str, Any]:
        if path not in self._answers:
            self._answers[path] = asyncio.ensure_future(self._client.get(path))
        return await self._answers[path]


def remembering(client: Redfish) -> Redfish:
    """Return the conversation as one for reading only, in which every resource is read once."""
    return cast(Redfish, _Remembering(client))
