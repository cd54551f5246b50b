"""What the lab's packing list says of its devices is what they say of themselves."""

import asyncio
import csv
import ssl
from hashlib import sha256
from pathlib import Path

import pytest

from clusterwright.access import identity
from clusterwright.catalogue import load_catalogue
from clusterwright.design import design
from clusterwright.lab.facility.identity import mac_of
from clusterwright.lab.manifest import write_manifest
from clusterwright.load import load_site
from clusterwright.model.record import CONTROLLER
from clusterwright.operate.intake.take_in import Manifest, take_in
from clusterwright.record_file import read_record
from clusterwright.site_folder import SiteFolder, find_site
from clusterwright.vault_file import VARIABLE, read_vault
from tests.access.facility_rig import PASSWORD, ROOT, SHELF, USERNAME, Rig, rig
from tests.faults.operator import client


def taken_in(served: Rig, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    folder = SiteFolder(definition=served.folder / "site/site.yml")
    folder.path.mkdir()
    passphrase = served.folder / "passphrase"
    passphrase.write_text("not a real secret")
    monkeypatch.setenv(VARIABLE, str(passphrase))
    credentials = {c.secret: (USERNAME, PASSWORD) for c in served.controllers}
    file = served.folder / "delivery.csv"
    text = write_manifest(served.plan, load_catalogue(), credentials, served.authority)
    file.write_text(text)
    outcome = take_in(folder, served.plan, Manifest(file=file), partial=True)
    assert outcome.complaints == ()
    # What sits on boards comes with its server, and has no line of its own.
    boards = [board for node in served.plan.nodes for board in node.board_controllers]
    assert len(outcome.matches) == len(served.controllers) - len(boards)
    assert PASSWORD not in file.read_text()
    return folder


@pytest.mark.asyncio
async def test_every_node_is_who_the_manifest_says(tmp_path: Path, monkeypatch) -> None:
    async with rig(tmp_path) as lab:
        devices = read_record(taken_in(lab, monkeypatch).record).devices
        for node in lab.plan.nodes:
            known = devices[node.name]
            ports = {**known.macs, **known.guids}
            mac = ports.pop(CONTROLLER)
            expected = identity.IdentityState(
                models=(known.model,),
                serial=known.serial,
                ports={port: (address,) for port, address in ports.items()},
            )
            async with client(lab, node.name) as redfish:
                actual = await identity.read(redfish)
            assert (actual.ports or {}).keys() == ports.keys()
            assert identity.differences(expected, actual) == ()
            path = f"{ROOT}/Managers/BMC/EthernetInterfaces"
            interface = (await lab.get(node.name, path))["Members"][0]["@odata.id"]
            assert (await lab.get(node.name, interface))["MACAddress"].lower() == mac


@pytest.mark.asyncio
async def test_every_device_has_its_serial_number_certificate_and_login(
    tmp_path: Path, monkeypatch
) -> None:
    async with rig(tmp_path, shelves=(SHELF,)) as lab:
        folder = taken_in(lab, monkeypatch)
        devices, vault = read_record(folder.record).devices, read_vault(folder.vault)
        boards = {board for node in lab.plan.nodes for board in node.board_controllers}
        for subject, endpoint in lab.running.endpoints.items():
            if endpoint.controller in boards:
                continue
            chassis = (await lab.get(subject, f"{ROOT}/Chassis"))["Members"][0]["@odata.id"]
            assert (await lab.get(subject, chassis))["SerialNumber"] == devices[subject].serial
            address = (str(endpoint.controller.address), lab.port)
            pem = await asyncio.to_thread(ssl.get_server_certificate, address)
            shown = sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
            assert shown == devices[subject].fingerprint
            login = vault[f"factory/{subject}"]
            assert (login["username"], login["password"]) == (USERNAME, PASSWORD)


def test_a_switch_that_comes_alone_has_a_serial_number_and_a_mac_and_no_login() -> None:
    plan = design(load_site(find_site("lab")))
    text = write_manifest(
        plan, load_catalogue(), {}, Path("nowhere"), machines=lambda _: 2, only="r1-oob"
    )
    [row] = csv.DictReader(text.splitlines())
    told = {name: value for name, value in row.items() if value}
    assert told == {
        "Serial Number": "EMU-R1-OOB-2",
        "Model": "sn2201",
        "Rack": "r1",
        "U": "34",
        "BMC MAC": mac_of("EMU-R1-OOB-2", 0),
    }
