"""Everything a lab needs before its supervisor starts: secrets, certificates, keys, files."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from clusterwright.catalogue import Catalogue
from clusterwright.design.plan import Controller, SitePlan
from clusterwright.errors import OperationError
from clusterwright.lab.authority import issue, make_ca
from clusterwright.lab.delivered import record_of
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.pdu import PduMemory
from clusterwright.lab.host_files import known_hosts, write_host_files
from clusterwright.lab.instance import Lab
from clusterwright.lab.programs import run
from clusterwright.record_file import change_record
from clusterwright.render import Content, encode
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import read_vault, write_vault

USERNAME = "admin"
MAKER = "Maker of the lab's controllers"


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


def make_passwords(lab: Lab, plan: SitePlan, *, of_device: bool) -> None:
    """Make the password that each controller comes with, and a vault with none but the CA's key.

    Those `of_device` are as makers print them on labels: one for all controllers of a server.
    """
    _write_private(lab.passphrase_file, secrets.token_urlsafe(32))
    make_ca(lab.authority)
    signing = {"ca": {"private_key": (lab.authority / "ca.key").read_text()}}
    write_vault(lab.folder.vault, signing, lab.passphrase_file)
    passwords: dict[str, str] = defaultdict(partial(secrets.token_urlsafe, 18))
    for controller in controllers(plan):
        secret = controller.secret
        password = passwords[secret.rpartition("/")[2] if of_device else secret]
        _write_private(lab.factory_password_file(secret), password)
        _write_private(lab.password_file(secret), password)


def make_certificates(lab: Lab, plan: SitePlan) -> None:
    """Make the site's CA, and the certificate of its maker that each controller comes with."""
    lab.folder.ca_file.write_bytes(make_ca(lab.authority).read_bytes())
    make_ca(lab.maker, name=MAKER)
    _sign_all(lab, plan, lab.maker)


def darken(lab: Lab, plan: SitePlan) -> None:
    """Let every outlet be off: nothing has been given power yet."""
    for pdu in plan.pdus:
        off = {str(number): True for number in range(1, pdu.outlet_count + 1)}
        Memory(lab.devices / f"{pdu.name}.json", PduMemory()).update(off=off)


def commission(lab: Lab, plan: SitePlan, catalogue: Catalogue) -> None:
    """Do what intake and first contact are for: record, passwords in the vault, certificates."""
    record = record_of(plan, catalogue)
    change_record(lab.folder.record, lambda _: record)
    logins = {
        secret: {"username": username, "password": password}
        for secret, (username, password) in factory_credentials(lab, plan).items()
    }
    kept = read_vault(lab.folder.vault, lab.passphrase_file)
    write_vault(lab.folder.vault, {**kept, **logins}, lab.passphrase_file)
    _sign_all(lab, plan, lab.authority)


def follow_vault(lab: Lab, plan: SitePlan) -> None:
    """Let the password files say what the vault says, where passwords have been changed since."""
    files = {one.secret: lab.password_file(one.secret) for one in controllers(plan)}
    written_ns = min(file.stat().st_mtime_ns for file in files.values())
    if lab.folder.vault.stat().st_mtime_ns <= written_ns:
        return
    vault = read_vault(lab.folder.vault, lab.passphrase_file)
    for secret, file in files.items():
        # Until it has one of ours, the factory's opens it.
        known = vault.get(secret, {}).get("password")
        _write_private(file, known or lab.factory_password_file(secret).read_text())


def factory_credentials(lab: Lab, plan: SitePlan) -> Mapping[str, tuple[str, str]]:
    """User name and password that every controller came with, by the name of its secret."""
    return {
        controller.secret: (USERNAME, lab.factory_password_file(controller.secret).read_text())
        for controller in controllers(plan)
    }


def _sign_all(lab: Lab, plan: SitePlan, authority: Path) -> None:
    for controller in controllers(plan):
        issue(authority, controller.name, controller.address, into=lab.certificates)


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
    lab.known_hosts.write_text(known_hosts(furnished, public_keys))
    lab.folder.ssh_config.write_text("\n".join(_ssh_config(lab, plan)) + "\n")


def _ssh_config(lab: Lab, plan: SitePlan) -> Iterable[str]:
    for host in plan.hosts:
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


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    file.write_text(text)
