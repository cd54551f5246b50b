"""Thousands of emulated BMCs behind one socket: `python -m benchmarks.bmcs DIR N expand|no-expand`.

On 127.1.x.y only: the socket is bound to the loopback device.
"""

import asyncio
import json
import resource
import sys
import time
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from benchmarks.controllers import NoHosts, plan_of
from benchmarks.line import peak_mib
from clusterwright.access import controller, firmware, platform
from clusterwright.access import node as node_access
from clusterwright.access.controller import ControllerState
from clusterwright.access.firmware import Component, FirmwareState
from clusterwright.access.node import BootState, NodeState
from clusterwright.access.platform import PlatformState
from clusterwright.garbage import collect_seldom
from clusterwright.lab.authority import issue, make_ca
from clusterwright.lab.facility import serve_facility
from clusterwright.lab.facility.bios import attributes_of, factory_values

LOGIN = {"username": "admin", "password": "benchmark"}
FIRST = int(IPv4Address("127.1.0.1"))
PORT = 18443


def plan_on_loopback(folder: Path, count: int):
    """Return the plan of so many nodes, their controllers at 127.1.x.y, without anything else."""
    plan = plan_of(folder, count)
    nodes = tuple(
        replace(node, controller=replace(node.controller, address=IPv4Address(FIRST + number)))
        for number, node in enumerate(plan.nodes)
    )
    pdus = tuple(
        replace(pdu, controller=replace(pdu.controller, address=IPv4Address(FIRST + 65_000 + n)))
        for n, pdu in enumerate(plan.pdus)
    )
    return replace(plan, nodes=nodes, pdus=pdus)


def furnish(folder: Path, count: int):
    """Make a CA and a certificate for every controller; return the plan."""
    plan = plan_on_loopback(folder, count)
    make_ca(folder / "ca")
    for owner in (*plan.nodes, *plan.pdus):
        issue(
            folder / "ca",
            owner.controller.name,
            owner.controller.address,
            into=folder / "certificates",
        )
    return plan


def desired(node) -> NodeState:
    """Return what a server is like that has just left the factory."""
    return NodeState(
        power_state="Off",
        boot=BootState(target="None", enabled="Disabled", mode="UEFI"),
        bios=factory_values(attributes_of(node.bios)),
    )


def declared(node) -> tuple[tuple[Any, Any], ...]:
    """Return everything that can be declared of a server, as one that has just left the factory."""
    return (
        (node_access, desired(node)),
        (
            platform,
            PlatformState(
                secure_boot=False, restore_policy="LastState", power_limit_watts=platform.NO_LIMIT
            ),
        ),
        (firmware, FirmwareState(components={"BIOS": Component(version="1.0.0")})),
        (
            controller,
            ControllerState(
                certificate_days=30, hostname=node.name, dhcp=False, gateway="", ntp_servers=()
            ),
        ),
    )


async def serve(folder: Path, count: int, expands: str) -> None:
    """Answer; a line on standard input asks for figures, its end ends this."""
    plan = plan_on_loopback(folder, count)
    owners = (*plan.nodes, *plan.pdus)
    facility = await serve_facility(
        plan,
        NoHosts(),
        state=folder / "state",
        credentials={o.controller.secret: tuple(LOGIN.values()) for o in owners},
        certificates=folder / "certificates",
        port=PORT,
        shared_device="lo",
        expands=expands == "expand",
    )
    requests = 0

    async def count_one(request, answer):
        nonlocal requests
        requests += 1
        return await answer(request)

    for endpoint in facility.endpoints.values():
        endpoint.device.service.hooks.append(count_one)
    print(json.dumps({"port": PORT}), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        figures = {"requests": requests, "mib": peak_mib(), "cpu_seconds": time.process_time()}
        print(json.dumps(figures), flush=True)
    await facility.close()


def raise_limit() -> None:
    """Allow as many open files as the machine does."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    # As the lab's supervisor does.
    collect_seldom()
    raise_limit()
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
