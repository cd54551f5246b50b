"""A host is installed once, by either way, resumed where it was interrupted, and never unasked."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from clusterwright.access.guard import Guard
from clusterwright.access.keeper import Keeper
from clusterwright.access.os_install import Means, Order, apply, state_of
from clusterwright.access.os_install.attempt import Attempts
from clusterwright.access.os_install.known import Known, read_known, write_known
from clusterwright.access.os_install.state import Presence
from clusterwright.access.ssh import Said
from clusterwright.access.vault import open_vault
from clusterwright.errors import HostError, UsageError
from clusterwright.lab.medium import Medium
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import read_vault, write_vault
from tests.access.boot_images import boots, make_image, needs_xorriso
from tests.access.facility_rig import SYSTEM, Hosts, Rig, rig, until
from tests.faults.operator import client
from tests.ports import free_port

pytestmark = needs_xorriso
HOST = "su1-n1"
KEY = "ssh-ed25519 " + "B" * 68
IDLE, IN_SERVICE = Guard(in_service=False), Guard(in_service=True)
RESETTABLE = Guard(in_service=True, allowed=frozenset({"reset"}))
SILENT = Said(status=None, text="connect to host 10.101.0.11 port 22: Connection timed out")
STRANGE = Said(status=None, text="Host key verification failed.")
ANSWER = "key @@key ssh/automation@@ ca @@ca@@ mark @@digest@@ @@again@@ report @@report-url@@"


@dataclass
class Machine(Hosts):
    """Hosts with blank disks and an installer that does what the answer file says."""

    ca_file: Path = Path()
    said: Said = SILENT
    answers: list[str] = field(default_factory=list)
    failure: str = ""
    fetched: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    media: list[Medium] = field(default_factory=list)

    blank: bool = True

    async def boot(self, name: str) -> bool:
        self.up.add(name)
        return not self.blank

    async def install(self, name: str, medium: Medium) -> None:
        self.media.append(medium)
        if medium.authorities is not None:
            assert self.ca_file.read_text().strip() in [pem.strip() for pem in medium.authorities]
        menu = (await self._ask("GET", medium.url)).decode("latin-1")
        url = re.findall(r"preseed/url=(\S+)", menu)[0]
        self.answers.append((await self._ask("GET", url)).decode())
        self.fetched.set()
        await self.goes_on.wait()
        if self.failure:
            raise HostError(self.failure)
        mark, report = re.findall(r"mark (.*) report (\S+)", self.answers[-1])[0]
        await self._report(report)
        self.said = Said(status=0, text=mark)
        self.up.add(name)

    async def _report(self, url: str) -> None:
        """As curl does it: the service may be away for a while."""
        while True:
            try:
                await self._ask("POST", url, data=KEY)
                return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.02)
            except aiohttp.ClientResponseError as error:
                if error.status != 503:
                    raise
                await asyncio.sleep(0.02)

    async def _ask(self, method: str, url: str, **more: Any) -> bytes:
        trust = ssl.create_default_context(cafile=self.ca_file)
        async with (
            aiohttp.ClientSession(raise_for_status=True) as session,
            session.request(method, url, ssl=trust, **more) as response,
        ):
            return await response.read()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A rig, a site's folder, and the order that is to be carried out."""

    lab: Rig
    machine: Machine
    folder: SiteFolder
    passphrase: Path
    port: int
    told: list[str]

    def order(self, **changes: Any) -> Order:
        values: dict[str, Any] = {
            "host": HOST,
            "address": "10.101.0.11",
            "user": "root",
            "method": "virtual-media",
            "image": self.folder.path / "image.iso",
            "sha256": "",
            "answer_name": "preseed.cfg",
            "answer": ANSWER,
            "boot_menu": "linux /install.amd/vmlinuz preseed/url=@@answer-url@@ ---\n",
            "digest": "d1",
        }
        return Order(**{**values, **changes})

    @asynccontextmanager
    async def means(self) -> AsyncIterator[Means]:
        async with boots(self.lab.authority, self.folder.path, self.port) as service:
            yield Means(
                folder=self.folder,
                service=service,
                vault=open_vault(self.folder.vault, self.passphrase),
                attempts=Attempts(keeper=Keeper(self.folder.vault, self.passphrase)),
                say=self.told.append,
                deadline_s=60.0,
            )

    async def apply(self, guard: Guard = IDLE, **changes: Any) -> Any:
        async with self.means() as means, client(self.lab, HOST) as redfish:
            return await apply(redfish, self.order(**changes), means, guard)

    @property
    def attempts(self) -> list[str]:
        names = read_vault(self.folder.vault, self.passphrase)
        return [name for name in names if name.startswith("install/")]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[[Machine], None]:
    """Lets a machine say what a login to it says."""

    def play(machine: Machine) -> None:
        async def run_on(*_: Any) -> Said:
            return machine.said

        monkeypatch.setattr(state_of, "run_on", run_on)

    return play


