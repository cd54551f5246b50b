"""PATCH and POST bodies against what a resource or action accepts."""

from typing import Any

from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import Action, Body, RefusalError, Resource, Writable


def patch(resource: Resource, body: Body) -> list[Body]:
    """Write what may be written, and return messages about the rest.

    One bad value refuses the whole request; a property that cannot be written does so only where
    nothing else is left to write (DSP0266, "PATCH (update)").
    """
    if not body:
        raise RefusalError(400, message("EmptyJSON"))
    writes: list[tuple[str, Writable, Any]] = []
    ignored: list[Body] = []
    _sort("", body, resource, resource.read(), writes, ignored)
    wrong = [
        problem for name, writable, value in writes if (problem := writable.check(name, value))
    ]
    if wrong or not writes:
        raise RefusalError(400, *(wrong or ignored))
    for _, writable, value in writes:
        writable.write(value)
    return ignored


def _sort(
    prefix: str,
    part: Body,
    resource: Resource,
    actual: Any,
    writes: list[tuple[str, Writable, Any]],
    ignored: list[Body],
) -> None:
    for name, value in part.items():
        path = f"{prefix}{name}"
        known = isinstance(actual, dict) and name in actual
        if path in resource.writable:
            writes.append((path, resource.writable[path], value))
        elif isinstance(value, dict) and any(w.startswith(f"{path}/") for w in resource.writable):
            _sort(f"{path}/", value, resource, actual[name] if known else {}, writes, ignored)
        elif "@" not in name:
            key = "PropertyNotWritable" if known else "PropertyUnknown"
            ignored.append(message(key, path, about=f"#/{path}"))


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
