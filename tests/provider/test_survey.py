"""Before an outlet is cut, whoever hangs on it is asked, and nobody else cuts meanwhile."""

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager

import pytest

from clusterwright.access import rack_power
from clusterwright.access.guard import Outcome
from clusterwright.access.rack_power import OutletsState
from clusterwright.errors import DeviceUnreachable
from clusterwright.provider import survey as module
from clusterwright.provider.progress import Progress
from clusterwright.provider.rack_power import RACK_POWER
from tests.provider.live import Connection, Lines

CORDS = {"pdu/a": [1], "pdu/b": [1]}


class Hall:
    """Two PDUs and a node with a cord to each; what is asked of them is in `log`."""

    def __init__(self, *, powered="On"):
        self.outlets = {"a": {1: "On"}, "b": {1: "On"}}
        self.powered, self.silent, self.log = powered, set(), []
        self.failed = 0
        self._cutting, self._turns = asyncio.Lock(), defaultdict(asyncio.Lock)
        self.devices = 0

    @asynccontextmanager
    async def beside(self, address, secret):
        async with self._turns[address]:
            yield Connection(address)

    @asynccontextmanager
    async def device(self, address, secret):
        self.devices += 1
        async with self.beside(address, secret) as client:
            yield client

    @asynccontextmanager
    async def cutting(self):
        async with self._cutting:
            yield

    @asynccontextmanager
    async def maintenance(self, *, disruptive):
        yield

    async def read(self, client, desired=None):
        await asyncio.sleep(0)
        if client in self.silent:
            raise DeviceUnreachable(f"{client}: nobody answers")
        self.log.append(f"read {client}")
        return OutletsState(outlets=dict(self.outlets[client]))

    async def apply(self, client, desired, guard, *, consumers=None):
        actual = OutletsState(outlets=dict(self.outlets[client]))
        pending = list(rack_power.differences(desired, actual, guard, consumers))
        waiting = {int(d.path.partition(".")[2]) for d in pending if d.pending}
        for number, state in desired.outlets.items():
            await asyncio.sleep(0)
            if number not in waiting:
                self.outlets[client][number] = state
        return Outcome(state=desired, pending=tuple(d for d in pending if d.pending))

    async def find_system(self, client):
        if client in self.silent:
            raise DeviceUnreachable(f"{client}: nobody answers")
        self.log.append(f"ask {client}")
        return type("System", (), {"power_state": self.powered})()

    async def find_supplies(self, client):
        return [type("Supply", (), {"failed": True})] * self.failed


@pytest.fixture
def hall(monkeypatch):
    hall = Hall()
    monkeypatch.setattr(rack_power, "read", hall.read)
    monkeypatch.setattr(rack_power, "apply", hall.apply)
    monkeypatch.setattr(module, "find_system", hall.find_system)
    monkeypatch.setattr(module, "find_supplies", hall.find_supplies)
    return hall


def cut(hall, pdu, *, state="Off", needed=1, pdus=None, **changes):
    other = {"a": "b", "b": "a"}[pdu]
    consumer = {"needed": needed, "cords": CORDS, "address": "n1", "secret": "bmc/n1"}
    inputs = RACK_POWER.model.declared(
        {
            "address": pdu,
            "secret": f"pdu/{pdu}",
            "outlets": {"1": state},
            "consumers": {"n1": consumer},
            "pdus": {f"pdu/{other}": other} if pdus is None else pdus,
        }
        | changes
    )
    progress = Progress(console=Lines(), urn="", cancelled=asyncio.Event())
    return RACK_POWER.apply(hall, inputs, progress)


def off(hall):
    return {pdu for pdu, outlets in hall.outlets.items() if outlets[1] == "Off"}


@pytest.mark.asyncio
async def test_of_two_pdus_that_are_cut_at_once_one_waits(hall):
    done = await asyncio.gather(cut(hall, "a"), cut(hall, "b"))
    assert len(off(hall)) == 1
    [waiting] = [d for pending in done for d in pending]
    assert waiting.remedy.startswith("n1 would lose power: ")


@pytest.mark.asyncio
async def test_a_cut_that_is_survived_is_made(hall):
    assert await cut(hall, "a") == ()
    assert off(hall) == {"a"}
    assert hall.log == ["ask n1", "read b"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("situation", "cuts"),
    [
        pytest.param({"powered": "Off"}, True, id="what is off loses nothing"),
        pytest.param({"silent": {"n1"}, "dark": "b"}, False, id="who does not answer is on"),
        pytest.param({"silent": {"b"}}, False, id="a PDU that does not answer gives nothing"),
        pytest.param({"dark": "b"}, False, id="the other cord is dark"),
        pytest.param({"pdus": {}}, False, id="the other PDU is not known"),
        pytest.param({"failed": 1}, False, id="the other supply may be the one that failed"),
    ],
)
async def test_a_cut_goes_by_what_is_live(hall, situation, cuts):
    hall.powered = situation.get("powered", "On")
    hall.silent = situation.get("silent", set())
    hall.failed = situation.get("failed", 0)
    if "dark" in situation:
        hall.outlets[situation["dark"]][1] = "Off"
    pending = await cut(hall, "a", needed=1, pdus=situation.get("pdus"))
    assert (not pending, "a" in off(hall)) == (cuts, cuts)


@pytest.mark.asyncio
async def test_who_is_off_is_kept_until_the_cut_is_made(hall):
    hall.powered = "Off"
    entered, order = asyncio.Event(), []
    apply = hall.apply

    async def slow(client, desired, guard, *, consumers=None):
        entered.set()
        await asyncio.sleep(0.01)
        order.append("cut")
        return await apply(client, desired, guard, consumers=consumers)

    rack_power.apply = slow
    cutting = asyncio.create_task(cut(hall, "a", needed=2))
    await entered.wait()
    async with hall.beside("n1", "bmc/n1"):
        order.append("powered on")
    await cutting
    assert order == ["cut", "powered on"]


@pytest.mark.asyncio
async def test_where_nothing_is_cut_nobody_is_asked(hall):
    assert await cut(hall, "a", state="On") == ()
    assert (hall.log, hall.devices) == ([], 1)
