"""Drawings of a site for people: SVG, to scale on paper of the A series."""

from collections.abc import Mapping

from clusterwright.design.plan import SitePlan
from clusterwright.render.drawing.elevation import render_elevations
from clusterwright.render.drawing.floor import render_floor


def render_drawings(plan: SitePlan) -> Mapping[str, str]:
    """Render the elevation of each row, and the floor plan."""
    return {**render_floor(plan), **render_elevations(plan)}
