"""One server that is installed by Debian's own installer, in a network of its own."""

import asyncio
import ctypes
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from clusterwright.access.boot_service import serve_boots
from clusterwright.access.guard import Guard, Outcome
from clusterwright.access.keeper import Keeper
from clusterwright.access.os_install import InstallState, Means, Order, apply
from clusterwright.access.os_install.attempt import Attempts
from clusterwright.access.ssh import run_on
from clusterwright.access.vault import open_vault
from clusterwright.design.plan import Installation
from clusterwright.lab.authority import issue
from clusterwright.lab.namespace import CLONE_NEWNET
from clusterwright.lab.netns import Netns
from clusterwright.render.answer import render_answer
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import write_vault
from tests.access.facility_rig import Rig, rig
from tests.faults.operator import client
from tests.lab.real_installer.archive import run
from tests.lab.real_installer.image import make_image
from tests.lab.real_installer.machine import TAP, Machine

PORT = 8443
DEADLINE_S = 4 * 3600.0
"""Emulated, and on a busy machine, it may take as long."""
T = TypeVar("T")
IDLE = Guard(in_service=False)


@dataclass(kw_only=True)
class Installed:
    """What came of it: what `apply` said, what the host says of itself, what the guest logged."""

    order: Order
    folder: SiteFolder
    machine: Machine
    password_hash: str
    outcome: Outcome[InstallState] | None = None
    facts: dict[str, str] = field(default_factory=dict)


@contextmanager
def network_of(one: Installation) -> Iterator[Netns]:
    """Make the network of a host: its gateway is this machine, and nothing leads out."""
    network = Netns()
    gateway = f"{one.network.gateway}/{one.network.prefix.prefixlen}"
    try:
        network.ip(
            [
                "link set lo up",
                f"tuntap add dev {TAP} mode tap",
                f"address add {gateway} dev {TAP}",
                f"link set {TAP} up",
            ]
        )
        yield network
    finally:
        network.close()


def run_inside(network: Netns, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `work` in a thread that is in the network, and so is whatever it starts."""

    def enter() -> T:
        handle = os.open(network.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            assert ctypes.CDLL(None, use_errno=True).setns(handle, CLONE_NEWNET) == 0
        finally:
            os.close(handle)
        return asyncio.run(work())

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(enter).result()


async def install(
    one: Installation, installer: Path, folder: Path, network: Netns, questions: dict[str, str]
) -> Installed:
    """Install the host as `clusterwright up` does, and ask it what it has become."""
    machine = Machine(folder=folder, prefix=network.prefix, gateway=str(one.network.gateway))
    machine.released.set()
    async with rig(folder, hosts=machine) as lab, _heard(folder / "syslog", machine.gateway):
        try:
            return await _install(lab, one, installer, folder, questions)
        finally:
            await machine.end()


async def _install(
    lab: Rig, one: Installation, installer: Path, folder: Path, questions: dict[str, str]
) -> Installed:
    site, passphrase, hashed = _site(lab, folder)
    machine = lab.hosts
    assert isinstance(machine, Machine)
    machine.ca_file = site.ca_file
    order = _order(one, make_image(installer, site.ca_file, folder))
    done = Installed(order=order, folder=site, machine=machine, password_hash=hashed)
    await lab.power_on(one.host)
    identity = _identity(lab, machine.gateway, folder)
    async with (
        serve_boots(machine.gateway, PORT, identity) as service,
        client(lab, one.host) as redfish,
    ):
        means = Means(
            folder=site,
            service=service,
            vault=open_vault(site.vault, passphrase),
            attempts=Attempts(keeper=Keeper(site.vault, passphrase)),
            deadline_s=DEADLINE_S,
        )
        done.outcome = await apply(redfish, order, means, IDLE)
    for name, command in questions.items():
        said = await run_on(site, order.address, order.user, command, deadline_s=120.0)
        done.facts[name] = said.text
    return done


def _site(lab: Rig, folder: Path) -> tuple[SiteFolder, Path, str]:
    """Write what a site keeps beside its definition."""
    site = SiteFolder(definition=folder / "site/site.yml")
    site.path.mkdir()
    key, passphrase = folder / "key", folder / "passphrase"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "automation", "-f", str(key))
    site.ssh_config.write_text(f"Host *\n  IdentityFile {key}\n  IdentitiesOnly yes\n")
    site.ca_file.write_bytes(lab.ca_file.read_bytes())
    passphrase.write_text("not a real secret")
    hashed = run("openssl", "passwd", "-6", "not a real secret").strip()
    secrets = {
        "ssh/automation": {"public_key": key.with_suffix(".pub").read_text()},
        "user/ops": {"password_hash": hashed},
    }
    write_vault(site.vault, secrets, passphrase)
    return site, passphrase, hashed


def _order(one: Installation, image: Path) -> Order:
    answer = render_answer(one)
    return Order(
        host=one.host,
        address=str(one.address),
        user="root",
        method=one.method,
        image=image,
        sha256="",
        answer_name=answer.name,
        answer=answer.text,
        boot_menu=answer.boot_menu,
        digest=answer.digest,
    )


def _identity(lab: Rig, address: str, folder: Path) -> dict[str, str]:
    certificate, key = issue(lab.authority, "boot-service", address, into=folder / "tls")
    return {"certificate": certificate.read_text(), "private_key": key.read_text()}


class _Log(asyncio.DatagramProtocol):
    def __init__(self, file: Path) -> None:
        self._file = file

    def datagram_received(self, data: bytes, addr: Any) -> None:
        with self._file.open("ab") as stream:
            stream.write(data.rstrip() + b"\n")


@asynccontextmanager
async def _heard(file: Path, address: str) -> AsyncIterator[None]:
    """Write down what the installer says over syslog."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Log(file), local_addr=(address, 514)
    )
    try:
        yield
    finally:
        transport.close()
