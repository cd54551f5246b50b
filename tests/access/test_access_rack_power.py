"""Outlets become what is declared; a cut goes through the interlock."""

import pytest
from aiohttp import web

from clusterwright.access.guard import Guard
from clusterwright.access.rack_power import OutletsState, apply, differences, read
from clusterwright.errors import DeviceRefused
from tests.access.redfish_service import serving

EQUIPMENT = "/redfish/v1/PowerEquipment"
PDU = f"{EQUIPMENT}/RackPDUs/1"
IDLE = Guard(in_service=False)
IN_SERVICE = Guard(in_service=True)
ALL_ON = OutletsState(outlets={1: "On", 2: "On", 3: "On"})


class Strip:
    """A rack PDU whose outlets have the given Ids and states."""

    def __init__(self, service, **outlets):
        self.service, self.switched = service, []
        service.resources["/redfish/v1/"]["PowerEquipment"] = {"@odata.id": EQUIPMENT}
        service.add(EQUIPMENT, RackPDUs={"@odata.id": f"{EQUIPMENT}/RackPDUs"})
        service.collect(f"{EQUIPMENT}/RackPDUs", PDU)
        service.add(PDU, Outlets={"@odata.id": f"{PDU}/Outlets"})
        names = {name.lstrip("_"): state for name, state in outlets.items()}
        service.collect(f"{PDU}/Outlets", *(f"{PDU}/Outlets/{name}" for name in names))
        for name, state in names.items():
            self._add(name, state)

    def _add(self, name, state):
        path = f"{PDU}/Outlets/{name}"
        # DMTF's own example leaves /Actions/ out of the target: it is followed, not guessed.
        action = {"#Outlet.PowerControl": {"target": f"{path}/Outlet.PowerControl"}}
        self.service.add(path, Id=name, PowerState=state, Actions=action)

        async def switch(request):
            state = (await request.json())["PowerState"]
            self.switched.append((name, state))
            self.service.resources[path]["PowerState"] = state
            return web.Response(status=204)

        self.service.answers[f"POST {path}/Outlet.PowerControl"] = switch


@pytest.mark.asyncio
async def test_only_declared_outlets_are_read_and_all_without_a_declaration(certificates):
    async with serving(certificates) as service, service.client() as client:
        Strip(service, _1="On", _2="Off")
        desired = OutletsState(outlets={2: "On"})
        assert (await read(client, desired)).outlets == {2: "Off"}
        assert (await read(client)).outlets == {1: "On", 2: "Off"}


@pytest.mark.asyncio
async def test_outlets_that_are_off_are_switched_on_though_something_is_in_service(certificates):
    async with serving(certificates) as service, service.client() as client:
        strip = Strip(service, _1="On", _2="Off", _3="Off")
        outcome = await apply(client, ALL_ON, IN_SERVICE)
        assert strip.switched == [("2", "On"), ("3", "On")]
        assert outcome.state == ALL_ON
        await apply(client, ALL_ON, IN_SERVICE)
        assert len(strip.switched) == 2


@pytest.mark.asyncio
async def test_a_cut_is_held_by_the_interlock_and_stays_pending(certificates):
    desired = OutletsState(outlets={1: "Off", 2: "On"})
    async with serving(certificates) as service, service.client() as client:
        strip = Strip(service, _1="On", _2="Off")
        outcome = await apply(client, desired, IN_SERVICE)
    assert strip.switched == [("2", "On")]
    assert outcome.state.outlets == {1: "On", 2: "On"}
    (waiting,) = outcome.pending
    assert (waiting.path, waiting.expected, waiting.actual) == ("outlets.1", "Off", "On")
    assert waiting.pending
    assert "add power-cycle to maintenance.allow" in waiting.remedy


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "guard",
    [IDLE, Guard(in_service=True, allowed=frozenset({"power-cycle"}))],
    ids=["nothing in service", "power-cycle allowed"],
)
async def test_a_permitted_cut_comes_after_what_gets_power(certificates, guard):
    desired = OutletsState(outlets={1: "Off", 2: "On"})
    async with serving(certificates) as service, service.client() as client:
        strip = Strip(service, _1="On", _2="Off")
        await apply(client, desired, guard)
    assert strip.switched == [("2", "On"), ("1", "Off")]


