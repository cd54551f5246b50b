"""Whether a play has to run again."""

import json
from collections.abc import Sequence
from hashlib import sha256

from clusterwright.access.ansible.inventory import read_hosts
from clusterwright.access.ansible.playbook import CONFIGURATION, files_of, find_playbook
from clusterwright.site_folder import PROJECT, SiteFolder


def digest(playbook: str, hosts: Sequence[str], folder: SiteFolder) -> str:
    """Return a SHA-256 over the playbook, its roles, and these hosts with all their variables.

    It does not depend on the order of `hosts`, nor on where the project lies.

    Raises:
        UsageError: there is no such playbook, or a host is not in the rendered inventory.
    """
    total = sha256()
    for file in [CONFIGURATION, *files_of(find_playbook(playbook))]:
        total.update(f"{file.relative_to(PROJECT)}\0".encode())
        total.update(sha256(file.read_bytes()).digest())
    for host in sorted(read_hosts(folder, hosts), key=lambda host: host.name):
        entry = {"name": host.name, "groups": host.groups, "variables": dict(host.variables)}
        total.update(json.dumps(entry, sort_keys=True).encode())
    return total.hexdigest()