@asynccontextmanager
async def scene(tmp_path: Path, script: Callable[[Machine], None]) -> AsyncIterator[Scene]:
    machine = Machine()
    machine.goes_on.set()
    folder = SiteFolder(definition=tmp_path / "site/site.yml")
    folder.path.mkdir()
    make_image(folder.path)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("not a real secret")
    secrets = {"ssh/automation": {"public_key": "ssh-ed25519 AAAAC3 automation"}}
    write_vault(folder.vault, secrets, passphrase)
    async with rig(tmp_path, hosts=machine) as lab:
        machine.ca_file = lab.ca_file
        folder.ca_file.write_bytes(lab.ca_file.read_bytes())
        script(machine)
        await lab.power_on(HOST)
        yield Scene(
            lab=lab,
            machine=machine,
            folder=folder,
            passphrase=passphrase,
            port=free_port(),
            told=[],
        )


Script = Callable[[Machine], None]
BY_BOTH = pytest.mark.parametrize("method", ["virtual-media", "https-boot"])


@pytest.mark.asyncio
@BY_BOTH
async def test_a_blank_host_is_installed(tmp_path: Path, script: Script, method: str) -> None:
    async with scene(tmp_path, script) as one:
        outcome = await one.apply(method=method)
        assert outcome.pending == ()
        assert (outcome.state.presence, outcome.state.digest) == (Presence.OURS, "d1")
        assert "key ssh-ed25519 AAAAC3 automation ca LS0tLS1CRUdJTi" in one.machine.answers[0]
        assert one.folder.known_hosts.read_text() == (
            f"{HOST},10.101.0.11 {KEY} clusterwright-installed d1\n"
        )


@pytest.mark.asyncio
@BY_BOTH
async def test_nothing_is_left_of_an_installation(
    tmp_path: Path, script: Script, method: str
) -> None:
    async with scene(tmp_path, script) as one:
        before = (await one.lab.get(HOST, SYSTEM))["Boot"]
        await one.apply(method=method)
        after = (await one.lab.get(HOST, SYSTEM))["Boot"]
        drive = await one.lab.get(HOST, f"{SYSTEM}/VirtualMedia/CD1")
        for name in ("BootSourceOverrideEnabled", "BootSourceOverrideTarget", "HttpBootUri"):
            assert after[name] == before[name]
        assert (drive["Inserted"], one.attempts) == (False, [])


@pytest.mark.asyncio
async def test_https_boot_trusts_the_sites_ca_once(tmp_path: Path, script: Script) -> None:
    async with scene(tmp_path, script) as one:
        for word in ("", "now"):
            await one.apply(method="https-boot", again=word)
        trusted = await one.lab.get(HOST, f"{SYSTEM}/Boot/Certificates")
        assert trusted["Members@odata.count"] == 1
        assert len(one.machine.media) == 2


@pytest.mark.asyncio
async def test_an_installed_host_is_left_alone(tmp_path: Path, script: Script) -> None:
    async with scene(tmp_path, script) as one:
        one.machine.said = Said(status=0, text="d1")
        outcome = await one.apply()
        assert (outcome.pending, one.machine.media, one.machine.stops) == ((), [], [])


UNASKED = {
    "another answer file": (Said(status=0, text="d0"), IDLE, "", "digest"),
    "a system of somebody else": (Said(status=1, text=""), IDLE, "", "digest"),
    "a host that we do not know": (STRANGE, IDLE, "", "digest"),
    "a silent host on which jobs run": (SILENT, RESETTABLE, "", "digest"),
    "asked for, but jobs run": (Said(status=0, text="d1"), IN_SERVICE, "now", "again"),
}


@pytest.mark.asyncio
@pytest.mark.parametrize(("said", "guard", "again", "path"), UNASKED.values(), ids=UNASKED)
async def test_what_is_not_asked_for_or_not_allowed_waits(
    tmp_path: Path, script: Script, *, said: Said, guard: Guard, again: str, path: str
) -> None:
    async with scene(tmp_path, script) as one:
        one.machine.said = said
        outcome = await one.apply(guard, again=again)
        assert [(d.path, d.pending) for d in outcome.pending] == [(path, True)]
        assert (one.machine.media, one.machine.stops) == ([], [])


ASKED = {
    "another system": (Said(status=0, text="d0 before"), IDLE),
    "somebody else's": (STRANGE, IDLE),
    "jobs run, and a reset is allowed": (Said(status=0, text="d1"), RESETTABLE),
}


@pytest.mark.asyncio
@pytest.mark.parametrize(("said", "guard"), ASKED.values(), ids=ASKED)
async def test_another_word_installs_once_more(
    tmp_path: Path, script: Script, said: Said, guard: Guard
) -> None:
    async with scene(tmp_path, script) as one:
        one.machine.said = said
        for _ in range(2):
            outcome = await one.apply(guard, again="now")
            assert (outcome.pending, len(one.machine.media)) == ((), 1)
        assert read_known(one.folder.known_hosts, HOST) == Known(digest="d1", again="now")


