"""A Redfish service of a few pages, for tests of what is made of its answers."""

from typing import Any

from clusterwright.errors import DeviceRefused


class Pages:
    """Every page is linked from the root; a link leads to the page of its name."""

    name = "the device"

    def __init__(self, **pages: Any) -> None:
        self.pages = pages

    async def root(self) -> dict[str, Any]:
        return links(*self.pages)

    async def get(self, path: str) -> dict[str, Any]:
        if path not in self.pages:
            raise DeviceRefused(f"{self.name}: there is no {path}")
        return {"@odata.id": path, **self.pages[path]}


def links(*names: str) -> dict[str, Any]:
    return {name: {"@odata.id": name} for name in names}


def of(*members: dict[str, Any]) -> dict[str, Any]:
    """Return a collection of these members."""
    return {"Members": [{"@odata.id": f"/{n}", **one} for n, one in enumerate(members)]}
