"""Render a plan into files: pure text, one function per file."""

from collections.abc import Callable, Mapping

from clusterwright.design.plan import SitePlan
from clusterwright.render.ansible import (
    render_all_variables,
    render_hosts,
    render_node_variables,
)
from clusterwright.render.cables import render_cables
from clusterwright.render.hosts import render_etc_hosts
from clusterwright.render.mig import render_mig_parted
from clusterwright.render.plan_json import render_plan

FILES: Mapping[str, Callable[[SitePlan], str]] = {
    "plan.json": render_plan,
    "ansible/hosts.yml": render_hosts,
    "ansible/group_vars/all.yml": render_all_variables,
    "ansible/group_vars/nodes.yml": render_node_variables,
    "cables.csv": render_cables,
    "hosts": render_etc_hosts,
    "mig-parted.yml": render_mig_parted,
}


def render(plan: SitePlan) -> Mapping[str, str]:
    """Return the text of every file by its path under generated/."""
    return {path: render_file(plan) for path, render_file in FILES.items()}
