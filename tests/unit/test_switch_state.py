"""What a switch says of its ports, in the words of ip, lldpcli and bridge."""

import json

import pytest

from clusterwright.access.switch import Neighbour, parse, port_name


def neighbour(device: str, port: str) -> dict[str, object]:
    mac = {"type": "mac", "value": "02:00:00:00:00:01"}
    chassis = {device: {"id": mac}} if device else {"id": mac}
    return {"chassis": chassis, "port": {"id": {"type": "ifname", "value": port}, "ttl": "8"}}


LEAF, SPINE = neighbour("inband-leaf1", "33"), neighbour("inband-leaf2", "swp33")
BY_MAC = {
    "chassis": {"leaf": {}},
    "port": {"id": {"type": "mac", "value": "02:00:00:00:00:01"}, "descr": "swp1"},
}
LINKS = [
    {"ifname": "49", "operstate": "UP"},
    {"ifname": "50", "operstate": "LOWERLAYERDOWN"},
    {"ifname": "swp4", "operstate": "UP"},
]
TABLE = [
    {"mac": "02:00:00:00:00:0A", "ifname": "swp4", "flags": [], "master": "bridge", "state": ""},
    {"mac": "02:00:00:00:00:0b", "ifname": "swp4", "flags": [], "state": "permanent"},
    {"mac": "33:33:00:00:00:01", "ifname": "49", "flags": ["self"], "state": ""},
]


def said(interfaces: object, table: object = TABLE) -> str:
    lldp = {"lldp": {} if interfaces is None else {"interface": interfaces}}
    # lldpcli prints over several lines, the others on one.
    return f"{json.dumps(LINKS)}\n{json.dumps(lldp, indent=2)}\n{json.dumps(table)}\n"


@pytest.mark.parametrize(
    ("interfaces", "expected"),
    [
        pytest.param(None, {}, id="nobody"),
        pytest.param({"49": LEAF}, {"49": Neighbour(device="inband-leaf1", port="33")}, id="one"),
        pytest.param(
            [{"49": LEAF}, {"swp50": SPINE}],
            {
                "49": Neighbour(device="inband-leaf1", port="33"),
                "50": Neighbour(device="inband-leaf2", port="33"),
            },
            id="two, one of them of Cumulus Linux",
        ),
        pytest.param(
            {"49": neighbour("inband-leaf1.lab.internal", "33")},
            {"49": Neighbour(device="inband-leaf1", port="33")},
            id="a full name",
        ),
        pytest.param(
            {"49": BY_MAC},
            {"49": Neighbour(device="leaf", port="1")},
            id="a port called by its MAC",
        ),
        pytest.param(
            {"49": neighbour("", "00:11")},
            {"49": Neighbour(device="", port="00:11")},
            id="nameless",
        ),
    ],
)
def test_neighbours_are_read_by_port(interfaces, expected):
    assert parse(said(interfaces)).neighbours == expected


def test_a_port_is_up_that_has_a_link():
    assert parse(said(None)).up == {"49", "4"}


def test_only_macs_that_came_in_through_a_port_are_seen_there():
    assert parse(said(None)).ports_of == {"02:00:00:00:00:0a": "4"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("[]", "1 of 3 commands", id="the others are not installed"),
        pytest.param("% Unknown command", "Expecting value", id="another operating system"),
    ],
)
def test_a_switch_that_says_something_else_is_not_understood(text, why):
    with pytest.raises(ValueError, match=why):
        parse(text)


@pytest.mark.parametrize(
    ("said", "planned"),
    [("49", "49"), ("swp49", "49"), ("swp1s0", "1/1"), ("eth0", "MGMT"), ("MGMT", "MGMT")],
)
def test_ports_have_the_names_of_the_plan(said, planned):
    assert port_name(said) == planned
