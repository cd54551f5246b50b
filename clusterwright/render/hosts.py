"""Names and addresses of the site as /etc/hosts has them."""

from clusterwright.design.plan import SitePlan
from clusterwright.render.environment import render_template
from clusterwright.render.names import list_names


def render_etc_hosts(plan: SitePlan) -> str:
    """Render /etc/hosts: hosts in band, then controllers and switches out of band."""
    names = list(list_names(plan))
    inband, oob = (
        [(str(one.address), one.name) for one in names if one.network == network]
        for network in ("inband", "oob")
    )
    return render_template("hosts.j2", site=plan.site, inband=inband, oob=oob)
