"""DHCP and DNS: what the servers' own checkers say, and that names and addresses are the plan's."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from clusterwright.design import design
from clusterwright.design.plan import HardwareAddress, Link, LinkEnd, Network
from clusterwright.load import load_site
from clusterwright.render.kea import render_kea
from clusterwright.render.names import list_names
from clusterwright.render.zones import render_zones
from clusterwright.site_folder import find_site
from tests.plans import lab_plan

needs = {
    program: pytest.mark.skipif(
        shutil.which(program) is None, reason=f"{program} is not installed: run `make ready`"
    )
    for program in ("kea-dhcp4", "named-checkzone", "named-checkconf")
}


def oob_link(device: str, switch: str, port: str) -> Link:
    fields = dict.fromkeys(Link.__dataclass_fields__, "") | {"length_m": 3.0, "speed_gbps": 1}
    return Link(
        **fields
        | {
            "fabric": "oob",
            "a": LinkEnd(device=device, port="bmc"),
            "b": LinkEnd(device=switch, port=port),
        }
    )


def known_plan():
    """Return a plan in which one port is known by its MAC, and one by its place."""
    return replace(
        lab_plan(),
        links=(oob_link("su1-n1", "oob1", "swp1"), oob_link("su1-n2", "oob1", "swp2")),
        hardware_addresses=(
            HardwareAddress(name="su1-n1-bmc", mac="94:6d:ae:00:00:01"),
            HardwareAddress(name="su1-n1", mac="94:6d:ae:00:00:02"),
        ),
    )


def h100_su():
    return design(load_site(find_site("h100-su")))


def subnets(plan):
    text = "\n".join(line for line in render_kea(plan).splitlines() if "//" not in line)
    return {one["subnet"]: one for one in json.loads(text)["Dhcp4"]["subnet4"]}


def test_who_is_known_gets_the_address_of_the_plan_and_nobody_else_gets_one():
    found = subnets(known_plan())
    assert found["10.100.0.0/22"]["reservations"] == [
        {
            "hw-address": "94:6d:ae:00:00:01",
            "hostname": "su1-n1-bmc",
            "ip-address": "10.100.0.11",
        },
        {"circuit-id": "'oob1:swp2'", "hostname": "su1-n2-bmc", "ip-address": "10.100.0.12"},
    ]
    assert [one["hostname"] for one in found["10.101.0.0/22"]["reservations"]] == ["su1-n1"]
    assert all(one["pools"] == [] for one in found.values())


def test_every_node_of_a_real_site_is_known_by_its_place_on_both_networks():
    plan = h100_su()
    inband, oob = (
        {row["hostname"]: row for row in one["reservations"]} for one in subnets(plan).values()
    )
    for node in plan.nodes:
        assert inband[node.name]["circuit-id"].startswith("'inband-")
        assert oob[node.controller.name]["ip-address"] == str(node.controller.address)
    places = [row["circuit-id"] for row in (*inband.values(), *oob.values())]
    assert len(set(places)) == len(places)


def test_gateways_are_routers():
    data = [one["option-data"] for one in subnets(lab_plan()).values()]
    assert data == [
        [{"name": "routers", "data": "10.101.0.1"}],
        [{"name": "routers", "data": "10.100.0.1"}],
    ]


def test_a_time_server_that_is_a_name_is_left_out():
    plan = lab_plan()
    named = replace(plan.software, time_servers=("ntp.example.org",))
    assert "ntp-servers" in render_kea(plan)
    assert "ntp-servers" not in render_kea(replace(plan, software=named))


@needs["kea-dhcp4"]
@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(known_plan(), id="known"),
        pytest.param(lab_plan(), id="nobody-known"),
        pytest.param(h100_su(), id="h100-su"),
        pytest.param(replace(lab_plan(), management_hosts=()), id="no-management"),
    ],
)
def test_kea_takes_its_configuration(plan, tmp_path):
    file = tmp_path / "kea-dhcp4.conf"
    file.write_text(render_kea(plan))
    finished = subprocess.run(
        ["kea-dhcp4", "-t", file], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


@needs["kea-dhcp4"]
def test_kea_would_refuse_a_reservation_outside_its_subnet(tmp_path):
    file = tmp_path / "kea-dhcp4.conf"
    file.write_text(render_kea(known_plan()).replace("10.100.0.12", "10.99.0.12"))
    finished = subprocess.run(["kea-dhcp4", "-t", file], capture_output=True, check=False)
    assert finished.returncode != 0


@needs["named-checkzone"]
@needs["named-checkconf"]
@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(lab_plan(), id="lab"),
        pytest.param(h100_su(), id="h100-su"),
        pytest.param(replace(lab_plan(), management_hosts=()), id="no-management"),
    ],
)
def test_bind_takes_every_zone(plan, tmp_path):
    for path, content in render_zones(plan).items():
        file = tmp_path / path.removeprefix("dns/")
        file.write_text(content)
    for zone in tmp_path.glob("*.zone"):
        command = ["named-checkzone", "-i", "local", "-k", "fail", zone.stem, zone]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stdout
    options = f'options {{ directory "{tmp_path}"; }};\n'
    clauses = tmp_path / "named.conf"
    clauses.write_text(options + (tmp_path / "named.conf.zones").read_text())
    finished = subprocess.run(
        ["named-checkconf", "-z", clauses], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert finished.stdout.count("loaded serial") == len(list(tmp_path.glob("*.zone")))


def test_every_name_is_there_forward_and_reverse():
    plan = lab_plan()
    zones = render_zones(plan)
    for one in list_names(plan):
        a, b, c, d = str(one.address).split(".")
        assert f"\n{one.name} IN A {one.address}\n" in zones["dns/lab.internal.zone"]
        reverse = zones[f"dns/{c}.{b}.{a}.in-addr.arpa.zone"]
        assert f"\n{d} IN PTR {one.name}.lab.internal.\n" in reverse


def serial(zones, name):
    return int(re.search(r"hostmaster\.\S+ (\d+) ", zones[name])[1])


def test_a_zone_has_another_serial_when_it_says_something_else():
    plan = lab_plan()
    before, forward = render_zones(plan), "dns/lab.internal.zone"
    assert render_zones(lab_plan()) == before
    node = replace(plan.nodes[0], address=IPv4Address("10.101.0.99"))
    after = render_zones(replace(plan, nodes=(node, *plan.nodes[1:])))
    oob = "dns/0.100.10.in-addr.arpa.zone"
    assert serial(after, forward) != serial(before, forward)
    assert serial(after, oob) == serial(before, oob)


def test_a_large_prefix_has_zones_only_where_names_are():
    plan = lab_plan()
    wide = Network(
        name="inband", prefix=IPv4Network("10.101.0.0/16"), gateway=IPv4Address("10.101.0.1")
    )
    assert render_zones(replace(plan, inband=wide)).keys() == render_zones(plan).keys()
