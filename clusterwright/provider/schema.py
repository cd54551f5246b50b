"""The package schema that Pulumi's own tools read, made from the models that Check uses."""

import json
from collections.abc import Mapping
from typing import Any

from clusterwright.provider.kind import Kind

JsonSchema = Mapping[str, Any]

_PENDING = {
    "type": "array",
    "items": {"type": "object", "additionalProperties": {"type": "string"}},
    "description": "What may not be applied now: path, expected, actual, remedy.",
}
_SITE = {
    "type": "string",
    "description": "Name under inventory/ of the site, or the path of its folder or definition.",
}


def schema(kinds: Mapping[str, Kind[Any]], version: str) -> str:
    """Return the schema as JSON."""
    models = {token: kind.model.model_json_schema(by_alias=True) for token, kind in kinds.items()}
    package = {
        "name": "clusterwright",
        "version": version,
        "displayName": "Clusterwright",
        "description": "Nodes, coolant loops, rack power and hosts of an AI factory.",
        "config": {"variables": {"site": _SITE}},
        "provider": {"inputProperties": {"site": _SITE}, "properties": {"site": _SITE}},
        "types": {
            _type_token(token, name): _object(definition, token)
            for token, model in models.items()
            for name, definition in model.get("$defs", {}).items()
        },
        "resources": {token: _resource(model, token) for token, model in models.items()},
    }
    return json.dumps(package, sort_keys=True)


def _resource(model: JsonSchema, token: str) -> dict[str, Any]:
    described = _object(model, token)
    required = described["required"]
    return {
        "description": described.get("description", ""),
        "inputProperties": described["properties"],
        "requiredInputs": required,
        "properties": {**described["properties"], "pending": _PENDING},
        "required": [*required, "pending"],
    }


def _object(model: JsonSchema, token: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": model.get("description", ""),
        "properties": {name: _type(p, token) for name, p in model["properties"].items()},
        "required": list(model.get("required", [])),
    }


def _type(schema: JsonSchema, token: str) -> dict[str, Any]:
    """Translate one property from JSON Schema to the dialect of Pulumi's packages."""
    described = {"description": schema["description"]} if "description" in schema else {}
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return {"type": "object", "$ref": f"#/types/{_type_token(token, name)}", **described}
    if "anyOf" in schema:
        choices = [_type(s, token) for s in schema["anyOf"] if s.get("type") != "null"]
        return {**(choices[0] if len(choices) == 1 else {"oneOf": choices}), **described}
    if schema["type"] == "array":
        return {"type": "array", "items": _type(schema["items"], token), **described}
    if schema["type"] == "object":
        values = _type(schema["additionalProperties"], token)
        return {"type": "object", "additionalProperties": values, **described}
    return {"type": schema["type"], **described}


def _type_token(token: str, name: str) -> str:
    return f"{token.rsplit(':', 1)[0]}:{name.removesuffix('Inputs')}"
