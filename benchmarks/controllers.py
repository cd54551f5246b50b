"""N emulated BMCs, as in the lab, for a benchmark: `python -m benchmarks.controllers DIR N`."""

import asyncio
import resource
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.definitions import write_site
from clusterwright.design import design
from clusterwright.design.plan import Node, SitePlan
from clusterwright.lab.authority import issue, make_ca
from clusterwright.lab.facility import serve_facility
from clusterwright.lab.facility.bios import attributes_of, factory_values
from clusterwright.load import load_site
from clusterwright.vault_file import write_vault

LOGIN = {"username": "admin", "password": "benchmark"}
FIRST_ADDRESS = 4096


class NoHosts:
    """Servers without an operating system: only their controllers are measured."""

    async def boot(self, _name):
        """Boot nothing."""
        return True

    async def stop(self, name, *, graceful):
        """Stop nothing."""

    def running(self, _name):
        return False


def plan_of(folder: Path, nodes: int) -> SitePlan:
    """Return a plan with so many nodes: copies of the first one, each with its own controller."""
    plan = design(load_site(write_site(folder, 4)))
    first = plan.oob.prefix.network_address + FIRST_ADDRESS
    copies = tuple(copy_of(plan.nodes[0], number, first) for number in range(nodes))
    racks = tuple(rack for rack in plan.racks if rack.name == copies[0].mount.rack)
    pdus = tuple(pdu for pdu in plan.pdus if pdu.rack == racks[0].name)
    return replace(plan, nodes=copies, racks=racks, pdus=pdus, loops=(), switches=(), links=())


def copy_of(node: Node, number: int, first) -> Node:
    name = f"su1-n{number + 1}"
    controller = replace(
        node.controller, name=f"{name}-bmc", address=first + number, secret=f"bmc/{name}"
    )
    return replace(node, name=name, index=number + 1, controller=controller)


def inputs_of(node: Node) -> dict[str, object]:
    """Return what is declared: a server as it left the factory, but for its boot source.

    So each creation is a login, one look, one write and a second look, and nothing is waited for.
    """
    return {
        **device_of(node),
        "power_state": "Off",
        "boot": {"target": "Pxe", "enabled": "Continuous", "mode": "UEFI"},
        "bios": factory_values(attributes_of(node.bios)),
        "in_service": False,
        "allow": [],
    }


def everything_of(node: Node) -> dict[str, dict[str, object]]:
    """Return all that a stack declares of a node, by kind, each after the one before it.

    Besides the boot source, only the vault has something to learn: who has taken a controller over.
    """
    controller = {
        **device_of(node),
        "name": node.controller.name,
        "certificate_days": 30,
        "hostname": node.name,
        "dhcp": False,
        "ntp_servers": [],
    }
    platform = {"secure_boot": False, "restore_policy": "LastState", "power_limit_watts": 0}
    image = {
        "version": "1.0.0",
        "image": "http://127.0.0.1/bios.bin",
        "activation": "reset",
        "order": 0,
    }
    guarded = {**device_of(node), "in_service": False, "allow": []}
    return {
        "Controller": controller,
        "Platform": {**guarded, **platform},
        "Node": inputs_of(node),
        "Firmware": {**guarded, "components": {"BIOS": image}},
    }


def device_of(node: Node) -> dict[str, object]:
    return {"address": str(node.controller.address), "secret": node.controller.secret}


def furnish(folder: Path, plan: SitePlan) -> None:
    """Make the site's vault and CA, and a certificate for every controller."""
    controllers = [owner.controller for owner in (*plan.nodes, *plan.pdus)]
    (folder / "passphrase").write_text("benchmark\n")
    secrets = {controller.secret: LOGIN for controller in controllers}
    write_vault(folder / "secrets.vault.yml", secrets, folder / "passphrase")
    (folder / "ca.pem").write_bytes(make_ca(folder / "ca").read_bytes())
    for controller in controllers:
        issue(folder / "ca", controller.name, controller.address, into=folder / "certificates")


async def serve(folder: Path, nodes: int) -> None:
    """Answer until standard input ends."""
    plan = plan_of(folder, nodes)
    credentials = {owner.controller.secret: tuple(LOGIN.values()) for owner in plan.nodes}
    credentials |= {pdu.controller.secret: tuple(LOGIN.values()) for pdu in plan.pdus}
    facility = await serve_facility(
        plan,
        NoHosts(),
        state=folder / "controllers",
        credentials=credentials,
        certificates=folder / "certificates",
        post_s=0,
    )
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await facility.close()


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
