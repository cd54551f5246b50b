"""The hosts layer: one play per rack, on whatever runs an OS in it."""

import pulumi

from clusterwright.access.ansible import digest
from clusterwright.design.plan import SitePlan
from clusterwright.provider.resources import PlaybookRun
from clusterwright.site_folder import SiteFolder
from stacks.facility import Facility

PLAYBOOK = "site.yml"


def declare_hosts(folder: SiteFolder, plan: SitePlan, facility: Facility) -> None:
    """Declare the play of every rack that has hosts."""
    for rack, hosts in _hosts_by_rack(plan).items():
        nodes = [one for host in hosts for one in facility.ready.get(host, ())]
        PlaybookRun(
            f"{rack}-hosts",
            playbook=PLAYBOOK,
            rack=rack,
            hosts=hosts,
            digest=digest(PLAYBOOK, hosts, folder),
            opts=pulumi.ResourceOptions(depends_on=nodes),
        )


def _hosts_by_rack(plan: SitePlan) -> dict[str, list[str]]:
    racks: dict[str, list[str]] = {}
    for host in plan.hosts:
        racks.setdefault(host.mount.rack, []).append(host.name)
    return racks
