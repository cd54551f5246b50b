"""A fabric as a graph that a person can take in.

view     what is one box, and how many cables join two boxes
dot      the view for Graphviz
mermaid  the view for Mermaid
"""

from collections.abc import Mapping

from clusterwright.design.plan import SitePlan
from clusterwright.render.graph.dot import draw_dot
from clusterwright.render.graph.mermaid import draw_mermaid
from clusterwright.render.graph.view import list_views


def render_graphs(plan: SitePlan) -> Mapping[str, str]:
    """Render each fabric for Graphviz and for Mermaid."""
    return {
        path: content
        for view in list_views(plan)
        for path, content in (
            (f"graphs/{view.fabric}.dot", draw_dot(view)),
            (f"graphs/{view.fabric}.mmd", draw_mermaid(view)),
        )
    }
