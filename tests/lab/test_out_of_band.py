"""The out-of-band network of a lab that has its switches: leases, cables, and who is in which port.

The tests share one lab, in this order: what one mends, the next one passes. The last three leave
it otherwise: one exchanges a machine, one writes another record, one ends the lab.
"""

import csv
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clusterwright.lab.control import ask
from clusterwright.lab.facility.identity import mac_of, serial_of
from clusterwright.lab.take_down import take_down
from clusterwright.record_file import change_record, read_record
from clusterwright.site_folder import find_site
from tests.lab.conftest import Instance
from tests.sites import without_installation

pytestmark = pytest.mark.lab

RACK = "r1"
PLUGGED = "the controller hangs on its planned switch port"
SWAP_LEAF_PORTS = (
    "ip -batch - <<E\nlink set 33 down\nlink set 34 down\nlink set 33 name spare\n"
    "link set 34 name 33\nlink set spare name 34\nlink set 33 up\nlink set 34 up\nE"
)


@pytest.fixture(scope="module")
def lab(make_instance: Callable[[], Instance]) -> Iterator[Instance]:
    one = make_instance()
    text = without_installation(find_site("lab").definition.read_text())
    one.definition.write_text(text.replace("site: lab\n", f"site: {one.site}\n", 1))
    finished = one.up()
    assert finished.returncode == 0, finished.stderr
    yield one
    take_down(one.lab)


def checks(lab: Instance, last: str) -> tuple[str, list[dict[str, Any]]]:
    """Bring the rack up to a step; return at which it is held, and the checks of all."""
    finished = lab.command("rack", str(lab.definition), RACK, "--until", last, "--json")
    [rack] = json.loads(finished.stdout)["racks"]
    assert finished.returncode == (1 if rack["held_at"] else 0), finished.stderr
    return rack["held_at"], [check for step in rack["steps"] for check in step["checks"]]


