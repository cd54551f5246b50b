"""A new device takes over a name: what was the old one's alone is dropped, or listed."""

import subprocess

import pytest

from clusterwright.access.revocation import is_revoked
from clusterwright.lab.authority import make_ca
from clusterwright.model.record import DeviceRecord, Leaving, NodeRecord, Record, SignOff
from clusterwright.operate.intake.consequences import done, to_do
from clusterwright.operate.intake.replace import replace_device
from clusterwright.vault_file import write_vault
from tests.deliveries import make_dock

OLD = DeviceRecord(
    serial="OLD1",
    macs={"bmc": "00:00:5e:00:53:01"},
    guids={"ibp24s0": "b8ce:f603:00a1:0001", "ibp64s0": "b8ce:f603:00a1:0002"},
    fingerprint="ab" * 32,
)
KNOWN = Record(
    nodes={"su1-n1": NodeRecord(state="drained"), "su1-n2": NodeRecord(state="in-service")},
    devices={"su1-n1": OLD, "cdu1": DeviceRecord(serial="C1")},
    sign_offs={"r2": {"ph": SignOff(value="9", by="Ada", at="2026-11-28T19:00:00Z")}},
)
SECRETS = {
    "bmc/su1-n1": {"username": "admin", "password": "rotated"},
    "bmc/su1-n2": {"username": "admin", "password": "kept"},
    "factory/su1-n1": {"username": "admin", "password": "first", "serial": "OLD1"},
}
ROW = (
    "Serial,Model,BMC MAC,GUID ibp24s0,User,Password\nNEW1,DGX H100,00005e005309,{},admin,second\n"
)
NEW = ROW.format("b8cef60300a10009")
KEYS = (
    "# by hand\n"
    "su1-n1,10.101.0.11 ssh-ed25519 AAAA\n"
    "su1-n1-bmc ssh-ed25519 BBBB\n"
    "su1-n2 ssh-ed25519 CCCC\n"
)


