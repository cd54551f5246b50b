"""A controller's resources: what can be read, written, created and invoked at which URI."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clusterwright.lab.facility.messages import error_body, message

ROOT = "/redfish/v1"
Body = dict[str, Any]
Check = Callable[[str, Any], Body | None]
"""Given a property's name and a value: the message that refuses it, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer; an empty body is sent as no body."""

    status: int = 204
    body: Body = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusalError(Exception):
    """The controller says no; carries the answer."""

    def __init__(self, status: int, *messages: Body) -> None:
        super().__init__(messages[0]["Message"])
        self.reply = Reply(status=status, body=error_body(*messages))


@dataclass(frozen=True, slots=True, kw_only=True)
class Writable:
    """A property that PATCH may change."""

    check: Check
    write: Callable[[Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What POST may invoke; parameters are checked before `run` sees them."""

    name: str
    run: Callable[[Body], Awaitable[Reply]]
    parameters: Mapping[str, Check] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One JSON resource. `writable` is keyed by path, as in Boot/BootSourceOverrideTarget."""

    read: Callable[[], Body]
    writable: Mapping[str, Writable] = field(default_factory=dict)
    create: Callable[[Body], Awaitable[Reply]] | None = None
    delete: Callable[[], None] | None = None
    status: Callable[[], int] = lambda: 200

    @property
    def methods(self) -> tuple[str, ...]:
        """The HTTP methods it answers."""
        return (
            "GET",
            "HEAD",
            *(("PATCH",) if self.writable else ()),
            *(("POST",) if self.create else ()),
            *(("DELETE",) if self.delete else ()),
        )


@dataclass(slots=True, kw_only=True)
class Tree:
    """All resources and actions of one controller, by URI."""

    resources: dict[str, Resource] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)

    def add(self, path: str, body: Body | Callable[[], Body], **rest: Any) -> str:
        """Place a resource, constant or computed at each reading, and return its path."""
        read = body if callable(body) else lambda: dict(body)
        self.resources[path] = Resource(read=read, **rest)
        return path

    def add_collection(self, path: str, kind: str, name: str, **rest: Any) -> str:
        """Place a collection of whatever lies directly below it."""
        return self.add(path, lambda: self._collection(path, kind, name), **rest)

    def add_action(self, path: str, action: Action) -> Body:
        """Place an action of the resource at `path`, and return its entry under Actions."""
        target = f"{path}/Actions/{action.name}"
        self.actions[target] = action
        return {f"#{action.name}": {"target": target}}

    def _collection(self, path: str, kind: str, name: str) -> Body:
        depth = path.count("/") + 1
        below = [p for p in self.resources if p.startswith(f"{path}/") and p.count("/") == depth]
        return {
            "@odata.type": f"#{kind}Collection.{kind}Collection",
            "Name": name,
            "Members": [link(member) for member in below],
            "Members@odata.count": len(below),
        }


def link(path: str) -> Body:
    """Return a reference to another resource."""
    return {"@odata.id": path}


def healthy(state: str = "Enabled") -> Body:
    """Return the Status object of something without a fault."""
    return {"State": state, "Health": "OK"}


def one_of(*values: Any) -> Check:
    """Accept the listed values only."""

    def check(name: str, value: Any) -> Body | None:
        if type(value) is not type(values[0]):
            return message("PropertyValueTypeError", str(value), name, about=f"#/{name}")
        if value not in values:
            return message("PropertyValueNotInList", str(value), name, about=f"#/{name}")
        return None

    return check


def number(low: float, high: float) -> Check:
    """Accept numbers between two limits, both included."""

    def check(name: str, value: Any) -> Body | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return message("PropertyValueTypeError", str(value), name, about=f"#/{name}")
        if not low <= value <= high:
            return message("PropertyValueOutOfRange", str(value), name, about=f"#/{name}")
        return None

    return check


def of_type(kind: type) -> Check:
    """Accept any value of one JSON type."""

    def check(name: str, value: Any) -> Body | None:
        if type(value) is not kind:
            return message("PropertyValueTypeError", str(value), name, about=f"#/{name}")
        return None

    return check
