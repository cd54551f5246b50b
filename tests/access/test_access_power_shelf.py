"""A shelf is compared with the plan; only its outputs can be switched."""

from dataclasses import replace

import pytest
from aiohttp import web

from clusterwright.access.guard import Guard
from clusterwright.access.power_shelf import ShelfState, apply, differences, read
from tests.access.facility_rig import SHELF, rig
from tests.access.redfish_service import serving
from tests.faults.operator import client

IDLE, IN_SERVICE = Guard(in_service=False), Guard(in_service=True)
DECLARED = ShelfState(supplies=6, needed=6, capacity_watts=33_000)
SHELVES = "/redfish/v1/PowerEquipment/PowerShelves"
SUBSYSTEM = "/redfish/v1/Chassis/1/PowerSubsystem"
OUTPUT = f"{SHELVES}/1/Outlets/A1"


def link(path):
    return {"@odata.id": path}


def add_shelf(service, *, state="On"):
    """Place a shelf with one output and no expansion of collections."""
    service.resources["/redfish/v1/"]["PowerEquipment"] = link("/redfish/v1/PowerEquipment")
    service.add("/redfish/v1/PowerEquipment", PowerShelves=link(SHELVES))
    service.collect(SHELVES, f"{SHELVES}/1")
    service.add(
        f"{SHELVES}/1",
        Outlets=link(f"{SHELVES}/1/Outlets"),
        Links={"Chassis": [link("/redfish/v1/Chassis/1")]},
    )
    service.add("/redfish/v1/Chassis/1", PowerSubsystem=link(SUBSYSTEM))
    service.add(SUBSYSTEM, PowerSupplies=link(f"{SUBSYSTEM}/PowerSupplies"))
    bays = {"Bay1": "Enabled", "Bay2": "Absent"}
    service.collect(
        f"{SUBSYSTEM}/PowerSupplies", *(f"{SUBSYSTEM}/PowerSupplies/{bay}" for bay in bays)
    )
    for bay, its in bays.items():
        service.add(f"{SUBSYSTEM}/PowerSupplies/{bay}", Id=bay, Status={"State": its})
    service.collect(f"{SHELVES}/1/Outlets", OUTPUT)
    actions = {"#Outlet.PowerControl": {"target": f"{OUTPUT}/Outlet.PowerControl"}}
    service.add(OUTPUT, Id="A1", PowerState=state, Actions=actions)


@pytest.mark.asyncio
async def test_the_lab_s_shelf_is_as_its_model_says(tmp_path):
    async with rig(tmp_path, shelves=(SHELF,)) as lab, client(lab, SHELF.name) as redfish:
        assert await read(redfish) == DECLARED
        outcome = await apply(redfish, DECLARED, IN_SERVICE)
    assert outcome.pending == ()


@pytest.mark.asyncio
async def test_what_is_not_fitted_does_not_count_and_stays_pending(certificates):
    async with serving(certificates) as service, service.client() as redfish:
        add_shelf(service)
        declared = ShelfState(supplies=2, capacity_watts=11_000)
        outcome = await apply(redfish, declared, IDLE)
    assert [(d.path, d.actual, d.pending) for d in outcome.pending] == [
        ("supplies", "1", True),
        ("capacity_watts", "(not shown)", True),
    ]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("guard", "cut"),
    [pytest.param(IDLE, True, id="idle"), pytest.param(IN_SERVICE, False, id="in service")],
)
async def test_an_output_is_cut_only_where_the_interlock_lets_it(certificates, guard, cut):
    async with serving(certificates) as service, service.client() as redfish:
        add_shelf(service)
        target = f"POST {OUTPUT}/Outlet.PowerControl"

        async def switch(request):
            service.resources[OUTPUT]["PowerState"] = (await request.json())["PowerState"]
            return web.Response(status=204)

        service.answers[target] = switch
        outcome = await apply(redfish, ShelfState(supplies=1, outputs={"A1": "Off"}), guard)
    assert outcome.state.outputs == {"A1": "Off" if cut else "On"}
    assert [d.path for d in outcome.pending] == ([] if cut else ["outputs.A1"])


def test_another_model_is_named():
    [one] = differences(DECLARED, replace(DECLARED, capacity_watts=27_500))
    assert (one.path, one.expected, one.actual) == ("capacity_watts", "33000", "27500")