@pytest.fixture(scope="session")
def real_plan(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        return make_dock(tmp_path_factory.mktemp("real"), patch).plan


@pytest.fixture
def dock(tmp_path, monkeypatch, real_plan):
    dock = make_dock(tmp_path, monkeypatch, real_plan)
    dock.knows(KNOWN)
    write_vault(dock.folder.vault, SECRETS)
    dock.folder.known_hosts.write_text(KEYS)
    return dock


def exchange(dock, text=NEW, name="su1-n1"):
    return replace_device(dock.folder, dock.plan, dock.manifest(text), name)


def test_the_new_device_has_the_old_name_and_must_prove_itself(dock):
    exchange(dock)
    device = dock.record.devices["su1-n1"]
    assert (device.serial, device.former_serials) == ("NEW1", ("OLD1",))
    assert device.macs == {"bmc": "00:00:5e:00:53:09"}
    assert device.guids == {"ibp24s0": "b8ce:f603:00a1:0009"}
    assert (device.fingerprint, dict(dock.record.nodes)) == ("", {"su1-n2": KNOWN.nodes["su1-n2"]})
    assert dock.record.sign_offs == KNOWN.sign_offs


def test_what_the_old_one_knew_is_dropped(dock):
    exchange(dock)
    assert dock.secrets == {
        "bmc/su1-n2": SECRETS["bmc/su1-n2"],
        "factory/su1-n1": {"username": "admin", "password": "second", "serial": "NEW1"},
    }
    assert dock.folder.known_hosts.read_text() == (
        "# by hand\nsu1-n1-bmc ssh-ed25519 BBBB\nsu1-n2 ssh-ed25519 CCCC\n"
    )
    assert dock.file.endswith(",admin,\n")


def test_a_hashed_host_key_is_found(dock):
    key = dock.folder.path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    public = key.with_suffix(".pub").read_text()
    dock.folder.known_hosts.write_text(f"su1-n1 {public}su1-n2 {public}")
    subprocess.run(
        ["ssh-keygen", "-q", "-H", "-f", dock.folder.known_hosts], check=True, capture_output=True
    )
    exchange(dock)
    assert dock.folder.known_hosts.read_text().count("|1|") == 1


def test_once_more_changes_nothing_that_came_after(dock):
    exchange(dock)
    later = {**dock.secrets, "bmc/su1-n1": {"username": "admin", "password": "rotated again"}}
    write_vault(dock.folder.vault, later)
    before = dock.folder.record.read_bytes()
    again = exchange(dock, dock.file)
    assert dock.folder.record.read_bytes() == before
    assert dock.secrets == later
    assert list(done(again)) == ["nothing: NEW1 stands at su1-n1 already"]
    assert list(to_do("real", dock.plan, again)) == []


def test_who_must_learn_of_it_is_listed(dock):
    exchanged = exchange(dock)
    assert list(done(exchanged)) == [
        "record: NEW1 stands at su1-n1 in place of OLD1",
        "secrets: the old device's passwords are dropped from the vault",
        "secrets: the factory password of the new one is factory/su1-n1",
        "SSH: 1 of the old device's host keys are dropped",
        "service: su1-n1 is new again, and no job may run on it",
    ]
    assert list(to_do("real", dock.plan, exchanged)) == [
        "DHCP: dhcp/kea-dhcp4.conf is written anew: load it into the server; all other files: "
        "clusterwright plan real",
        "subnet manager: in partitions and topology, b8ce:f603:00a1:0001 of port ibp24s0 becomes "
        "b8ce:f603:00a1:0009",
        "subnet manager: b8ce:f603:00a1:0002 of port ibp64s0 is gone from partitions and "
        "topology; the manifest does not give the new GUID",
        "SSH: nobody installs su1-n1 here: once its system runs, write its host key into "
        "known_hosts (ssh-keyscan 10.101.0.11, compared with its console)",
        "scheduler: keep su1-n1 drained until it is in service again",
        "bring it up and prove it: clusterwright rack real r1",
        "settings: clusterwright up real --rack r1",
    ]


TAKEN = {"username": "admin", "password": "ours", "taken_over": "yes"}


def vault_of(dock, **certificates):
    """Whose certificates the vault knows, with the key of the CA that has signed them."""
    dock.folder.ca_file.write_bytes(make_ca(dock.folder.path / "authority").read_bytes())
    key = (dock.folder.path / "authority/ca.key").read_text()
    logins = {
        name.replace("_", "/su1-"): TAKEN | ({"certificate": serial} if serial else {})
        for name, serial in certificates.items()
    }
    return {**logins, "ca": {"private_key": key}}


def test_the_certificates_of_the_old_one_are_revoked_on_all_its_boards(dock):
    write_vault(dock.folder.vault, vault_of(dock, bmc_n3="a1", hgx_n3="a2", bmc_n4="a3"))
    exchanged = exchange(dock, "Serial\nNEW3\n", "su1-n3")
    revoked = [is_revoked(dock.folder.revoked_file, serial) for serial in (0xA1, 0xA2, 0xA3)]
    assert revoked == [True, True, False]
    assert set(dock.secrets) == {"bmc/su1-n4", "ca"}
    assert [said for said in done(exchanged) if said.startswith("certificates")] == [
        "certificates: a1 of the old device is revoked (ca.crl.pem)",
        "certificates: a2 of the old device is revoked (ca.crl.pem)",
    ]


def test_a_certificate_that_cannot_be_revoked_here_is_listed(dock):
    secrets = vault_of(dock, bmc_n3="a1", hgx_n3="")
    write_vault(dock.folder.vault, {**secrets, "ca": {}})
    exchanged = exchange(dock, "Serial\nNEW3\n", "su1-n3")
    told = [said for said in to_do("real", dock.plan, exchanged) if said.startswith("certificates")]
    assert told[0] == (
        "certificates: of hgx/su1-n3: which one it was, the vault does not know; it ends by itself"
    )
    assert told[1].startswith("certificates: revoke a1 at the CA: secret ca: ")
    assert len(told) == 2


def test_a_successor_fills_the_hole_that_a_device_has_left(dock):
    gone = {name: Leaving(serial="OLD", done="2026-11-28T19:00:00Z") for name in ("cdu1", "su1-n2")}
    dock.knows(KNOWN.model_copy(update={"holes": ("cdu1", "su1-n2"), "leaving": gone}))
    exchange(dock, "Serial\nC2\n", "cdu1")
    assert (dock.record.holes, tuple(dock.record.leaving)) == (("su1-n2",), ("su1-n2",))
    assert dock.serials["cdu1"] == "C2"


def test_an_exchanged_cdu_opens_its_circuit(dock):
    exchanged = exchange(dock, "Serial\nC2\n", "cdu1")
    assert dock.record.sign_offs == {}
    assert "coolant: what was signed off for the racks of its circuit is open again" in list(
        done(exchanged)
    )
    assert dock.secrets.keys() == SECRETS.keys()


@pytest.mark.parametrize("name", ["r1-pdu-a", "su1-leaf1", "head"])
def test_switches_pdus_and_hosts_are_exchanged_as_nodes_are(name, dock):
    exchanged = exchange(dock, "Serial,MAC\nX2,00005e005311\n", name)
    assert dock.serials[name] == "X2"
    first = next(iter(done(exchanged)))
    assert first == f"record: X2 stands at {name} in place of an unknown device"
    todo = list(to_do("real", dock.plan, exchanged))
    assert todo[-2] == "bring it up and prove it: clusterwright rack real r1"
    has_key = name != "r1-pdu-a"
    assert any(f"nobody installs {name} here" in one for one in todo) is has_key
