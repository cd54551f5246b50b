"""The relay of a lab's switch: what it adds on the way to the server, and takes off again."""

import json
from socket import inet_aton

import pytest

from clusterwright.lab.payloads.dhcp_relay import GIADDR, HOPS, answered, asked, is_release, port_of

RELAY, SERVER = inet_aton("10.100.3.127"), inet_aton("169.254.67.2")
DISCOVER = bytes((53, 1, 1))


def packet(*options: bytes, giaddr: bytes = bytes(4)) -> bytes:
    head = bytearray(240)
    head[0], head[GIADDR] = 1, giaddr
    return bytes(head) + b"".join(options) + b"\xff"


def test_the_server_is_told_the_place_and_whom_to_answer():
    told = asked(packet(DISCOVER), "r1-oob:4", RELAY, SERVER)
    assert (told[GIADDR], told[HOPS]) == (RELAY, 1)
    assert told[240:] == DISCOVER + bytes((82, 10, 1, 8)) + b"r1-oob:4" + b"\xff"


def test_the_client_does_not_hear_of_its_place():
    answer = packet(bytes((53, 1, 2)), bytes((82, 3, 1, 1, 65)), giaddr=RELAY)
    assert answered(answer, RELAY)[240:] == bytes((53, 1, 2, 255))
    assert answered(answer, RELAY)[GIADDR] == bytes(4)


def test_a_client_takes_the_relay_for_its_server_and_renews_through_it():
    offered = answered(packet(bytes((54, 4)) + SERVER, giaddr=RELAY), RELAY)
    assert offered[240:] == bytes((54, 4)) + RELAY + b"\xff"
    told = asked(packet(bytes((54, 4)) + RELAY), "r1-oob:4", RELAY, SERVER)
    assert told[240:246] == bytes((54, 4)) + SERVER


@pytest.mark.parametrize(("kind", "expected"), [(1, False), (3, False), (7, True)])
def test_only_a_release_goes_on_from_a_port_that_is_not_known(kind, expected):
    assert is_release(packet(bytes((53, 1, kind)))) is expected


@pytest.mark.parametrize("padding", [b"", bytes(3)], ids=["none", "between options"])
def test_padding_is_no_option(padding):
    told = asked(packet(DISCOVER, padding), "r1-oob:4", RELAY, SERVER)
    assert told[240:243] == DISCOVER
    assert told[243] == 82


def test_the_port_of_a_mac_is_where_the_switch_has_seen_it():
    table = json.dumps(
        [{"mac": "02:00:00:00:00:01", "ifname": "4"}, {"mac": "02:00:00:00:00:02", "ifname": "49"}]
    )
    assert port_of(table, "02:00:00:00:00:02") == "49"
    assert port_of(table, "02:00:00:00:00:03") == ""
