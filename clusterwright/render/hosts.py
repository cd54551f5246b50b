"""Names and addresses of the site as /etc/hosts has them."""

from clusterwright.design.plan import SitePlan
from clusterwright.render.environment import render_template


def render_etc_hosts(plan: SitePlan) -> str:
    """Render /etc/hosts: hosts in band, then controllers and switches out of band."""
    inband = [(str(host.address), host.name) for host in plan.hosts]
    controllers = [
        *(node.controller for node in plan.nodes),
        *(loop.controller for loop in plan.loops),
        *(pdu.controller for pdu in plan.pdus),
    ]
    oob = [
        *((str(controller.address), controller.name) for controller in controllers),
        *((str(switch.address), switch.name) for switch in plan.switches),
    ]
    return render_template("hosts.j2", site=plan.site, inband=inband, oob=oob)
