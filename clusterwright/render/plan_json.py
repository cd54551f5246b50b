"""The plan as JSON, for programs that are not ours.

Its layout shows in a review what changed: a cable, an outlet, a rack is a line; what has lists of
such things in it is a line for each of its fields.
"""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network
from typing import Any, get_args, get_origin, get_type_hints

import orjson

from clusterwright.design.plan import SitePlan


def render_plan(plan: SitePlan) -> str:
    """Render plan.json: the dataclasses of `design.plan`, field by field."""
    return _spread(plan, "") + "\n"


def _spread(value: Any, indent: str) -> str:
    inner = indent + "  "
    if names := _fields_apart(value.__class__):
        parts = [f'"{name}": {_spread(getattr(value, name), inner)}' for name in names]
        return _block("{", parts, "}", indent)
    if value.__class__ is tuple and value and is_dataclass(value[0].__class__):
        return _block("[", _items(value, inner), "]", indent)
    return _line(value)


def _items(values: tuple[Any, ...], indent: str) -> Iterable[str]:
    """Write equal dataclasses; 400,000 cables are many calls."""
    if _fields_apart(values[0].__class__):
        return [_spread(value, indent) for value in values]
    return [orjson.dumps(value, default=_plain).decode() for value in values]


def _block(opening: str, parts: Iterable[str], closing: str, indent: str) -> str:
    between = f",\n{indent}  "
    return f"{opening}\n{indent}  {between.join(parts)}\n{indent}{closing}"


def _line(value: object) -> str:
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: object) -> object:
    """Translate what JSON has no word for."""
    if isinstance(value, IPv4Address | IPv4Network):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{value!r} of {type(value).__name__} has no form in plan.json yet")


@cache
def _fields_apart(kind: type) -> tuple[str, ...]:
    """Return the fields of a type that are a line each: where there are lists of dataclasses."""
    if not is_dataclass(kind):
        return ()
    hints = get_type_hints(kind)
    if not any(_holds_dataclasses(hint) for hint in hints.values()):
        return ()
    return tuple(field.name for field in fields(kind))


def _holds_dataclasses(hint: object) -> bool:
    return get_origin(hint) is tuple and any(map(is_dataclass, get_args(hint)))
