"""One conversation with one Redfish service."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from clusterwright.access.vault import Login

Body = Mapping[str, Any]


class Redfish:
    """A connection to one device; `deadline_s` bounds every single request."""

    def __init__(
        self,
        *,
        address: str,
        login: Login,
        ca_file: Path,
        deadline_s: float = 30.0,
        name: str = "",
    ) -> None:
        self.address = address
        self.name = f"{name} ({address})" if name else address

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    async def get(self, path: str) -> dict[str, Any]:
        raise NotImplementedError

    async def patch(self, path: str, body: Body, etag: str = "") -> dict[str, Any]:
        raise NotImplementedError

    async def post(self, path: str, body: Body) -> dict[str, Any]:
        raise NotImplementedError
