"""Another switch in the place of one of the lab's."""

import asyncio
import json

from clusterwright.design.plan import SitePlan
from clusterwright.lab.facility.identity import mac_of, serial_of
from clusterwright.lab.host_boot import HostSpec
from clusterwright.lab.host_files import known_hosts
from clusterwright.lab.hosts import Hosts
from clusterwright.lab.instance import Lab
from clusterwright.lab.out_of_band.kea import SERVER
from clusterwright.lab.out_of_band.network import OutOfBand
from clusterwright.lab.out_of_band.switch_files import write_switch_files


async def exchange_switch(
    lab: Lab, plan: SitePlan, hosts: Hosts, network: OutOfBand, name: str
) -> str:
    """Pull a switch out and put another of its model in; return its line of known_hosts.

    It comes with the configuration of its place, as whoever exchanges it loads that.
    """
    switch = network.switches[name]
    file = lab.devices / f"{name}.controller.json"
    machine = int(json.loads(file.read_text())["machine"]) + 1 if file.exists() else 2
    line = ""

    def furnish(spec: HostSpec) -> HostSpec:
        nonlocal line
        opened_by = lab.ssh_key.with_suffix(".pub").read_text()
        key = write_switch_files(plan, switch, SERVER, spec.upper, opened_by)
        line = known_hosts([switch.switch], {name: key})
        return spec

    await hosts.stop(name, graceful=False)
    await asyncio.to_thread(network.darken, name)
    await hosts.replace_disk(name, furnish)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"machine": machine}))
    await asyncio.to_thread(network.light, name, mac_of(serial_of(name, machine), 0).lower())
    await hosts.boot(name)
    return line