@pytest.mark.asyncio
@pytest.mark.parametrize("on", [True, False], ids=["its BMC says that a system runs", "off"])
async def test_a_silent_server_that_may_have_a_system_is_not_installed(
    tmp_path: Path, script: Script, *, on: bool
) -> None:
    async with scene(tmp_path, script) as one:
        one.machine.blank = False
        await one.lab.reset(HOST, "ForceRestart" if on else "ForceOff")
        await one.lab.finished(HOST)
        stops = len(one.machine.stops)
        outcome = await one.apply()
        assert [(d.path, d.pending) for d in outcome.pending] == [("digest", True)]
        assert (one.machine.media, len(one.machine.stops)) == ([], stops)


@pytest.mark.asyncio
async def test_a_host_of_ours_that_is_silent_is_an_error(tmp_path: Path, script: Script) -> None:
    async with scene(tmp_path, script) as one:
        known = Known(digest="d1", again="")
        write_known(one.folder.known_hosts, HOST, "10.101.0.11", KEY, known)
        with pytest.raises(HostError, match="was installed by us, but does not let root in at"):
            await one.apply()
        assert (one.machine.media, one.machine.stops) == ([], [])


@pytest.mark.asyncio
async def test_a_failed_installation_says_why_and_is_begun_again(
    tmp_path: Path, script: Script
) -> None:
    async with scene(tmp_path, script) as one:
        one.machine.failure = "packages: failed: E: Unable to locate package nvme"
        with pytest.raises(HostError) as failed:
            await one.apply()
        assert "Unable to locate package nvme" in str(failed.value)
        assert "it has fetched its answer file" in str(failed.value)
        assert one.attempts == [f"install/{HOST}"]
        assert not one.folder.known_hosts.exists()
        one.machine.failure = ""
        # Whoever corrects the answer file has another digest.
        assert (await one.apply(digest="d2")).state.presence is Presence.OURS
        assert one.attempts == []


@pytest.mark.asyncio
async def test_an_installation_that_goes_on_by_itself_is_waited_for(
    tmp_path: Path, script: Script
) -> None:
    async with scene(tmp_path, script) as one:
        one.machine.goes_on.clear()
        await interrupted(one)
        assert one.attempts == [f"install/{HOST}"]
        again = asyncio.create_task(one.apply())
        await until(lambda: bool(one.told))
        one.machine.goes_on.set()
        assert (await again).state.presence is Presence.OURS
        assert len(one.machine.media) == 1
        assert one.told == ["waiting for an installation that an earlier run began"]
        assert one.attempts == []


async def interrupted(one: Scene) -> None:
    """Let a run end as soon as its host has its answer file."""
    run = asyncio.create_task(one.apply())
    await one.machine.fetched.wait()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


@pytest.mark.asyncio
async def test_an_installation_that_failed_meanwhile_begins_again(
    tmp_path: Path, script: Script
) -> None:
    async with scene(tmp_path, script) as one:
        one.machine.goes_on.clear()
        await interrupted(one)
        one.machine.failure = "late command: failed"
        one.machine.goes_on.set()
        await one.lab.finished(HOST)
        one.machine.failure = ""
        assert (await one.apply()).state.presence is Presence.OURS
        assert len(one.machine.media) == 2


@pytest.mark.asyncio
async def test_a_run_that_ended_after_the_last_step_has_nothing_left_to_do(
    tmp_path: Path, script: Script
) -> None:
    async with scene(tmp_path, script) as one:
        one.machine.goes_on.clear()
        await interrupted(one)
        one.machine.said = Said(status=0, text="d1")
        outcome = await one.apply()
        assert (outcome.pending, len(one.machine.media), one.attempts) == ((), 1, [])
        one.machine.failure = "ended with the test"
        one.machine.goes_on.set()


WRONG_SECRETS = {
    "no such secret": ({}, "secret ssh/automation: .* has no public_key under that name"),
    "one that would be another command": (
        {"public_key": 'ssh-ed25519 AAAA"; reboot; echo "'},
        "its public_key has a form that no answer file can hold",
    ),
}


@pytest.mark.asyncio
@pytest.mark.parametrize(("secret", "sentence"), WRONG_SECRETS.values(), ids=WRONG_SECRETS)
async def test_a_secret_that_does_not_fit_is_named_before_anything_happens(
    tmp_path: Path, script: Script, secret: dict[str, str], sentence: str
) -> None:
    async with scene(tmp_path, script) as one:
        write_vault(one.folder.vault, {"ssh/automation": secret}, one.passphrase)
        with pytest.raises(UsageError, match=sentence):
            await one.apply()
        assert (one.machine.media, one.machine.stops) == ([], [])
