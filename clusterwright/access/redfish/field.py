"""Typed views of what a device sent: a wrong or missing attribute is named with its resource."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar, cast

from clusterwright.errors import DeviceRefused

T = TypeVar("T")


class Resource:
    """One resource as it was when read. Subclasses declare the attributes that matter."""

    def __init__(self, device: str, body: Mapping[str, Any]) -> None:
        self.device = device
        self.body = body

    @property
    def path(self) -> str:
        return str(self.body.get("@odata.id", "(a resource without @odata.id)"))

    def at(self, names: str) -> Any:
        """Return what lies at `names`, separated by slashes, or None."""
        value: Any = self.body
        for name in names.split("/"):
            value = value.get(name) if isinstance(value, dict) else None
        return value


class Field(Generic[T]):
    """An attribute of a resource. Without a default, the device must give it."""

    def __init__(self, names: str, kind: type[T], default: T | None = None) -> None:
        self.names = names
        self.kind = kind
        self.default = default

    def __get__(self, resource: Resource, owner: type[Resource]) -> T:
        value = resource.at(self.names)
        if value is None and self.default is not None:
            return self.default
        # JSON knows one kind of number, and Python takes true for one.
        if self.kind is float and isinstance(value, int) and not isinstance(value, bool):
            return cast(T, float(value))
        if not isinstance(value, self.kind):
            raise DeviceRefused(
                f"{resource.device}: {resource.path}: attribute {self.names} is "
                f"{'missing' if value is None else repr(value)}, but must be "
                f"{_KINDS.get(self.kind, self.kind.__name__)}; update the device's firmware, or "
                f"take it out of the definition"
            )
        return value


class Link:
    """A reference to another resource; empty where the device does not have it."""

    def __init__(self, names: str) -> None:
        self.names = names

    def __get__(self, resource: Resource, owner: type[Resource]) -> str:
        return str(resource.at(f"{self.names}/@odata.id") or "")


_KINDS: Mapping[type, str] = {str: "a text", float: "a number", list: "a list", dict: "an object"}
