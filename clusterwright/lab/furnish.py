"""The site's folder of a lab, its hosts' files, and the key that opens them."""

from collections.abc import Iterable, Mapping

from clusterwright.design.plan import SitePlan
from clusterwright.errors import OperationError
from clusterwright.lab.host_files import known_hosts, write_host_files
from clusterwright.lab.instance import Lab
from clusterwright.lab.out_of_band.kea import SERVER
from clusterwright.lab.out_of_band.switch_files import write_switch_files
from clusterwright.lab.out_of_band.wiring import wiring_of
from clusterwright.lab.programs import run
from clusterwright.render import Content, encode
from clusterwright.site_folder import SiteFolder


def make_site_folder(
    lab: Lab, definition: SiteFolder, plan: SitePlan, rendered: Mapping[str, Content]
) -> None:
    """Make the lab's folder: the definition and its models, and the files rendered from it."""
    lab.folder.path.mkdir(parents=True)
    lab.state.chmod(0o700)
    lab.folder.definition.symlink_to(definition.definition.resolve())
    if definition.catalogue.is_dir():
        lab.folder.catalogue.symlink_to(definition.catalogue.resolve())
    lab.pulumi_backend.mkdir()
    lab.write_plan(plan)
    for name, content in rendered.items():
        file = lab.folder.generated / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encode(content))
    lab.stack_config.parent.mkdir(parents=True, exist_ok=True)
    lab.stack_config.write_text(f"config:\n  clusterwright:site: {lab.folder.path}\n")


def make_logins(lab: Lab, plan: SitePlan) -> None:
    """Make the key that opens every host, and the files by which an SSH client finds them."""
    if plan.software.ssh_user != "root":
        raise OperationError(
            f"ssh_user {plan.software.ssh_user}: the lab's hosts have no user but root; "
            "set ssh_user to root in the definition of an emulated site"
        )
    lab.ssh_key.parent.mkdir(mode=0o700)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", lab.site, "-f", lab.ssh_key)
    authorized_key = lab.ssh_key.with_suffix(".pub").read_text()
    blank = {one.host for one in plan.installations}
    furnished = [host for host in plan.hosts if host.name not in blank]
    public_keys = {
        host.name: write_host_files(
            plan, host, lab.host_folder(host.name) / "upper", authorized_key
        )
        for host in furnished
    }
    switches = wiring_of(plan).switches
    public_keys |= {
        one.name: write_switch_files(
            plan, one, SERVER, lab.host_folder(one.name) / "upper", authorized_key
        )
        for one in switches
    }
    reached = [*furnished, *(one.switch for one in switches)]
    lab.known_hosts.write_text(known_hosts(reached, public_keys))
    lab.folder.ssh_config.write_text("\n".join(_ssh_config(lab, plan)) + "\n")


def _ssh_config(lab: Lab, plan: SitePlan) -> Iterable[str]:
    for host in (*plan.hosts, *(one.switch for one in wiring_of(plan).switches)):
        yield from (f"Host {host.name} {host.address}", f"  HostName {host.address}")
    yield from (
        "Host *",
        f"  User {plan.software.ssh_user}",
        f"  IdentityFile {lab.ssh_key}",
        "  IdentitiesOnly yes",
        f"  UserKnownHostsFile {lab.known_hosts}",
        "  GlobalKnownHostsFile /dev/null",
        "  StrictHostKeyChecking yes",
        "  BatchMode yes",
        "  ConnectTimeout 10",
        # A host whose power is cut says no goodbye.
        "  ServerAliveInterval 5",
        "  ServerAliveCountMax 3",
    )
