"""PATCH and POST bodies against what a resource or action accepts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import Action, Body, RefusalError, Resource, Writable


def patch(resource: Resource, body: Body, deaf: Collection[str] = ()) -> list[Body]:
    """Write what may be written, and return messages about the rest.

    To properties in `deaf` nothing happens, and nobody says so.

    One bad value refuses the whole request; a property that cannot be written does so only where
    nothing else is left to write (DSP0266, "PATCH (update)").
    """
    if not body:
        raise RefusalError(400, message("EmptyJSON"))
    sorted_ = _sort(body, resource.writable, resource.read())
    wrong = [p for name, writable, value in sorted_.writes if (p := writable.check(name, value))]
    if wrong or not sorted_.writes:
        raise RefusalError(400, *(wrong or sorted_.ignored or [message("NoOperation")]))
    for name, writable, value in sorted_.writes:
        if name.rpartition("/")[2] not in deaf:
            writable.write(value)
    return sorted_.ignored


@dataclass(slots=True)
class _Sorted:
    writes: list[tuple[str, Writable, Any]] = field(default_factory=list)
    ignored: list[Body] = field(default_factory=list)


def _sort(body: Body, writable: Mapping[str, Writable], actual: Body) -> _Sorted:
    """Tell what may be written from what may not, each under its path from the top."""
    result = _Sorted()
    left: list[tuple[str, Any, Any]] = [(name, body[name], actual) for name in body]
    while left:
        path, value, around = left.pop(0)
        name = path.rpartition("/")[2]
        known = isinstance(around, dict) and name in around
        if path in writable:
            before = around.get(name) if isinstance(around, dict) else None
            result.writes.append((path, writable[path], _merged(value, before)))
        elif isinstance(value, dict) and any(one.startswith(f"{path}/") for one in writable):
            inner = around[name] if known else {}
            left += [(f"{path}/{below}", value[below], inner) for below in value]
        elif "@" not in name:
            key = "PropertyNotWritable" if known else "PropertyUnknown"
            result.ignored.append(message(key, path, about=f"#/{path}"))
    return result


def _merged(value: Any, before: Any) -> Any:
    """Read an array as DSP0266 does: null removes an element, an empty object leaves it alone."""
    if not isinstance(value, list):
        return value
    kept = list(before) if isinstance(before, list) else []
    kept += [{}] * (len(value) - len(kept))
    return [
        old if new == {} else new for new, old in zip(value, kept, strict=False) if new is not None
    ]


def check_parameters(action: Action, body: Body) -> None:
    """Refuse an action whose parameters are missing, unknown or wrong."""
    missing = [
        message("ActionParameterMissing", action.name, name)
        for name in sorted(action.required - body.keys())
    ]
    unknown = [
        message("ActionParameterNotSupported", name, action.name)
        for name in body
        if name not in action.parameters
    ]
    wrong = [
        problem
        for name, check in action.parameters.items()
        if name in body and (problem := check(name, body[name]))
    ]
    if problems := missing + unknown + wrong:
        raise RefusalError(400, *problems)
