"""The cable list."""

import csv
from io import StringIO

from clusterwright.design.plan import SitePlan

COLUMNS = (
    "fabric",
    "tier",
    "a_device",
    "a_port",
    "b_device",
    "b_port",
    "speed_gbps",
    "medium",
    "length_m",
)


def render_cables(plan: SitePlan) -> str:
    """Render cables.csv (RFC 4180, line feeds): a row per cable, both ends named."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        (
            link.fabric,
            link.tier,
            link.a.device,
            link.a.port,
            link.b.device,
            link.b.port,
            link.speed_gbps,
            link.medium,
            f"{link.length_m:g}",
        )
        for link in plan.links
    )
    return text.getvalue()