@pytest.mark.asyncio
async def test_an_outlet_that_does_not_switch_is_named(certificates):
    async with serving(certificates) as service, service.client() as client:
        Strip(service, _1="Off")
        del service.answers[f"POST {PDU}/Outlets/1/Outlet.PowerControl"]
        with pytest.raises(DeviceRefused, match=r"outlets\.1 is Off, but must be On: did not take"):
            await apply(client, OutletsState(outlets={1: "On"}), IDLE, deadline_s=0.3)


@pytest.mark.asyncio
async def test_an_outlet_that_the_pdu_does_not_have_is_refused(certificates):
    async with serving(certificates) as service, service.client() as client:
        Strip(service, _1="On")
        desired = OutletsState(outlets={1: "On", 25: "On"})
        with pytest.raises(DeviceRefused, match="outlet 25: the PDU has no such outlet; it has 1"):
            await apply(client, desired, IDLE)
        assert [d.actual for d in differences(desired, await read(client, desired))] == [
            "(no such outlet)"
        ]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("names", "numbers"),
    [
        pytest.param({"Outlet1": "On", "Outlet2": "Off"}, {1: "On", 2: "Off"}, id="a word before"),
        pytest.param({"OUTLET_01": "On", "OUTLET_12": "On"}, {1: "On", 12: "On"}, id="zeros"),
        pytest.param({"A1": "On", "B1": "Off", "_7": "On"}, {7: "On"}, id="digits that repeat"),
    ],
)
async def test_vendors_number_their_outlets_in_their_own_way(certificates, names, numbers):
    async with serving(certificates) as service, service.client() as client:
        Strip(service, **names)
        assert (await read(client)).outlets == numbers


@pytest.mark.asyncio
async def test_expanded_collections_save_a_request_for_each_outlet(certificates):
    async with serving(certificates) as service, service.client() as client:
        Strip(service, _1="On", _2="Off")
        service.resources["/redfish/v1/"]["ProtocolFeaturesSupported"] = {
            "ExpandQuery": {"NoLinks": True}
        }
        path = f"{PDU}/Outlets"

        async def expand(request):
            assert request.query == {"$expand": "."}
            members = [service.resources[f"{path}/{n}"] for n in (1, 2)]
            return web.json_response({"Members": members})

        service.answers[f"GET {path}"] = expand
        assert (await read(client)).outlets == {1: "On", 2: "Off"}
        assert service.count(f"GET {path}/1") == 0


@pytest.mark.asyncio
async def test_collections_go_on_over_pages(certificates):
    async with serving(certificates) as service, service.client() as client:
        Strip(service, _1="On", _2="Off")
        path = f"{PDU}/Outlets"
        service.collect(f"{path}Page2", f"{path}/2")
        service.collect(path, f"{path}/1")
        service.resources[path]["Members@odata.nextLink"] = f"{path}Page2"
        assert (await read(client)).outlets == {1: "On", 2: "Off"}


@pytest.mark.asyncio
async def test_one_outlet_that_cannot_be_read_says_so_itself(certificates):
    async with serving(certificates) as service, service.client() as client:
        Strip(service, _1="On", _2="Off", _3="On")
        del service.resources[f"{PDU}/Outlets/2"]
        with pytest.raises(DeviceRefused, match="Outlets/2: refused with status 404"):
            await read(client)


def test_a_cut_that_may_not_happen_now_is_pending():
    desired = OutletsState(outlets={1: "Off", 2: "On"})
    actual = OutletsState(outlets={1: "On", 2: "Off"})
    assert [d.pending for d in differences(desired, actual, IN_SERVICE)] == [True, False]
    assert [d.pending for d in differences(desired, actual)] == [False, False]
