"""The Ansible inventory: everything that roles need, as variables."""

from collections.abc import Iterable
from typing import Any

from clusterwright.design.plan import Disruption, Node, ServiceState, SitePlan
from clusterwright.render.environment import render_yaml

_HOSTS = "clusterwright.render.ansible.render_hosts"
_GROUP_VARIABLES = "clusterwright.render.ansible.render_all_variables"


def render_hosts(plan: SitePlan) -> str:
    """Render hosts.yml: hosts by kind, by rack and by pool; what differs between hosts."""
    by_rack: dict[str, list[str]] = {rack.name: [] for rack in plan.racks}
    by_pool: dict[str, list[str]] = {pool: [] for pool in sorted({n.pool for n in plan.nodes})}
    for host in plan.hosts:
        by_rack[host.mount.rack].append(host.name)
    for node in plan.nodes:
        by_pool[node.pool].append(node.name)
    groups = {
        "management": {
            "hosts": {h.name: {"ansible_host": str(h.address)} for h in plan.management_hosts}
        },
        "nodes": {"hosts": {node.name: _node(plan, node) for node in plan.nodes}},
        **{f"rack_{_group(name)}": _members(names) for name, names in by_rack.items()},
        **{f"pool_{_group(name)}": _members(names) for name, names in by_pool.items()},
    }
    return render_yaml({"all": {"children": groups}}, _HOSTS)


def render_all_variables(plan: SitePlan) -> str:
    """Render group_vars/all.yml: what is the same on every host."""
    software = plan.software
    variables = {
        "ansible_user": software.ssh_user,
        "ansible_python_interpreter": "/usr/bin/python3",
        "base_os_package_sources": [
            {
                "name": source.name,
                "uri": source.uri,
                "suites": list(source.suites),
                "components": list(source.components),
                "key_url": source.key_url,
                "key_file": source.key_file,
            }
            for source in software.package_sources
        ],
        "base_os_packages": list(software.base_packages),
        "base_os_sysctl": dict(software.sysctl),
        "base_os_time_servers": list(software.time_servers),
    }
    return render_yaml(variables, _GROUP_VARIABLES)


def render_node_variables(plan: SitePlan) -> str:
    """Render group_vars/nodes.yml: what is the same on every GPU node."""
    software = plan.software
    variables = {
        "gpu_driver_version": software.gpu_driver_version,
        "gpu_driver_packages": [
            {"name": package.name, "version": package.version}
            for package in software.gpu_driver_packages
        ],
    }
    return render_yaml(variables, "clusterwright.render.ansible.render_node_variables")


def _node(plan: SitePlan, node: Node) -> dict[str, Any]:
    return {
        "ansible_host": str(node.address),
        "gpu_driver_nvswitch": node.gpus.nvswitch,
        "gpu_driver_reboot_allowed": _reboot_allowed(plan, node),
        "gpu_mig_gpu_count": node.gpus.count,
        "gpu_mig_devices": [
            {"profile": d.profile, "profile_id": d.profile_id, "start": d.start, "size": d.size}
            for d in node.gpus.mig_devices
        ],
    }


def _reboot_allowed(plan: SitePlan, node: Node) -> bool:
    in_service = node.service_state is ServiceState.IN_SERVICE
    return not in_service or Disruption.REBOOT in plan.maintenance.allow


def _members(names: Iterable[str]) -> dict[str, Any]:
    return {"hosts": {name: {} for name in names}}


def _group(name: str) -> str:
    return name.replace("-", "_")
