"""Check: what a program declares, against the rules of its kind. Nothing is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from clusterwright.provider.inputs import Inputs
from clusterwright.provider.wire import Properties, holds_unknown

# What pydantic puts into a location beside keys and indices: the type it tried, or "this is a key".
PYDANTIC_STEPS = ("str", "int", "bool", "float", "[key]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One property that cannot be as declared; `reason` has the value, the rule and the remedy."""

    property: str
    reason: str


def check(model: type[Inputs], declared: Properties) -> tuple[Failure, ...]:
    """Return every failure of `declared`; a value that is not known yet fails nothing."""
    try:
        model.declared(declared.values)
    except ValidationError as error:
        mistakes = [e for e in error.errors() if not holds_unknown(e["input"])]
        # A rule over several properties is reported with all of them as its input.
        return tuple(_failure(model, mistake, declared) for mistake in mistakes)
    return ()


def with_defaults(model: type[Inputs], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` and, for what they leave out, the defaults that are not None."""
    defaults = {
        str(field.alias): field.get_default(call_default_factory=True)
        for field in model.model_fields.values()
        if not field.is_required()
    }
    given = {key: value for key, value in values.items() if value is not None}
    return {key: value for key, value in defaults.items() if value is not None} | given


def _failure(model: type[Inputs], error: ErrorDetails, declared: Properties) -> Failure:
    location = tuple(str(part) for part in error["loc"])
    path = ".".join(part for part in location if part not in PYDANTIC_STEPS)
    rule = error["msg"].removeprefix("Value error, ")
    secret = any(location[: len(hidden)] == hidden for hidden in declared.secrets)
    value = "" if error["type"] == "missing" or not path else f"{_shown(error, secret=secret)}: "
    return Failure(property=path, reason=f"{value}{rule}; {_remedy(model, error)}")


def _shown(error: ErrorDetails, *, secret: bool) -> str:
    return "[secret]" if secret else repr(error["input"])


def _remedy(model: type[Inputs], error: ErrorDetails) -> str:
    known = ", ".join(str(field.alias) for field in model.model_fields.values())
    return {
        "missing": "give it a value",
        "extra_forbidden": f"remove it, or use one of {known}",
    }.get(error["type"], "correct it in the program or in the site's definition")
