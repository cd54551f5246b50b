"""Everything a lab needs before its supervisor starts: secrets, certificates, keys, files."""

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from clusterwright.catalogue import Catalogue
from clusterwright.design.plan import Controller, SitePlan
from clusterwright.errors import OperationError
from clusterwright.lab.authority import issue, make_ca
from clusterwright.lab.delivered import record_of
from clusterwright.lab.host_files import known_hosts, write_host_files
from clusterwright.lab.instance import Lab
from clusterwright.lab.out_of_band.kea import SERVER
from clusterwright.lab.out_of_band.switch_files import write_switch_files
from clusterwright.lab.out_of_band.wiring import wiring_of
from clusterwright.lab.programs import run
from clusterwright.record_file import change_record
from clusterwright.render import Content, encode
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import read_vault, write_vault

USERNAME = "admin"


def controllers(plan: SitePlan) -> tuple[Controller, ...]:
    """Every Redfish service of the site."""
    return (
        *(node.controller for node in plan.nodes),
        *(board for node in plan.nodes for board in node.board_controllers),
        *(loop.controller for loop in plan.loops),
        *(pdu.controller for pdu in plan.pdus),
        *(shelf.controller for shelf in plan.power_shelves),
    )


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


def make_record(lab: Lab, plan: SitePlan, catalogue: Catalogue) -> None:
    """Write down which servers were delivered."""
    record = record_of(plan, catalogue)
    change_record(lab.folder.record, lambda _: record)


def make_secrets(lab: Lab, plan: SitePlan) -> None:
    """Make a password for every controller, and the vault of these and of the CA's key."""
    write_private(lab.passphrase_file, secrets.token_urlsafe(32))
    passwords = {controller.secret: secrets.token_urlsafe(18) for controller in controllers(plan)}
    logins = {
        secret: {"username": USERNAME, "password": password}
        for secret, password in passwords.items()
    }
    make_ca(lab.authority)
    signing = {"ca": {"private_key": (lab.authority / "ca.key").read_text()}}
    write_vault(lab.folder.vault, {**logins, **signing}, lab.passphrase_file)
    for secret, password in passwords.items():
        write_private(lab.password_file(secret), password)


def follow_vault(lab: Lab, plan: SitePlan) -> None:
    """Let the password files say what the vault says, where passwords have been changed since."""
    files = {one.secret: lab.password_file(one.secret) for one in controllers(plan)}
    written_ns = min(file.stat().st_mtime_ns for file in files.values())
    if lab.folder.vault.stat().st_mtime_ns <= written_ns:
        return
    vault = read_vault(lab.folder.vault, lab.passphrase_file)
    for secret, file in files.items():
        write_private(file, vault.get(secret, {}).get("password", ""))


def read_credentials(lab: Lab, plan: SitePlan) -> Mapping[str, tuple[str, str]]:
    """User name and password of every controller, by the name of its secret."""
    return {
        controller.secret: (USERNAME, lab.password_file(controller.secret).read_text())
        for controller in controllers(plan)
    }


def make_certificates(lab: Lab, plan: SitePlan) -> None:
    """Make the site's CA, and with it a certificate for every controller."""
    lab.folder.ca_file.write_bytes(make_ca(lab.authority).read_bytes())
    for controller in controllers(plan):
        issue(lab.authority, controller.name, controller.address, into=lab.certificates)


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


def read_delivered(lab: Lab, plan: SitePlan) -> Mapping[str, tuple[str, str]]:
    """The same of how they came: of those that have taken another's place, their factory's."""
    known = dict(read_credentials(lab, plan))
    for secret in known:
        if (file := lab.factory_password_file(secret)).exists():
            known[secret] = (USERNAME, file.read_text())
    return known


def write_private(file: Path, text: str) -> None:
    """Write what only root may read."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    file.write_text(text)
