"""Bandwidth below a switch over bandwidth above it."""

from typing import Annotated

from pydantic import BeforeValidator, Field


def _ratio(value: object) -> object:
    """Read `3:1`, which YAML takes for minutes and seconds where it has no quotes."""
    if isinstance(value, int) and value > 60:
        raise ValueError(
            f"{value} is no ratio from 0.5 to 32: write a number or, in quotes (without them YAML "
            f'reads minutes and seconds), "{value // 60}:{value % 60}"'
        )
    if isinstance(value, str) and value.count(":") == 1:
        below, above = value.split(":")
        if below.isdecimal() and above.isdecimal() and int(above):
            return int(below) / int(above)
    return value


Ratio = Annotated[
    float,
    BeforeValidator(_ratio, json_schema_input_type=Annotated[float, Field(ge=0.5, le=32.0)] | str),
    Field(ge=0.5, le=32.0),
]
"""A number, or two of them in quotes: `3`, `1.5`, `"3:2"`; `0.5` has twice as much above."""
