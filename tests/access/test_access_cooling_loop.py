"""A loop gets its set points; weaker cooling goes through the interlock."""

from dataclasses import replace

import pytest

from clusterwright.access.cooling_loop import LoopState, apply, differences, read
from clusterwright.access.guard import Guard
from clusterwright.errors import DeviceRefused
from tests.access.redfish_service import serving

CDUS = "/redfish/v1/ThermalEquipment/CDUs"
CONNECTOR = f"{CDUS}/1/SecondaryCoolantConnectors/1"
CONTROLS = "/redfish/v1/Chassis/CDU/Controls"
IDLE = Guard(in_service=False)
IN_SERVICE = Guard(in_service=True)
DESIRED = LoopState(
    supply_temperature_c=32, differential_pressure_kpa=150, control_mode="Automatic"
)


def _excerpt(set_point, mode="Automatic"):
    return {"SetPoint": set_point, "ControlMode": mode, "AllowableMin": 10, "AllowableMax": 300}


def add_cdu(service, *, linked=False, temperature=32, pressure=150, mode="Automatic"):
    """Place a CDU whose controls are written in the connector, or where the connector points."""
    service.resources["/redfish/v1/"]["ThermalEquipment"] = {
        "@odata.id": "/redfish/v1/ThermalEquipment"
    }
    service.add("/redfish/v1/ThermalEquipment", CDUs={"@odata.id": CDUS})
    service.collect(CDUS, f"{CDUS}/1")
    secondary = f"{CDUS}/1/SecondaryCoolantConnectors"
    service.add(f"{CDUS}/1", SecondaryCoolantConnectors={"@odata.id": secondary})
    service.collect(secondary, CONNECTOR)
    excerpts = {
        "SupplyTemperatureControlCelsius": _excerpt(temperature, mode),
        "DeltaPressureControlkPa": _excerpt(pressure, mode),
        "FlowControlLitersPerMinute": _excerpt(40, "Disabled"),
    }
    if linked:
        for name, excerpt in excerpts.items():
            service.add(f"{CONTROLS}/{name}", **excerpt)
            excerpts[name] = {"DataSourceUri": f"{CONTROLS}/{name}", "SetPoint": -1}
    service.add(CONNECTOR, **excerpts)
    return service


def writes(service):
    return [
        (asked.removeprefix("PATCH "), body)
        for asked, body in service.bodies
        if asked.startswith("PATCH")
    ]


@pytest.mark.asyncio
@pytest.mark.parametrize("linked", [False, True], ids=["in the connector", "in their own resource"])
async def test_without_a_declaration_what_the_cdu_holds_is_read(certificates, linked):
    async with serving(certificates) as service, service.client() as client:
        add_cdu(service, linked=linked)
        assert await read(client) == DESIRED


@pytest.mark.asyncio
async def test_controls_that_disagree_are_shown(certificates):
    async with serving(certificates) as service, service.client() as client:
        add_cdu(service)
        service.resources[CONNECTOR]["DeltaPressureControlkPa"]["ControlMode"] = "Disabled"
        actual = await read(client, DESIRED)
        (difference,) = differences(DESIRED, actual)
    assert (difference.path, difference.actual) == ("control_mode", "Automatic/Disabled")


@pytest.mark.asyncio
async def test_set_points_are_written_in_the_connector(certificates):
    async with serving(certificates) as service, service.client() as client:
        add_cdu(service, temperature=40, pressure=100)
        outcome = await apply(client, DESIRED, IN_SERVICE)
        assert differences(DESIRED, outcome.state) == ()
        await apply(client, DESIRED, IN_SERVICE)
    assert writes(service) == [
        (CONNECTOR, {"SupplyTemperatureControlCelsius": {"SetPoint": 32}}),
        (CONNECTOR, {"DeltaPressureControlkPa": {"SetPoint": 150}}),
    ]


@pytest.mark.asyncio
async def test_set_points_are_written_where_the_connector_points(certificates):
    async with serving(certificates) as service, service.client() as client:
        add_cdu(service, linked=True, temperature=40, mode="Manual")
        await apply(client, DESIRED, IN_SERVICE)
    assert writes(service) == [
        (
            f"{CONTROLS}/SupplyTemperatureControlCelsius",
            {"SetPoint": 32, "ControlMode": "Automatic"},
        ),
        (f"{CONTROLS}/DeltaPressureControlkPa", {"ControlMode": "Automatic"}),
    ]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"supply_temperature_c": 35}, id="warmer"),
        pytest.param({"differential_pressure_kpa": 90}, id="less pressure"),
        pytest.param({"control_mode": "Manual"}, id="let go"),
    ],
)
async def test_weaker_cooling_is_held_by_the_interlock_and_stays_pending(certificates, change):
    desired = replace(DESIRED, **change)
    async with serving(certificates) as service, service.client() as client:
        add_cdu(service)
        held = await apply(client, desired, IN_SERVICE)
        assert writes(service) == []
        assert [(d.path, d.pending) for d in held.pending] == [(path, True) for path in change]
        assert held.pending == differences(desired, await read(client), IN_SERVICE)
        done = await apply(client, desired, IDLE)
    assert done.state == desired
    assert done.pending == ()


@pytest.mark.asyncio
async def test_what_strengthens_is_done_while_what_weakens_waits(certificates):
    desired = replace(DESIRED, supply_temperature_c=30, differential_pressure_kpa=90)
    async with serving(certificates) as service, service.client() as client:
        add_cdu(service)
        outcome = await apply(client, desired, IN_SERVICE)
    assert outcome.state == replace(DESIRED, supply_temperature_c=30)
    assert [d.path for d in outcome.pending] == ["differential_pressure_kpa"]


@pytest.mark.asyncio
async def test_less_flow_is_weaker_cooling(certificates):
    desired = LoopState(supply_temperature_c=32, flow_lpm=30, control_mode="Automatic")
    async with serving(certificates) as service, service.client() as client:
        add_cdu(service)
        outcome = await apply(client, desired, IN_SERVICE)
    assert [d.path for d in outcome.pending] == ["flow_lpm"]


@pytest.mark.asyncio
async def test_a_value_that_the_cdu_cannot_hold_is_refused_with_its_limits(certificates):
    async with serving(certificates) as service, service.client() as client:
        add_cdu(service)
        desired = replace(DESIRED, differential_pressure_kpa=400)
        with pytest.raises(DeviceRefused) as caught:
            await apply(client, desired, IDLE)
        assert writes(service) == []
    assert str(caught.value) == (
        f"{service.address}: {CONNECTOR} DeltaPressureControlkPa: 400 is outside 10 to 300, which "
        "is what the CDU can hold; declare a value within"
    )


@pytest.mark.asyncio
async def test_a_quantity_that_the_cdu_does_not_control_is_refused(certificates):
    async with serving(certificates) as service, service.client() as client:
        add_cdu(service)
        del service.resources[CONNECTOR]["DeltaPressureControlkPa"]
        with pytest.raises(DeviceRefused, match="DeltaPressureControlkPa: the CDU's secondary"):
            await read(client, DESIRED)


@pytest.mark.asyncio
async def test_a_device_without_cdus_is_no_cdu(certificates):
    async with serving(certificates) as service, service.client() as client:
        service.resources["/redfish/v1/"]["ThermalEquipment"] = {"@odata.id": "/redfish/v1/T"}
        service.add("/redfish/v1/T")
        with pytest.raises(DeviceRefused, match="it has no CDUs"):
            await read(client)


def test_cdus_round():
    actual = replace(DESIRED, supply_temperature_c=32.04)
    assert differences(DESIRED, actual) == ()
