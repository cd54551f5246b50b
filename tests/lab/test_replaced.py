"""A node, a PDU and a CDU are exchanged, and a PDU leaves for good: in the end nothing drifts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from clusterwright.access.revocation import is_revoked
from clusterwright.model.record import NodeRecord, Record, SignOff
from clusterwright.record_file import change_record, read_record
from clusterwright.vault_file import read_vault
from tests.lab.conftest import Finished, Instance, keep_one
from tests.lab.os_site import INSTALLATION
from tests.lab.test_out_of_service import FACILITY, resources

pytestmark = pytest.mark.lab

NODE, PDU, CDU, RACK = "su1-n2", "r2-pdu-a", "cdu1", "r2"
SECRETS = {NODE: f"bmc/{NODE}", PDU: f"pdu/{PDU}", CDU: f"cdu/{CDU}"}
SIGNED = {"flushed": "done", "bled": "done", "pressure-held": "600 kPa", "ph": "8.9"} | {
    "conductivity": "1200",
    "leak-reaction": "done",
}
AT = "2026-11-28T19:00:00Z"


@pytest.fixture(scope="module")
def site(make_instance: Callable[[], Instance]) -> Instance:
    """One node in each rack, deployed and in service; that of r2 is installed by us."""
    one = make_instance()
    keep_one(one, "dgx-h100", "hgx-h100-liquid")
    one.definition.write_text(one.definition.read_text() + installation())
    for finished in (one.up(), one.command("up", str(one.definition), *FACILITY)):
        assert finished.returncode == 0, finished.stdout + finished.stderr
    change_record(one.lab.folder.record, _in_service)
    return one


def installation() -> str:
    """The image and profile of one host."""
    before, _, profiles = INSTALLATION.partition("  profiles:\n")
    held_up = profiles[profiles.index("    held-up:") :].partition("      late_commands:")[0]
    return before + "  profiles:\n" + held_up.replace("su1-n3", NODE)


def _in_service(record: Record) -> Record:
    states = {name: NodeRecord(state="in-service") for name in ("su1-n1", NODE)}
    return _signed(record.model_copy(update={"nodes": states}))


def _signed(record: Record) -> Record:
    signed = {gate: SignOff(value=value, by="Ada", at=AT) for gate, value in SIGNED.items()}
    return record.model_copy(update={"sign_offs": {RACK: signed}})


def secrets_of(site: Instance) -> dict[str, dict[str, str]]:
    vault = read_vault(site.lab.folder.vault, site.lab.passphrase_file)
    return {name: dict(secret) for name, secret in vault.items()}


def done(finished: Finished) -> Finished:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished


def assert_clean(site: Instance, *options: str) -> None:
    drift = site.command("drift", str(site.definition), "--json", *options)
    assert (drift.returncode, json.loads(drift.stdout)["findings"]) == (0, [])


def exchange(site: Instance, name: str, folder: Path) -> str:
    """As a technician and an operator do it; return what the operator is told."""
    file = folder / f"{name}.csv"
    words = ("--site", str(site.definition))
    file.write_text(done(site.command("lab", "replace", name, *words)).stdout)
    told = done(site.command("intake", str(site.definition), str(file), "--replace", name))
    assert "password" in secrets_of(site)[f"factory/{name}"]
    assert secrets_of(site)[f"factory/{name}"]["password"] not in file.read_text()
    return told.stdout


def brought_up(site: Instance, folder: Path, until: tuple[str, ...], part: tuple[str, ...]) -> None:
    """Exchange a node, a PDU and a CDU, bring them up, and look for what the old ones had."""
    name = str(site.definition)
    done(site.command("drain", name, NODE))
    ids, old = resources(site), secrets_of(site)
    before = read_record(site.lab.folder.record).devices
    for device, secret in SECRETS.items():
        told = exchange(site, device, folder)
        assert f"certificates: {old[secret]['certificate']} of the old device is revoked" in told
        assert secret not in secrets_of(site)
    change_record(site.lab.folder.record, _signed)

    done(site.command("rack", name, RACK, *until))
    done(site.command("up", name, *part))
    assert_clean(site, *part)

    devices, new = read_record(site.lab.folder.record).devices, secrets_of(site)
    assert devices[NODE].former_serials[-1] == before[NODE].serial
    for device, secret in SECRETS.items():
        assert devices[device].serial != (before[device].serial if device in before else "")
        factory = new[f"factory/{device}"]["password"]
        assert new[secret]["password"] not in {old[secret]["password"], factory}
        assert is_revoked(site.lab.folder.revoked_file, int(old[secret]["certificate"], 16))
        assert not is_revoked(site.lab.folder.revoked_file, int(new[secret]["certificate"], 16))
    assert ids <= resources(site)


def test_what_was_exchanged_is_brought_up_and_nothing_drifts(
    site: Instance, tmp_path: Path
) -> None:
    brought_up(site, tmp_path, ("--until", "cords"), FACILITY)
    assert read_record(site.lab.folder.record).nodes.get(NODE) is None


@pytest.mark.soak
def test_a_node_that_was_exchanged_is_installed_and_works_again(
    site: Instance, tmp_path: Path
) -> None:
    brought_up(site, tmp_path, (), ())
    assert read_record(site.lab.folder.record).nodes[NODE].state == "in-service"
    assert site.ssh(NODE, "hostname").stdout == f"{NODE}\n"


def test_a_pdu_leaves_and_a_successor_takes_its_place(site: Instance, tmp_path: Path) -> None:
    name = str(site.definition)
    refused = site.command("decommission", name, CDU, "--yes")
    assert (refused.returncode, refused.stderr.startswith(f"{CDU}: cools {NODE}, and ")) == (
        2,
        True,
    )

    gone = done(site.command("decommission", name, PDU, "--yes"))
    assert f"{PDU}: has gone" in gone.stdout.splitlines()
    assert read_record(site.lab.folder.record).holes == (PDU,)
    done(site.command("up", name, *FACILITY))
    assert PDU not in resources(site)
    assert_clean(site, *FACILITY)
    assert site.redfish(NODE, "GET", "/redfish/v1/Systems/1")["PowerState"] == "On"

    exchange(site, PDU, tmp_path)
    assert read_record(site.lab.folder.record).holes == ()
    done(site.command("up", name, *FACILITY))
    assert PDU in resources(site)
    assert_clean(site, *FACILITY)
