"""The environment in which Pulumi, Ansible and ssh work on one site."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from clusterwright.design.plan import SitePlan
from clusterwright.operate.pulumi_cli import cache_folder, find_pulumi
from clusterwright.site_folder import PROJECT, SiteFolder

PARALLEL_OPERATIONS = 64
"""Resources at once: operations wait for devices, not for this machine."""

KEPT = ("PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_CONFIG_PASSPHRASE")


def environment(
    folder: SiteFolder, plan: SitePlan, variables: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return the variables to set; what the operator has set for the backend and passphrase stays.

    Raises:
        ToolError: there is no Pulumi command line.
    """
    pulumi = find_pulumi(variables).executable.parent
    passphrases = {name: variables[name] for name in KEPT if name in variables}
    return {
        "PULUMI_STACK": plan.site,
        "PATH": search_path(pulumi, variables.get("PATH", os.defpath)),
        "PULUMI_HOME": variables.get("PULUMI_HOME", str(cache_folder(variables) / "pulumi-home")),
        "PULUMI_BACKEND_URL": variables.get("PULUMI_BACKEND_URL", default_backend()),
        "PULUMI_PARALLEL": variables.get("PULUMI_PARALLEL", str(PARALLEL_OPERATIONS)),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "GRPC_VERBOSITY": variables.get("GRPC_VERBOSITY", "NONE"),
        "ANSIBLE_CONFIG": str(PROJECT / "ansible.cfg"),
        **passphrases,
        **ssh_arguments(folder),
    }


def default_backend() -> str:
    """Return the state of one engineer: a folder in the checkout, which git ignores."""
    return f"file://{PROJECT / '.pulumi-state'}"


def search_path(pulumi: Path, path: str) -> str:
    """Return PATH with this checkout's programs and the Pulumi CLI in front."""
    own = [str(Path(sys.prefix) / "bin"), str(pulumi)]
    return os.pathsep.join([*own, *(entry for entry in path.split(os.pathsep) if entry not in own)])


def ssh_arguments(folder: SiteFolder) -> dict[str, str]:
    """Return how Ansible logs in, where the site's folder says so."""
    if not folder.ssh_config.is_file():
        return {}
    return {"ANSIBLE_SSH_ARGS": f"-F {folder.ssh_config}"}
