"""Racks of emulated devices, dark as they are delivered: `python -m benchmarks.dock DIR NODES`.

On 127.1.x.y only: the socket is bound to the loopback device.
"""

import asyncio
import json
import sys
from dataclasses import replace
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path

from benchmarks.bmcs import FIRST, LOGIN, raise_limit
from benchmarks.controllers import NoHosts
from benchmarks.definitions import write_site
from benchmarks.line import peak_mib
from clusterwright.design import design
from clusterwright.design.plan import Hardware, SitePlan
from clusterwright.lab.authority import issue, make_ca
from clusterwright.lab.facility import serve_facility
from clusterwright.lab.facility.pdu import PduMemory
from clusterwright.load import load_site
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import write_vault

PORT = 18444
FASTER = 100
SELF_TEST_S = 150.0
"""Of a server with 2 TB; everything that takes time is shortened by the same factor."""


def plan_of(folder: Path, nodes: int) -> SitePlan:
    """Return the plan with every controller at 127.1.x.y, without its fabric."""
    plan = design(load_site(write_site(folder, nodes)))
    addresses = map(IPv4Address, count(FIRST))
    hosting = {node.mount.rack for node in plan.nodes}

    def moved(owner):
        controller = replace(owner.controller, address=next(addresses))
        return replace(owner, controller=controller)

    return replace(
        plan,
        racks=tuple(rack for rack in plan.racks if rack.name in hosting),
        nodes=tuple(map(moved, plan.nodes)),
        pdus=tuple(moved(pdu) for pdu in plan.pdus if pdu.rack in hosting),
        loops=(),
        switches=(),
        links=(),
        management_hosts=(),
        hardware=tuple(delivered(node.name) for node in plan.nodes),
    )


def delivered(name: str) -> Hardware:
    """Return what the manifest says of a server, as the emulator makes it."""
    serial = f"EMU-{name}".upper()
    return Hardware(name=name, serial=serial, model="", macs=(), guids=(), fingerprint="")


def furnish(folder: Path, plan: SitePlan) -> SiteFolder:
    """Make vault, CA and a certificate for every controller."""
    site = SiteFolder(definition=folder / "site.yml")
    owners = (*plan.nodes, *plan.pdus)
    (folder / "passphrase").write_text("benchmark\n")
    logins = {owner.controller.secret: LOGIN for owner in owners}
    write_vault(site.vault, logins, folder / "passphrase")
    site.ca_file.write_bytes(make_ca(folder / "ca").read_bytes())
    for owner in owners:
        one = owner.controller
        issue(folder / "ca", one.name, one.address, into=folder / "certificates")
    return site


async def serve(folder: Path, nodes: int, broken: str) -> None:
    """Answer with every outlet off; `broken` is a fault and its subject, or nothing."""
    plan = plan_of(folder, nodes)
    owners = (*plan.nodes, *plan.pdus)
    facility = await serve_facility(
        plan,
        Machines(),
        state=folder / "state",
        credentials={o.controller.secret: tuple(LOGIN.values()) for o in owners},
        certificates=folder / "certificates",
        port=PORT,
        shared_device="lo",
        post_s=SELF_TEST_S / FASTER,
        pace=1 / FASTER,
    )
    for pdu in facility.site.pdus.values():
        pdu.memory.state = PduMemory(off={str(number): True for number in pdu.outlets})
    if broken:
        await facility.set_fault(*broken.split("@"), active=True)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps({"mib": peak_mib()}), flush=True)
    await facility.close()


class Machines(NoHosts):
    """Servers whose operating system is up at once."""

    def __init__(self):
        self._up = set()

    async def boot(self, name):
        self._up.add(name)

    async def stop(self, name, *, graceful):  # noqa: ARG002 - as the emulator calls it
        self._up.discard(name)

    def running(self, name):
        return name in self._up


if __name__ == "__main__":
    raise_limit()
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
