"""The client works with a BMC that is not ours: the emulator of OpenStack's sushy-tools.

It asks for HTTP Basic, has no sessions, no tasks and no BIOS, and takes 1 to 11 seconds to switch
power.
"""

import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import bcrypt
import pytest

from clusterwright.access.guard import Guard
from clusterwright.access.node import BootState, NodeState, apply, differences, read
from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Login
from clusterwright.errors import DeviceRefusedLogin
from clusterwright.lab.authority import issue, make_ca
from tests.ports import free_port

LOGIN = Login(username="operator", password="a secret of nobody")
SYSTEM = {"uuid": "27946b59-9e44-4fa7-8e91-f3527a1ef094", "name": "n1", "power_state": "Off"}
DESIRED = NodeState(
    power_state="On", boot=BootState(target="Pxe", enabled="Continuous", mode="UEFI"), bios={}
)


@dataclass(frozen=True)
class Emulator:
    """Where the emulator listens, and what vouches for it."""

    address: str
    ca_file: Path

    def client(self, login=LOGIN):
        return Redfish(address=self.address, login=login, ca_file=self.ca_file, deadline_s=60)


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sushy")
    ca_file = make_ca(folder)
    certificate, key = issue(folder, "bmc", "127.0.0.1")
    port = free_port()
    options = ["--fake", "--config", _configuration(folder), "-i", "127.0.0.1", "-p", str(port)]
    tls = ["--ssl-certificate", certificate, "--ssl-key", key]
    program = Path(sys.executable).with_name("sushy-emulator")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([program, *options, *tls], stdout=log, stderr=log)
    try:
        _wait_for(port, process, folder / "log")
        yield Emulator(f"127.0.0.1:{port}", ca_file)
    finally:
        process.terminate()
        process.wait(120)


def _configuration(folder):
    hashed = bcrypt.hashpw(LOGIN.password.encode(), bcrypt.gensalt(4)).decode()
    (folder / "users").write_text(f"{LOGIN.username}:{hashed}\n")
    system = {**SYSTEM, "external_notifier": False, "nics": []}
    settings = {
        "SUSHY_EMULATOR_STATE_DIR": str(folder),
        "SUSHY_EMULATOR_AUTH_FILE": str(folder / "users"),
        "SUSHY_EMULATOR_FAKE_SYSTEMS": [system],
    }
    file = folder / "configuration.py"
    file.write_text("".join(f"{name} = {value!r}\n" for name, value in settings.items()))
    return file


def _wait_for(port, process, log):
    for _ in range(3000):
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"the emulator does not listen: {log.read_text()}")


@pytest.mark.asyncio
async def test_a_wrong_password_is_refused(emulator):
    async with emulator.client(Login(username="operator", password="wrong")) as client:
        with pytest.raises(DeviceRefusedLogin):
            await read(client, DESIRED)


@pytest.mark.asyncio
async def test_a_server_is_switched_on_and_boots_from_the_network(emulator):
    async with emulator.client() as client:
        before = await read(client, DESIRED)
        assert [d.path for d in differences(DESIRED, before)] == ["power_state", "boot.target"]
        outcome = await apply(client, DESIRED, Guard(in_service=True), deadline_s=300)
        assert (outcome.state, outcome.pending) == (DESIRED, ())
        assert await read(client, DESIRED) == DESIRED
