"""The difference between two plans as JSON."""

from dataclasses import asdict

from clusterwright.design.difference import Difference
from clusterwright.render.environment import render_json


def render_difference(difference: Difference) -> str:
    """Render everything that `clusterwright diff` knows, field by field."""
    return render_json(asdict(difference))
