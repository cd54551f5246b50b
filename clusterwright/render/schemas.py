"""JSON Schemas of what people write and of what comes out, from the types themselves."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from textwrap import dedent
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel, TypeAdapter

from clusterwright.catalogue import Catalogue
from clusterwright.design import plan
from clusterwright.design.plan import SitePlan
from clusterwright.model.record import Record
from clusterwright.model.site import Site
from clusterwright.render.environment import render_json

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def render_schemas() -> Mapping[str, str]:
    """Return every schema by its path under schemas/."""
    kinds = get_type_hints(Catalogue).items()
    written = {"site": Site, "record": Record} | {
        f"catalogue/{kind}": get_args(hint)[1] for kind, hint in kinds
    }
    schemas = {name: _schema_of_input(model) for name, model in written.items()}
    schemas["plan"] = _schema_of_plan()
    return {f"{name}.schema.json": render_json(schemas[name]) for name in sorted(schemas)}


def _schema_of_input(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    kinds = list(_models_below(BaseModel))
    for part in _objects(schema):
        fields = part["properties"].keys()
        kind = next(
            k for k in kinds if k.__name__ == part["title"] and k.model_fields.keys() == fields
        )
        for base in kind.__mro__:
            if base in kinds:
                _describe(part, base)
        _without_titles(part)
    return {"$schema": _DRAFT, **schema}


def _models_below(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield our models.

    Pydantic could describe them itself (`use_attribute_docstrings`), but reads the source of each
    whenever it is imported: that would be a sixth of the time of `clusterwright check`.
    """
    for below in kind.__subclasses__():
        if below.__module__.startswith("clusterwright."):
            yield below
        yield from _models_below(below)


def _schema_of_plan() -> dict[str, Any]:
    schema = TypeAdapter(SitePlan).json_schema(mode="serialization")
    for part in _objects(schema):
        # A plan is written whole: what has a default is there, too, and nothing else is.
        part["required"] = list(part["properties"])
        part["additionalProperties"] = False
        _describe(part, getattr(plan, part["title"]))
        _without_titles(part)
    return {"$schema": _DRAFT, **schema}


def _objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    parts = (schema, *schema.get("$defs", {}).values())
    return [part for part in parts if "properties" in part]


def _without_titles(part: dict[str, Any]) -> None:
    """Leave out titles that only spell the key again."""
    for field in part["properties"].values():
        field.pop("title", None)


def _describe(part: dict[str, Any], kind: type) -> None:
    for name, words in _attribute_docstrings(kind).items():
        if name in part["properties"]:
            part["properties"][name].setdefault("description", words)


def _attribute_docstrings(kind: type) -> dict[str, str]:
    """Return the sentences that stand below the fields of a dataclass in its source."""
    body = ast.parse(dedent(inspect.getsource(kind))).body[0]
    if not isinstance(body, ast.ClassDef):
        raise TypeError(f"{kind} is no class")
    return {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in zip(body.body, body.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
