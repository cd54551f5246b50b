"""The plan as JSON, for programs that are not ours."""

from dataclasses import fields, is_dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from clusterwright.design.plan import SitePlan
from clusterwright.render.environment import render_json


def render_plan(plan: SitePlan) -> str:
    """Render plan.json: the dataclasses of `design.plan`, field by field."""
    return render_json(_plain(plan))


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, IPv4Address | IPv4Network):
        return str(value)
    return value
