"""What pydantic says, in the words of the operator."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from ipaddress import IPv4Network
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from clusterwright.errors import DefinitionPath, Problem

_WANTED = {
    r"^[a-z][a-z0-9-]{0,31}$": "a name has lower-case letters, digits and hyphens, begins with a "
    "letter, and is no longer than 32",
    r"^[A-Z]$": "a feed goes by one capital letter",
    r"^(none|[1-9]x[\w.+-]+(\s*\+\s*[1-9]x[\w.+-]+)*)$": "write none, or how many "
    "instances of which profile: 7x1g.10gb, or 1x3g.40gb + 4x1g.10gb",
    "model_type": "keys with values are wanted here",
    "dict_type": "keys with values are wanted here",
    "tuple_type": "a list is wanted here, also of one: write [ ] around it",
    "int_parsing": "a whole number is wanted here, without a unit: that stands in the key's name",
    "float_parsing": "a number is wanted here, without a unit: that stands in the key's name",
    "too_short": "at least one is needed",
    "string_type": "one word is wanted here, in quotes where YAML reads a number or yes and no",
}
"""What is wanted instead, by the pattern that is not matched or the kind of the mistake."""


def problems_of(errors: Iterable[ErrorDetails], model: type[BaseModel]) -> tuple[Problem, ...]:
    """Translate validation errors of `model` into problems with remedies.

    A list that is too short only because its items are wrong is no problem of its own.
    """
    return tuple(
        _problem(error, model)
        for error in errors
        if not (error["type"] == "too_short" and error["input"])
    )


def _problem(error: ErrorDetails, model: type[BaseModel]) -> Problem:
    path = tuple(step for step in error["loc"] if step != "[key]")
    if error["type"] == "extra_forbidden":
        return _unknown_key(path, model)
    if error["type"] == "missing":
        return Problem(path=path, value="", rule=_missing(path, model))
    if error["type"] == "ip_v4_network" and (prefix := _prefix(error["input"])):
        return Problem(
            path=path,
            value=str(error["input"]),
            rule=f"{error['input']} is an address in {prefix}, but a prefix is wanted: write "
            f"{prefix}",
            remedy=((path, prefix),),
        )
    return Problem(
        path=path, value=str(error["input"]), rule=_rule(error), remedy=_nearest(path, error)
    )


def _missing(path: DefinitionPath, model: type[BaseModel]) -> str:
    """Say what has to be written, and what that needs itself, where it has keys of its own."""
    kind: Any = model
    for step in path:
        kind = _inside(kind, step)
    each = "" if _is_model(kind) else "each "
    kind = kind if _is_model(kind) else _plain(next(iter(get_args(kind)), None))
    fields = kind.model_fields.items() if _is_model(kind) else ()
    needed = ", ".join(name for name, field in fields if field.is_required())
    return f"{path[-1]} is missing: write it" + (f", {each}with {needed}" if needed else "")


def _prefix(value: object) -> str:
    """Return the prefix that an address with a length lies in; nothing where it is none."""
    try:
        return str(IPv4Network(value, strict=False)) if isinstance(value, str) else ""
    except ValueError:
        return ""


def _nearest(path: DefinitionPath, error: ErrorDetails) -> tuple[tuple[DefinitionPath, str], ...]:
    """Return the word that was meant, where one of a few words has to stand."""
    if error["type"] != "literal_error":
        return ()
    words = re.findall(r"'([^']*)'", error["ctx"]["expected"])
    return tuple((path, word) for word in get_close_matches(str(error["input"]), words, n=1))


def _rule(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        return message
    pattern = error.get("ctx", {}).get("pattern", "")
    if wanted := _WANTED.get(pattern) or _WANTED.get(error["type"]):
        return f"{error['input']!r} cannot stand here: {wanted}"
    return f"{error['input']!r} cannot stand here: {message[0].lower()}{message[1:]}"


def _unknown_key(path: DefinitionPath, model: type[BaseModel]) -> Problem:
    known = _fields(path[:-1], model)
    near = get_close_matches(str(path[-1]), known, n=1)
    guess = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
    return Problem(
        path=path,
        value=str(path[-1]),
        rule=f"{path[-1]} is no key that is known here: {guess}",
        remedy=tuple(((*path[:-1], name), "(the same value)") for name in near),
    )


def _fields(path: DefinitionPath, model: type[BaseModel]) -> list[str]:
    kind: Any = model
    for step in path:
        kind = _inside(kind, step)
    return list(kind.model_fields) if _is_model(kind) else []


def _inside(kind: Any, step: str | int) -> Any:
    if _is_model(kind):
        field = kind.model_fields.get(str(step))
        return _plain(field.annotation) if field else None
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _plain(arguments[1])
    return _plain(arguments[0]) if arguments else None


def _plain(kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        return next(k for k in get_args(kind) if k is not type(None))
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
