"""The hosts layer: what we install, then one play per rack, on whatever runs an OS in it."""

import pulumi

from clusterwright.access.ansible import digest
from clusterwright.design.plan import BootService, Installation, Node, ServiceState, SitePlan
from clusterwright.provider.resources import OsInstall, PlaybookRun
from clusterwright.render.answer import render_answer
from clusterwright.site_folder import SiteFolder
from stacks.facility import Facility

PLAYBOOK = "site.yml"


def declare_hosts(folder: SiteFolder, plan: SitePlan, facility: Facility) -> None:
    """Declare the system of every host that we install, and the play of every rack."""
    systems = _declare_systems(plan, facility)
    for rack, hosts in _hosts_by_rack(plan).items():
        nodes = [one for host in hosts for one in facility.ready.get(host, ())]
        installed = [systems[host] for host in hosts if host in systems]
        PlaybookRun(
            f"{rack}-hosts",
            playbook=PLAYBOOK,
            rack=rack,
            hosts=hosts,
            digest=digest(PLAYBOOK, hosts, folder),
            opts=pulumi.ResourceOptions(depends_on=[*nodes, *installed]),
        )


def _declare_systems(plan: SitePlan, facility: Facility) -> dict[str, OsInstall]:
    if plan.boot_service is None:
        return {}
    nodes = {node.name: node for node in plan.nodes}
    return {
        one.host: _system(plan, one, nodes[one.host], plan.boot_service, facility)
        for one in plan.installations
    }


def _system(
    plan: SitePlan,
    installation: Installation,
    node: Node,
    service: BootService,
    facility: Facility,
) -> OsInstall:
    answer = render_answer(installation)
    return OsInstall(
        f"{node.name}-os",
        address=str(node.controller.address),
        secret=node.controller.secret,
        host=node.name,
        host_address=str(node.address),
        user=plan.software.ssh_user,
        method=installation.method,
        image=installation.image.file,
        sha256=installation.image.sha256,
        answer_name=answer.name,
        answer=answer.text,
        boot_menu=answer.boot_menu,
        digest=answer.digest,
        again=installation.again,
        coolant=facility.coolant.get(node.name, {}),
        serve_address=service.address,
        serve_port=service.port,
        in_service=node.service_state is ServiceState.IN_SERVICE,
        allow=sorted(plan.maintenance.allow),
        opts=pulumi.ResourceOptions(depends_on=list(facility.ready[node.name])),
    )


def _hosts_by_rack(plan: SitePlan) -> dict[str, list[str]]:
    racks: dict[str, list[str]] = {}
    for host in plan.hosts:
        racks.setdefault(host.mount.rack, []).append(host.name)
    return racks