def failures(found: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    return {c["subject"]: (c["found"], c["remedy"]) for c in found if c["verdict"] == "fail"}


def swap(lab: Instance, *, active: bool) -> None:
    fault = {"do": "fault", "name": "port-swapped", "subject": "su1-n1", "active": active}
    ask(lab.lab.control_socket, fault)


def leaseholders(lab: Instance) -> dict[str, str]:
    """The MACs that Kea has given addresses to, by address."""
    with (lab.lab.state / "network/kea-leases4.csv").open() as file:
        last = {row["address"]: row for row in csv.DictReader(file)}
    return {a: row["hwaddr"] for a, row in last.items() if int(row["valid_lifetime"])}


def test_every_controller_has_leased_its_planned_address(lab: Instance) -> None:
    plan = lab.lab.read_plan()
    owners = (*plan.nodes, *plan.loops, *plan.pdus)
    planned = {str(one.controller.address) for one in owners}
    assert leaseholders(lab).keys() == planned
    for subject in ("su1-n1", "su1-n3-hgx", "r2-pdu-b", "cdu1"):
        assert lab.redfish(subject, "GET", "/redfish/v1/")["Id"] == "RootService"


def test_switches_are_real(lab: Instance) -> None:
    said = lab.ssh("r1-oob", "systemctl is-active frr lldpd; vtysh -c 'show interface 49 json'")
    assert said.stdout.split()[:2] == ["active", "active"], said.stdout + said.stderr
    assert json.loads(said.stdout.partition("{")[1] + said.stdout.partition("{")[2])["49"]


def test_the_uplinks_of_the_out_of_band_switch_are_proven(lab: Instance) -> None:
    held_at, found = checks(lab, "oob-switch")
    assert not held_at
    proven = {c["sentence"]: c["found"] for c in found if c["subject"] == "r1-oob"}
    for port, leaf in (("49", "inband-leaf1"), ("50", "inband-leaf2")):
        sentence = f"port {port} is up and leads to its planned neighbour"
        assert proven[sentence] == f"port 33 of {leaf}"


def test_an_uplink_that_ends_elsewhere_holds_the_rack_up(lab: Instance) -> None:
    assert lab.ssh("inband-leaf2", SWAP_LEAF_PORTS).returncode == 0
    wait_until_port_50_leads_to(lab, "34")
    held_at, found = checks(lab, "oob-switch")
    assert lab.ssh("inband-leaf2", SWAP_LEAF_PORTS).returncode == 0
    assert held_at == "oob-switch"
    assert failures(found)["r1-oob"] == (
        "port 50 of r1-oob leads to port 34 of inband-leaf2, but port 33 of inband-leaf2 is "
        "planned there",
        "plug the far end of the cable in port 50 of r1-oob into port 33 of inband-leaf2",
    )
    wait_until_port_50_leads_to(lab, "33")


def test_an_uplink_without_a_link_holds_the_rack_up(lab: Instance) -> None:
    assert lab.ssh("r1-oob", "ip link set 50 down").returncode == 0
    held_at, found = checks(lab, "oob-switch")
    assert lab.ssh("r1-oob", "ip link set 50 up").returncode == 0
    assert held_at == "oob-switch"
    assert "port 50 of r1-oob has no link" in failures(found)["r1-oob"][0]
    wait_until_port_50_leads_to(lab, "33")


def test_controllers_in_each_other_s_port_hold_the_rack_up(lab: Instance) -> None:
    # With the MACs of the record, as `clusterwright rack` and `up` render it, too.
    rendered = lab.command("plan", str(lab.lab.folder.definition), "--what", "dhcp")
    assert rendered.returncode == 0, rendered.stderr
    wait_until_kea_has_read_it(lab)
    swap(lab, active=True)
    held_at, found = checks(lab, "standby-power")
    holder = leaseholders(lab)["10.100.0.11"]
    swap(lab, active=False)

    assert held_at == "standby-power"
    mine, theirs = (failures(found)[name] for name in ("su1-n1", "su1-n2"))
    assert "NIC in the wrong switch port" in mine[0]
    assert "at port 5 of r1-oob, but port 4 of r1-oob is planned; there is su1-n2" in mine[0]
    assert mine[1] == "move its management cable to port 4 of r1-oob"
    assert theirs[1] == "move its management cable to port 5 of r1-oob"
    assert holder == mac_of(serial_of("su1-n1"), 0).lower()
    held_at, found = checks(lab, "standby-power")
    assert not held_at
    plugged = {c["subject"]: c["verdict"] for c in found if c["sentence"] == PLUGGED}
    assert {plugged[name] for name in ("su1-n1", "su1-n2")} == {"pass"}


def test_a_server_without_power_has_no_link_and_with_power_it_answers_again(
    lab: Instance,
) -> None:
    node = next(one for one in lab.lab.read_plan().nodes if one.name == "su1-n1")
    for supply in node.power_supplies:
        switch_outlet(lab, supply.pdu, supply.outlet, "Off")
    wait_until_port_4_is(lab, "DOWN")
    for supply in node.power_supplies:
        switch_outlet(lab, supply.pdu, supply.outlet, "On")
    wait_until_port_4_is(lab, "UP")
    listens = "until (echo >/dev/tcp/10.100.0.11/443) 2>/dev/null; do sleep 0.1; done"
    assert lab.inside("timeout", "60", "bash", "-c", listens).returncode == 0
    assert lab.redfish("su1-n1", "GET", "/redfish/v1/")["Id"] == "RootService"


def switch_outlet(lab: Instance, pdu: str, outlet: int, state: str) -> None:
    path = f"/redfish/v1/PowerEquipment/RackPDUs/1/Outlets/{outlet}/Actions/Outlet.PowerControl"
    lab.redfish(pdu, "POST", path, {"PowerState": state})


def wait_until_port_4_is(lab: Instance, state: str) -> None:
    """A link goes up and down with the power of its other end."""
    until = f"until ip -o link show dev 4 | grep -q 'state {state}'; do sleep 0.1; done"
    done = lab.ssh("r1-oob", f'timeout 60 sh -c "{until}"')
    assert done.returncode == 0, lab.ssh("r1-oob", "ip -o link show dev 4").stdout


def wait_until_port_50_leads_to(lab: Instance, port: str) -> None:
    """A switch that says another name of its port is heard with its next LLDP frame."""
    asked = "lldpcli -f keyvalue show neighbors ports 50"
    until = f"until {asked} | grep -q 'port.ifname={port}$'; do sleep 0.1; done"
    done = lab.ssh("r1-oob", f'timeout 300 sh -c "{until}"')
    assert done.returncode == 0, lab.ssh("r1-oob", asked).stdout


def wait_until_kea_has_read_it(lab: Instance) -> None:
    log = lab.lab.state / "network/kea.log"
    read = f"grep -q DHCP4_DYNAMIC_RECONFIGURATION_SUCCESS {log}"
    until = f"until {read}; do sleep 0.1; done"
    done = lab.inside("timeout", "300", "sh", "-c", until)
    assert done.returncode == 0, log.read_text()


def test_another_machine_is_told_by_its_mac(lab: Instance) -> None:
    exchanged = lab.command("lab", "replace", "su1-n2", "--site", str(lab.definition))
    assert exchanged.returncode == 0, exchanged.stderr
    held_at, found = checks(lab, "standby-power")
    assert held_at == "standby-power"
    old, new = (mac_of(serial_of("su1-n2", machine), 0).lower() for machine in (1, 2))
    assert failures(found)["su1-n2"] == (
        f"port 5 of r1-oob has seen {new}, but its controller has {old} in the record",
        "follow the cable in port 5 of r1-oob: if it ends at su1-n2, another one stands there "
        "than the record says; run clusterwright intake with its manifest",
    )


def test_intake_puts_devices_where_the_switches_have_seen_them(
    lab: Instance, tmp_path: Path
) -> None:
    listed = lab.command("lab", "manifest", "--site", str(lab.definition)).stdout
    told = ("Serial Number", "Model", "BMC MAC")
    rows = [{name: row[name] for name in told} for row in csv.DictReader(listed.splitlines())]
    manifest = tmp_path / "delivery.csv"
    with manifest.open("w", newline="") as file:
        writer = csv.DictWriter(file, told)
        writer.writeheader()
        writer.writerows(rows)
    change_record(lab.lab.folder.record, lambda r: r.model_copy(update={"devices": {}}))
    swap(lab, active=True)
    finished = lab.command("intake", str(lab.definition), str(manifest), "--ask-switches")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    devices = read_record(lab.lab.folder.record).devices
    owners = {name: device.serial for name, device in devices.items()}
    exchanged = {"su1-n1": serial_of("su1-n2", 2), "su1-n2": serial_of("su1-n1")}
    assert owners == {name: serial_of(name) for name in owners} | exchanged
    assert len(owners) == len(rows)


def test_nothing_of_the_network_outlives_a_killed_supervisor(lab: Instance) -> None:
    [supervisor] = (lab.lab.cgroup / "supervisor/cgroup.procs").read_text().split()
    programs = (lab.lab.cgroup / "network/cgroup.procs").read_text().split()
    assert len(programs) > 1
    os.kill(int(supervisor), signal.SIGKILL)
    gone = lab.down()
    assert gone.returncode == 0, gone.stderr
    assert lab.lab.leftovers() == ()
    assert not [pid for pid in programs if runs(pid)]


def runs(pid: str) -> bool:
    """Whether it is a process still; who has ended waits there for whoever inherited it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
