"""Which switch port a controller hangs on, by what the switches have seen."""

import asyncio
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from clusterwright.access.switch import SwitchState
from clusterwright.design import design
from clusterwright.design.plan import HardwareAddress
from clusterwright.errors import DeviceUnreachable
from clusterwright.load import load_site
from clusterwright.operate.rack.gates import ports, switches
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Verdict
from clusterwright.site_folder import find_site

OWN, OTHER, STRANGE = (f"02:00:00:00:00:0{number}" for number in (1, 2, 3))
PLAN = design(load_site(find_site("lab")))
KNOWN = (
    HardwareAddress(name="su1-n1-bmc", mac=OWN),
    HardwareAddress(name="su1-n2-bmc", mac=OTHER.upper()),
)


class Site:
    """What a look at ports asks a site for; nobody is knocked at."""

    class patience:  # noqa: N801 - an attribute
        greeting_s = 0.1

    passed_gates = {}  # noqa: RUF012 - nobody writes it

    def __init__(self, known):
        self.plan = replace(PLAN, hardware_addresses=known)


@pytest.fixture
def look(monkeypatch):
    async def nobody(address: IPv4Address, **_):
        return ""

    monkeypatch.setattr(ports, "answers", nobody)

    def look(seen, known=KNOWN):
        async def read(_, switch):
            if seen is None:
                raise DeviceUnreachable("r1-oob: nobody answers")
            return SwitchState(up=frozenset(), neighbours={}, ports_of=seen)

        monkeypatch.setattr(switches, "read", read)
        rack = LiveRack(name="r1", site=Site(known))
        met = [(node.name, node.controller) for node in rack.nodes[:1]]
        found = asyncio.run(ports.look(rack, met))
        [check] = found.checks
        return check, found.misplugged

    return look


def test_a_controller_in_its_own_port_is_proven(look):
    check, misplugged = look({OWN: "4", OTHER: "5"})
    assert (check.verdict, check.found) == (Verdict.PASS, f"{OWN} at port 4 of r1-oob")
    assert not misplugged


@pytest.mark.parametrize(
    ("seen", "words", "remedy"),
    [
        pytest.param(
            {OWN: "5", OTHER: "4"},
            f"NIC in the wrong switch port: its controller, {OWN}, is at port 5 of r1-oob, but "
            "port 4 of r1-oob is planned; there is su1-n2",
            "move its management cable to port 4 of r1-oob",
            id="exchanged with another one",
        ),
        pytest.param(
            {OWN: "49"},
            f"NIC in the wrong switch port: its controller, {OWN}, is on another switch, but "
            "port 4 of r1-oob is planned",
            "move its management cable to port 4 of r1-oob",
            id="on another switch",
        ),
        pytest.param(
            {STRANGE: "4"},
            f"port 4 of r1-oob has seen {STRANGE}, but its controller has {OWN} in the record",
            "follow the cable in port 4 of r1-oob: if it ends at su1-n1, another one stands there "
            "than the record says; run clusterwright intake with its manifest",
            id="another MAC",
        ),
    ],
)
def test_who_is_in_a_wrong_port_is_named_and_told_no_password(look, seen, words, remedy):
    check, misplugged = look(seen)
    assert (check.verdict, check.found, check.remedy) == (Verdict.FAIL, words, remedy)
    assert misplugged == {"su1-n1"}


def test_nobody_in_the_port_is_no_stranger(look):
    check, misplugged = look({})
    assert check.verdict is Verdict.FAIL
    assert check.remedy == "plug its management cable into port 4 of r1-oob"
    assert not misplugged


@pytest.mark.parametrize(
    ("seen", "known", "reason"),
    [
        pytest.param({OWN: "4"}, (), "the record does not know the MAC", id="no record"),
        pytest.param(None, KNOWN, "r1-oob could not be asked", id="a silent switch"),
    ],
)
def test_what_nobody_can_know_is_not_proven(look, seen, known, reason):
    check, misplugged = look(seen, known)
    assert check.verdict is Verdict.NOT_PROVEN
    assert reason in check.found
    assert not misplugged
