"""One lab: its name, where its state lies, and how to get into it."""

import os
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clusterwright.design.plan import SitePlan
from clusterwright.errors import OperationError
from clusterwright.lab import cgroup, namespace
from clusterwright.site_folder import PROJECT, SiteFolder

DOCK = "dock"
"""Tells the supervisor that the devices have just been delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """The emulated counterpart of one site. Only paths and names: it need not be up."""

    site: str
    state: Path

    @property
    def folder(self) -> SiteFolder:
        """The site's folder while the lab is up: its definition, with the lab's own secrets."""
        return SiteFolder(definition=self.state / "site/site.yml")

    @property
    def namespace(self) -> str:
        return namespace.namespace_name(self.site)

    @property
    def cgroup(self) -> Path:
        return cgroup.lab_cgroup(self.site)

    @property
    def stack_config(self) -> Path:
        return PROJECT / "stacks/config" / f"Pulumi.{self.site}.yaml"

    @property
    def pulumi_backend(self) -> Path:
        return self.state / "pulumi"

    @property
    def passphrase_file(self) -> Path:
        return self.state / "passphrase"

    @property
    def authority(self) -> Path:
        """The folder of the CA that signs the lab's controllers."""
        return self.state / "authority"

    @property
    def certificates(self) -> Path:
        return self.state / "certificates"

    @property
    def devices(self) -> Path:
        """Where the emulated devices keep what they remember."""
        return self.state / "devices"

    @property
    def packages(self) -> Path:
        """The APT repository that the lab serves to its hosts."""
        return self.state / "apt"

    @property
    def firmware(self) -> Path:
        """The images that the lab serves to its devices."""
        return self.state / "firmware"

    @property
    def ssh_key(self) -> Path:
        return self.state / "ssh/id_ed25519"

    @property
    def known_hosts(self) -> Path:
        return self.folder.known_hosts

    @property
    def control_socket(self) -> Path:
        return self.state / "control.sock"

    @property
    def log(self) -> Path:
        return self.state / "supervisor.log"

    def host_folder(self, name: str) -> Path:
        return self.state / "hosts" / name

    def password_file(self, secret: str) -> Path:
        """Where the password lies that opens the controller whose secret is called `secret`."""
        return self.state / "passwords" / secret.replace("/", "-")

    def factory_password_file(self, secret: str) -> Path:
        """Where the password lies that the same controller was delivered with."""
        return self.state / "factory" / secret.replace("/", "-")

    def is_up(self) -> bool:
        """Whether the lab's supervisor runs; what is left of a lab without one is not up."""
        return cgroup.populated(self.cgroup / "supervisor")

    def leftovers(self) -> tuple[str, ...]:
        """What exists of the lab on this machine, in words."""
        traces = {
            f"network namespace {self.namespace}": namespace.exists(self.namespace),
            f"control group {self.cgroup}": self.cgroup.exists(),
            f"folder {self.state}": self.state.exists(),
        }
        return tuple(trace for trace, found in traces.items() if found)

    def require_up(self) -> None:
        """Refuse a lab that does not run, or whose state lies where we do not look.

        Raises:
            OperationError: it is not up, or was brought up under another state folder.
        """
        if not self.is_up():
            raise OperationError(
                f"lab {self.site}: is not up; bring it up with: "
                f"clusterwright lab up --site {self.site}"
            )
        if not self.state.exists():
            raise OperationError(
                f"lab {self.site}: is up, but there is no {self.state}: set "
                "CLUSTERWRIGHT_STATE_HOME as it was when the lab was brought up"
            )

    def enter(self) -> None:
        """Move this process into the lab's network; before it starts any thread."""
        self.require_up()
        namespace.enter(self.namespace)

    def environment(self) -> Mapping[str, str]:
        """Variables with which plain pulumi, ansible and clusterwright act on this lab."""
        return {
            "PULUMI_BACKEND_URL": f"file://{self.pulumi_backend}",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(self.passphrase_file),
            "ANSIBLE_SSH_ARGS": f"-F {self.folder.ssh_config}",
        }

    def read_plan(self) -> SitePlan:
        """The plan that the lab was brought up from."""
        # The folder is root's alone, and `write_plan` made the file.
        plan = pickle.loads((self.state / "plan").read_bytes())  # noqa: S301
        if not isinstance(plan, SitePlan):
            raise TypeError(f"{self.state / 'plan'} holds no plan")
        return plan

    def write_plan(self, plan: SitePlan) -> None:
        (self.state / "plan").write_bytes(pickle.dumps(plan))


def find_lab(site: str | SitePlan) -> Lab:
    """Return the lab of a site, by the name in its definition or by its plan."""
    name = site if isinstance(site, str) else site.site
    return Lab(site=name, state=state_home() / "lab" / name)


def state_home() -> Path:
    """Where labs keep what is gone after `lab down`."""
    given = os.environ.get("CLUSTERWRIGHT_STATE_HOME")
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state"
    return Path(given).absolute() if given else Path(base) / "clusterwright"
