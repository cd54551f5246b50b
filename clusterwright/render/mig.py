"""MIG layouts in the format of NVIDIA's mig-parted."""

from collections import Counter
from typing import Any

from clusterwright.design.plan import Gpus, SitePlan
from clusterwright.render.environment import render_yaml


def render_mig_parted(plan: SitePlan) -> str:
    """Render the configuration file of nvidia-mig-parted: one entry per pool."""
    layouts = {node.pool: _layout(node.gpus) for node in plan.nodes}
    tree = {"version": "v1", "mig-configs": {pool: [layouts[pool]] for pool in sorted(layouts)}}
    return render_yaml(tree, "clusterwright.render.mig.render_mig_parted")


def _layout(gpus: Gpus) -> dict[str, Any]:
    if not gpus.mig_devices:
        return {"devices": "all", "mig-enabled": False}
    counts = Counter(device.profile for device in gpus.mig_devices)
    return {"devices": "all", "mig-enabled": True, "mig-devices": dict(counts)}
