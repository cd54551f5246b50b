"""What a lab is furnished with before it starts: secrets, certificates, logins, host files."""

import json
import shutil
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from clusterwright.catalogue import load_catalogue
from clusterwright.design.plan import SitePlan
from clusterwright.lab import furnish, host_files, passwords
from clusterwright.lab.dock import make_commissioned, make_dock
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.pdu import PduMemory
from clusterwright.lab.instance import Lab
from clusterwright.lab.status import Fault, status_of, status_of_absent
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import read_vault, write_vault
from tests.plans import lab_plan

needs_ssh_keygen = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)


@pytest.fixture
def plan() -> SitePlan:
    return lab_plan()


@pytest.fixture
def lab(tmp_path: Path, plan: SitePlan, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setattr("clusterwright.lab.instance.PROJECT", tmp_path / "project")
    definition = tmp_path / "definition/site.yml"
    definition.parent.mkdir()
    definition.write_text("site: lab\n")
    lab = Lab(site="lab", state=tmp_path / "state/lab/lab")
    rendered = {"plan.json": "{}\n", "ansible/hosts.yml": "all:\n"}
    furnish.make_site_folder(lab, SiteFolder(definition=definition), plan, rendered)
    return lab


def test_the_sites_folder_has_the_definition_and_what_is_rendered_from_it(
    lab: Lab, tmp_path: Path
) -> None:
    assert lab.folder.definition.readlink() == tmp_path / "definition/site.yml"
    assert (lab.folder.generated / "ansible/hosts.yml").read_text() == "all:\n"
    assert lab.stack_config.read_text() == f"config:\n  clusterwright:site: {lab.folder.path}\n"
    assert stat.S_IMODE(lab.state.stat().st_mode) == 0o700


def test_the_sites_own_models_are_those_of_the_lab(
    tmp_path: Path, plan: SitePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clusterwright.lab.instance.PROJECT", tmp_path / "project")
    definition = SiteFolder(definition=tmp_path / "site.yml")
    definition.definition.write_text("site: lab\n")
    definition.catalogue.mkdir()
    lab = Lab(site="lab", state=tmp_path / "state/lab/lab")
    furnish.make_site_folder(lab, definition, plan, {})
    assert lab.folder.catalogue.resolve() == definition.catalogue


def test_the_plan_survives_on_its_way_to_the_supervisor(lab: Lab, plan: SitePlan) -> None:
    assert lab.read_plan() == plan


@pytest.fixture
def commissioned(lab: Lab, plan: SitePlan) -> Lab:
    make_commissioned(lab, plan, load_catalogue())
    return lab


def test_vault_password_files_and_emulator_agree_on_every_secret(
    commissioned: Lab, plan: SitePlan
) -> None:
    lab = commissioned
    vault = dict(read_vault(lab.folder.vault, lab.passphrase_file))
    assert vault.pop("ca") == {"private_key": (lab.authority / "ca.key").read_text()}
    logins = {name: (login["username"], login["password"]) for name, login in vault.items()}
    assert logins == dict(passwords.factory_credentials(lab, plan))
    assert set(vault) == {controller.secret for controller in passwords.controllers(plan)}
    assert len({password for _, password in logins.values()}) == len(logins)
    files = [lab.passphrase_file, *(lab.password_file(secret) for secret in vault)]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_on_a_dock_nobody_has_met_a_controller_and_every_outlet_is_off(
    lab: Lab, plan: SitePlan
) -> None:
    make_dock(lab, plan)
    assert set(read_vault(lab.folder.vault, lab.passphrase_file)) == {"ca"}
    assert not lab.folder.record.exists()
    with pytest.raises(InvalidSignature):
        signed_by(lab, plan, lab.authority)
    for pdu in plan.pdus:
        remembered = Memory(lab.devices / f"{pdu.name}.json", PduMemory()).state
        assert len(remembered.off) == pdu.outlet_count


def test_all_controllers_of_a_server_come_with_one_password(lab: Lab, plan: SitePlan) -> None:
    make_dock(lab, plan)
    node = next(one for one in plan.nodes if one.board_controllers)
    secrets = (node.controller.secret, *(board.secret for board in node.board_controllers))
    credentials = passwords.factory_credentials(lab, plan)
    assert len({credentials[secret] for secret in secrets}) == 1
    devices = {secret.rpartition("/")[2] for secret in credentials}
    assert len({password for _, password in credentials.values()}) == len(devices)


def signed_by(lab: Lab, plan: SitePlan, authority: Path) -> None:
    ca = x509.load_pem_x509_certificate((authority / "ca.pem").read_bytes())
    for controller in passwords.controllers(plan):
        file = lab.certificates / f"{controller.name}.crt"
        one = x509.load_pem_x509_certificate(file.read_bytes())
        key = ca.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(one.signature, one.tbs_certificate_bytes, ec.ECDSA(hashes.SHA256()))


def test_a_password_that_has_been_changed_is_in_its_file(commissioned: Lab, plan: SitePlan) -> None:
    lab = commissioned
    secret = plan.nodes[0].controller.secret
    passwords.follow_vault(lab, plan)
    before = lab.password_file(secret).read_text()
    vault = dict(read_vault(lab.folder.vault, lab.passphrase_file))
    assert before == vault[secret]["password"]
    changed = {**vault, secret: {**vault[secret], "password": "another"}}
    write_vault(lab.folder.vault, changed, lab.passphrase_file)
    passwords.follow_vault(lab, plan)
    assert lab.password_file(secret).read_text() == "another"
    assert stat.S_IMODE(lab.password_file(secret).stat().st_mode) == 0o600


def test_until_the_vault_has_a_password_the_factorys_opens(lab: Lab, plan: SitePlan) -> None:
    make_dock(lab, plan)
    first, second = (node.controller.secret for node in plan.nodes[:2])
    write_vault(lab.folder.vault, {first: {"password": "another"}}, lab.passphrase_file)
    passwords.follow_vault(lab, plan)
    assert lab.password_file(first).read_text() == "another"
    assert lab.password_file(second).read_text() == lab.factory_password_file(second).read_text()


def test_every_controller_has_a_certificate(commissioned: Lab, plan: SitePlan) -> None:
    lab = commissioned
    assert lab.folder.ca_file.read_bytes() == (lab.authority / "ca.pem").read_bytes()
    names = {controller.name for controller in passwords.controllers(plan)}
    assert {file.stem for file in lab.certificates.glob("*.crt")} == names
    signed_by(lab, plan, lab.authority)


@needs_ssh_keygen
def test_ssh_knows_every_host_by_name_and_address(lab: Lab, plan: SitePlan) -> None:
    furnish.make_logins(lab, plan)
    config = lab.folder.ssh_config.read_text()
    known = lab.known_hosts.read_text()
    for host in plan.hosts:
        assert f"Host {host.name} {host.address}\n  HostName {host.address}\n" in config
        upper = lab.host_folder(host.name) / "upper"
        public_key = (upper / "etc/ssh/ssh_host_ed25519_key.pub").read_text().split()[1]
        assert f"{host.name},{host.address} ssh-ed25519 {public_key}\n" in known
        authorized = (upper / "root/.ssh/authorized_keys").read_text()
        assert authorized == lab.ssh_key.with_suffix(".pub").read_text()


@needs_ssh_keygen
def test_only_nodes_have_emulated_hardware(plan: SitePlan, tmp_path: Path) -> None:
    for host in plan.hosts:
        host_files.write_host_files(plan, host, tmp_path / host.name, "key")
    described = {file.parents[1].name for file in tmp_path.glob("*/etc/emulated-hardware.json")}
    assert described == {node.name for node in plan.nodes}


def test_emulated_gpus_are_the_planned_ones_each_with_a_serial_number(plan: SitePlan) -> None:
    node = plan.nodes[0]
    gpus = json.loads(json.dumps(host_files.emulated_hardware(node)))["gpus"]
    serials = gpus.pop("serials")
    expected = {"model": node.gpus.model, "count": 8, "memory_mib": node.gpus.memory_mib}
    assert gpus == expected
    assert len(set(serials)) == 8
    assert {len(serial) for serial in serials} == {13}


def test_status_has_the_same_keys_whether_up_or_not(lab: Lab, plan: SitePlan) -> None:
    fault = Fault(name="bmc-unreachable", subject="su1-n1", active=False)
    up, absent = status_of(lab, plan, [fault]), status_of_absent(lab)
    assert list(up) == list(absent)
    assert (up["up"], absent["up"]) == (True, False)
    assert up["faults"] == [{"name": "bmc-unreachable", "subject": "su1-n1", "active": False}]
