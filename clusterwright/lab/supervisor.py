"""The one process of a lab: its facility, its hosts' power, its package repository.

Started by `lab up` as `python -m clusterwright.lab.supervisor STATE ROOTFS [dock]`; ends on
SIGTERM, and whatever it has started ends with it.
"""

import asyncio
import logging
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from clusterwright.catalogue import load_catalogue
from clusterwright.design.plan import SitePlan
from clusterwright.errors import ClusterwrightError, HostError, OperationError
from clusterwright.garbage import collect_seldom
from clusterwright.lab import cgroup, control
from clusterwright.lab.exchange import exchange
from clusterwright.lab.facility import Facility, serve_facility
from clusterwright.lab.host_boot import HostSpec
from clusterwright.lab.host_files import hardware_text
from clusterwright.lab.hosts import Hosts
from clusterwright.lab.instance import DOCK, Lab
from clusterwright.lab.out_of_band.network import OutOfBand
from clusterwright.lab.package_server import serve_packages
from clusterwright.lab.passwords import factory_credentials, follow_vault
from clusterwright.lab.status import Fault, status_of
from clusterwright.lab.switch_exchange import exchange_switch

PACE = 0.1
"""By what part of their delays outlets wait: a hall has the time, and nobody here has."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What the control socket asks about."""

    lab: Lab
    plan: SitePlan
    hosts: Hosts
    facility: Facility
    network: OutOfBand


def main(arguments: list[str]) -> None:
    """Run the supervisor of the lab whose state lies in the folder given."""
    collect_seldom()
    state, rootfs = Path(arguments[0]), Path(arguments[1])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    lab = Lab(site=state.name, state=state)
    cgroup.join(lab.cgroup / "supervisor")
    lab.enter()
    try:
        asyncio.run(supervise(lab, rootfs, new=DOCK in arguments[2:]))
    except ClusterwrightError as error:
        sys.exit(str(error))


async def supervise(lab: Lab, rootfs: Path, *, new: bool) -> None:
    """Serve the lab until SIGTERM; the control socket appears when everything answers.

    The passwords of devices that are `new` open nothing but their own change.
    """
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    plan = lab.read_plan()
    async with AsyncExitStack() as stack:
        network = OutOfBand(lab, plan)
        stack.push_async_callback(network.close)
        switches = network.switch_specs()
        hosts = Hosts(_specs(lab, plan, rootfs) | switches)
        stack.push_async_callback(hosts.close)
        if switches:
            await asyncio.to_thread(network.connect)
            await asyncio.gather(*(_boot(hosts, name) for name in switches))
        server = await serve_packages(lab.packages, lab.firmware, plan.inband.gateway)
        stack.push_async_callback(server.cleanup)
        facility = await serve_facility(
            plan,
            hosts,
            state=lab.state,
            credentials=factory_credentials(lab, plan),
            certificates=lab.certificates,
            catalogue=load_catalogue(lab.folder.catalogue),
            network=network,
            # The lab's network has no route out, so nobody else hears of its events.
            pushes=True,
            new=new,
            pace=PACE,
        )
        stack.push_async_callback(facility.close)
        if switches:
            await network.start(facility.site.dark)
        await asyncio.gather(*(_boot(hosts, host.name) for host in plan.management_hosts))
        parts = _Parts(lab=lab, plan=plan, hosts=hosts, facility=facility, network=network)
        listener = await control.serve(lab.control_socket, lambda request: _reply(parts, request))
        stack.callback(listener.close)
        log.info("lab %s: is up", lab.site)
        await ended.wait()


async def _boot(hosts: Hosts, name: str) -> None:
    await hosts.boot(name)
    if not hosts.running(name):
        words = hosts.console(name) or "without a word"
        raise HostError(
            f"host {name}: ended while it booted: {words}; "
            "an overlay cannot lie on another: set CLUSTERWRIGHT_STATE_HOME to a folder on a disk"
        )


async def _reply(parts: _Parts, request: control.Document) -> control.Document:
    match request["do"]:
        case "status":
            await asyncio.to_thread(follow_vault, parts.lab, parts.plan)
            return status_of(parts.lab, parts.plan, _faults(parts.facility))
        case "hosts":
            return {host.name: parts.hosts.running(host.name) for host in parts.plan.hosts}
        case "fault":
            await parts.facility.set_fault(
                request["name"], request["subject"], active=request["active"]
            )
            return {}
        case "replace":
            return await _replace(parts, request["subject"])
        case unknown:
            raise OperationError(f"request {unknown}: is not one of status, hosts, fault, replace")


async def _replace(parts: _Parts, name: str) -> control.Document:
    lab, plan, hosts, network = parts.lab, parts.plan, parts.hosts, parts.network
    key = ""
    if name in network.switches:
        key = await exchange_switch(lab, plan, hosts, network, name)
    else:
        await exchange(lab, plan, hosts, parts.facility, name, besides=network.switches)
    log.info("%s: another machine stands there", name)
    return {"host_key": key}


def _faults(facility: Facility) -> list[Fault]:
    """Every fault that can be injected, and whether it is."""
    return [
        Fault(name=name, subject=subject, active=(name, subject) in facility.faults)
        for name, subject in facility.possible_faults
    ]


def _specs(lab: Lab, plan: SitePlan, rootfs: Path) -> dict[str, HostSpec]:
    installed = {one.host for one in plan.installations}
    hardware = {node.name: hardware_text(node) for node in plan.nodes if node.name in installed}
    return {
        host.name: HostSpec(
            name=host.name,
            address=host.address,
            prefix=plan.inband.prefix,
            port=f"host{index}",
            rootfs=rootfs,
            folder=lab.host_folder(host.name),
            cgroup=lab.cgroup / "hosts" / host.name,
            hardware=hardware.get(host.name),
        )
        for index, host in enumerate(plan.hosts)
    }


if __name__ == "__main__":
    main(sys.argv[1:])
