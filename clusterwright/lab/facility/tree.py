"""A controller's resources: what can be read, written, created and invoked at which URI."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from clusterwright.lab.facility.fragments import link
from clusterwright.lab.facility.messages import error_body

ROOT = "/redfish/v1"
Body = dict[str, Any]
Shown = Body | Callable[[], Body]
"""What lies at a path: the same always, or computed at each reading."""
Check = Callable[[str, Any], Body | None]
"""Given a property's name and a value: the message that refuses it, or None."""
Lens = Callable[[str, Body], Body]
"""Given a path and what lies there: what is shown instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer; an empty body is sent as no body."""

    status: int = 204
    body: Body = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    """The body as it is sent, where it has been written already."""


class RefusalError(Exception):
    """The controller says no; carries the answer."""

    def __init__(self, status: int, *messages: Body, headers: Mapping[str, str] = {}) -> None:
        super().__init__(messages[0]["Message"])
        self.reply = Reply(status=status, body=error_body(*messages), headers=headers)


Raw = Callable[[web.BaseRequest], Awaitable[Reply | web.StreamResponse]]
"""What answers a request that is no JSON document: an upload, a stream."""


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
        also = {"PATCH": self.writable, "POST": self.create, "DELETE": self.delete}
        return ("GET", "HEAD", *(method for method, given in also.items() if given))


class Tree:
    """All resources and actions of one controller, by URI.

    `grow` places most of them when somebody first asks: a facility has thousands of trees.
    """

    def __init__(self, grow: Callable[["Tree"], None] | None = None) -> None:
        self._grow = grow
        self._resources: dict[str, tuple[Shown, Mapping[str, Any]]] = {}
        """What each shows and what else can be done to it: most are never asked for it."""
        self._actions: dict[str, Action] = {}
        self._families: dict[str, Callable[[str], Body | None]] = {}
        self._raw: dict[tuple[str, str], Raw] = {}
        self.hidden: set[str] = set()
        """What is as if it were not there, with all below it."""
        self.lenses: list[Lens] = []
        self.deaf: set[str] = set()
        """Properties that accept any good value and keep their own."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Where there is something."""
        self._ripen()
        return tuple(path for path in self._resources if not self._is_hidden(path))

    def find(self, path: str) -> Resource | None:
        """Return the resource at `path`."""
        self._ripen()
        if self._is_hidden(path):
            return None
        return self._resource(path)

    def action(self, target: str) -> Action | None:
        """Return the action that a POST to `target` invokes."""
        self._ripen()
        return None if self._is_hidden(target) else self._actions.get(target)

    def raw(self, method: str, path: str) -> Raw | None:
        """Return what answers an upload or a stream."""
        self._ripen()
        return self._raw.get((method, path))

    def read(self, path: str) -> Body:
        """Return what is shown at `path`."""
        resource = self._resource(path)
        if resource is None:
            raise KeyError(path)
        body = {"@odata.id": f"{ROOT}/" if path == ROOT else path, **resource.read()}
        for lens in self.lenses:
            body = lens(path, body)
        return body

    def add(self, path: str, body: Shown, **rest: Any) -> str:
        """Place a resource, constant or computed at each reading, and return its path."""
        self._resources[path] = (body, rest)
        return path

    def remove(self, path: str) -> None:
        """Take a resource away."""
        self._resources.pop(path, None)

    def add_family(self, parent: str, member: Callable[[str], Body | None]) -> None:
        """Place whatever `member` finds below `parent`, by its last word, when it is asked for."""
        self._families[parent] = member

    def add_raw(self, method: str, path: str, answer: Raw) -> str:
        """Place what answers an upload or a stream."""
        self._raw[method, path] = answer
        return path

    def add_collection(self, path: str, kind: str, name: str, **rest: Any) -> str:
        """Place a collection of whatever lies directly below it."""
        return self.add(path, lambda: self._collection(path, kind, name), **rest)

    def add_action(self, path: str, action: Action) -> Body:
        """Place an action of the resource at `path`, and return its entry under Actions."""
        target = f"{path}/Actions/{action.name}"
        self._actions[target] = action
        return {f"#{action.name}": {"target": target}}

    def _ripen(self) -> None:
        if self._grow:
            grow, self._grow = self._grow, None
            grow(self)

    def _resource(self, path: str) -> Resource | None:
        if path not in self._resources:
            return self._relative(path)
        body, rest = self._resources[path]
        return Resource(read=body if callable(body) else lambda: dict(body), **rest)

    def _relative(self, path: str) -> Resource | None:
        parent, _, name = path.rpartition("/")
        member = self._families.get(parent)
        body = member(name) if member else None
        return Resource(read=lambda: body) if body else None

    def _is_hidden(self, path: str) -> bool:
        return bool(self.hidden) and any(
            path == one or path.startswith(f"{one}/") for one in self.hidden
        )

    def _collection(self, path: str, kind: str, name: str) -> Body:
        start, depth = f"{path}/", path.count("/") + 1
        below = [
            one
            for one in self._resources
            if one.startswith(start) and one.count("/") == depth and not self._is_hidden(one)
        ]
        return {
            "@odata.type": f"#{kind}Collection.{kind}Collection",
            "Name": name,
            "Members": [link(member) for member in below],
            "Members@odata.count": len(below),
        }
