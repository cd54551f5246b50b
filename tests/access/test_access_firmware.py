"""A device gets to its firmware baseline, and nothing that jobs run on is disturbed unasked."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from clusterwright.access import rack_power
from clusterwright.access.ac_cycle import cycle
from clusterwright.access.firmware import (
    Component,
    FirmwareState,
    apply,
    differences,
    is_older,
    read,
)
from clusterwright.access.guard import Guard
from clusterwright.access.redfish import Redfish
from clusterwright.errors import DeviceRefused
from tests.access.facility_rig import Rig, rig, until
from tests.faults.operator import broken, client

BMC, CDU = "su1-n1", "cdu1"
IDLE = Guard(in_service=False)
IN_SERVICE = Guard(in_service=True)
RESETTABLE = Guard(in_service=True, allowed=frozenset({"reset"}))
MODELS = {BMC: "dgx-h100", CDU: "xdu1350"}


class Images:
    """Serves an image for every component and version that is asked for, and counts them."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.holds: Mapping[str, str] = {}
        self.address = ""

    async def serve(self, request: web.BaseRequest) -> web.Response:
        _, model, component, version = request.path.split("/")
        self.fetched.append(component)
        version = self.holds.get(component, version)
        image = {"model": model, "components": {component: version}}
        return web.Response(text=json.dumps(image))

    def component(self, name: str, version: str, model: str = "", **more: Any) -> Component:
        image = f"http://{self.address}/{model or MODELS[BMC]}/{name}/{version}"
        return Component(version=version, image=image, **more)


@asynccontextmanager
async def images() -> AsyncIterator[Images]:
    served = Images()
    runner = web.ServerRunner(web.Server(served.serve))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    served.address = f"127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield served
    finally:
        await runner.cleanup()


def baseline(store: Images, **more: Any) -> FirmwareState:
    components = {
        "NVSwitch0": store.component("NVSwitch0", "97.0", activation="aux-cycle", order=3),
        "BIOS": store.component("BIOS", "1.1.0", activation="reset", order=2),
        "BMC": store.component("BMC", "1.2.0", activation="manager", order=1),
    }
    return FirmwareState(components=components, **more)


async def brought(lab: Rig, desired: FirmwareState, guard: Guard = IDLE, **more: Any) -> Any:
    async with client(lab, BMC) as redfish:
        return await apply(redfish, desired, guard, deadline_s=60.0, **more)


@pytest.mark.asyncio
async def test_groups_are_updated_in_their_order_and_a_second_run_does_nothing(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab, images() as store:
        await lab.power_on(BMC)
        desired = baseline(store)
        outcome = await brought(lab, desired)
        assert (outcome.pending, differences(desired, outcome.state)) == ((), ())
        assert store.fetched == ["BMC", "BIOS", "NVSwitch0"]
        assert lab.hosts.running(BMC)
        stops = len(lab.hosts.stops)
        assert await brought(lab, desired) == outcome
        assert (len(store.fetched), len(lab.hosts.stops)) == (3, stops)


@pytest.mark.asyncio
async def test_a_node_in_service_gets_what_disturbs_nobody_and_the_rest_waits(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab, images() as store:
        await lab.power_on(BMC)
        desired = baseline(store)
        first = await brought(lab, desired, IN_SERVICE)
        assert await brought(lab, desired, IN_SERVICE) == first
        assert (store.fetched, lab.hosts.stops) == (["BMC", "BIOS"], [])
        assert [(d.path, d.actual, d.expected, d.pending) for d in first.pending] == [
            ("components.BIOS", "1.0.0", "1.1.0", True),
            ("components.NVSwitch0", "96.10.5E", "97.0", True),
        ]
        assert "permit reset in maintenance.allow" in first.pending[0].remedy
        assert first.pending[1].remedy == "comes after BIOS: make that run first"
        assert first.state.staged == {"BIOS": "1.1.0"}

        second = await brought(lab, desired, RESETTABLE)
        assert [(d.path, d.pending) for d in second.pending] == [("components.NVSwitch0", True)]
        assert "permit power-cycle" in second.pending[0].remedy


@pytest.mark.asyncio
async def test_a_server_that_is_off_takes_its_image_when_somebody_switches_it_on(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab, images() as store:
        desired = FirmwareState(components={"BIOS": store.component("BIOS", "1.1.0")})
        outcome = await brought(lab, desired)
        assert [d.pending for d in outcome.pending] == [True]
        assert not lab.hosts.running(BMC)
        await lab.power_on(BMC)
        assert (await brought(lab, desired)).pending == ()
        assert store.fetched == ["BIOS"]


@pytest.mark.asyncio
async def test_a_transfer_that_an_interrupted_run_has_left_is_not_begun_again(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path, post_s=0.3) as lab, images() as store:
        desired = FirmwareState(
            components={"BMC": store.component("BMC", "1.2.0", activation="manager")}
        )
        first = asyncio.create_task(brought(lab, desired))
        await until(lambda: bool(store.fetched))
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert (await brought(lab, desired)).pending == ()
        assert store.fetched == ["BMC"]


@pytest.mark.asyncio
async def test_a_downgrade_is_refused_before_anything_is_fetched_unless_it_is_asked_for(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab, images() as store:
        await lab.power_on(BMC)
        wanted = {
            "BIOS": store.component("BIOS", "0.9.0"),
            "BMC": store.component("BMC", "1.2.0", activation="manager"),
        }
        with pytest.raises(DeviceRefused) as caught:
            await brought(lab, FirmwareState(components=wanted))
        assert "firmware of BIOS: 0.9.0 is declared and older than 1.0.0, which runs" in str(
            caught.value
        )
        assert store.fetched == []
        desired = FirmwareState(components=wanted, downgrade=True)
        assert (await brought(lab, desired)).pending == ()


@pytest.mark.asyncio
async def test_firmware_that_reverts_is_named_and_a_good_image_converges(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, images() as store:
        await lab.power_on(BMC)
        desired = FirmwareState(components={"BIOS": store.component("BIOS", "1.1.0")})
        async with broken(lab, "firmware-reverts", BMC):
            with pytest.raises(DeviceRefused) as caught:
                await brought(lab, desired)
        assert f"{BMC} (" in str(caught.value)
        assert "firmware of BIOS: 1.1.0 was started and did not stay: 1.0.0 runs again" in str(
            caught.value
        )
        assert (await brought(lab, desired)).pending == ()


@pytest.mark.asyncio
async def test_an_image_that_holds_another_version_than_declared_never_runs(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab, images() as store:
        await lab.power_on(BMC)
        store.holds = {"BIOS": "7.7"}
        desired = FirmwareState(components={"BIOS": store.component("BIOS", "1.1.0")})
        with pytest.raises(DeviceRefused, match=r"holds version 7\.7, but 1\.1\.0 is declared"):
            await brought(lab, desired)
        assert lab.hosts.stops == []
        store.holds = {}
        assert (await brought(lab, desired)).pending == ()


@pytest.mark.asyncio
async def test_an_image_that_waits_behind_our_back_is_replaced(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, images() as store:
        lab.running.site.nodes[BMC].parts.firmware.stage("BIOS", "6.6.6")
        desired = FirmwareState(components={"BIOS": store.component("BIOS", "1.0.0")})
        assert (await brought(lab, desired)).state.staged == {"BIOS": "1.0.0"}


@pytest.mark.asyncio
async def test_a_component_that_the_device_does_not_have_is_refused(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, images() as store:
        desired = FirmwareState(components={"Toaster": store.component("Toaster", "1")})
        with pytest.raises(DeviceRefused, match="Toaster: the device has no such component"):
            await brought(lab, desired)


@pytest.mark.asyncio
async def test_a_transfer_that_fails_says_why(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, images() as store:
        desired = FirmwareState(components={"BIOS": store.component("BIOS", "1.1.0", "other")})
        with pytest.raises(DeviceRefused, match="this image is not for dgx-h100"):
            await brought(lab, desired)


@pytest.mark.asyncio
async def test_line_input_is_cut_only_where_somebody_can_do_it(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, images() as store:
        await lab.power_on(BMC)

        async def cut() -> None:
            async with AsyncExitStack() as stack:
                await cycle(await cords(lab, stack), off_s=0.0)

        desired = FirmwareState(
            components={"PSU0": store.component("PSU0", "1.5", activation="ac-cycle")}
        )
        (waiting,) = (await brought(lab, desired)).pending
        assert "cut the line input of all its power supplies" in waiting.remedy
        held = await brought(lab, desired, IN_SERVICE, ac_cycle=cut)
        assert (held.pending, lab.hosts.stops) == ((waiting,), [])
        assert (await brought(lab, desired, ac_cycle=cut)).pending == ()
        await lab.finished(BMC)
        assert lab.hosts.running(BMC)


@pytest.mark.asyncio
async def test_an_outlet_that_is_stuck_leaves_nobody_without_power(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rack_power.apply, "__kwdefaults__", {"consumers": None, "deadline_s": 0.5})
    async with rig(tmp_path) as lab:
        stuck = lab.plan.nodes[0].power_supplies[-1].pdu
        async with broken(lab, "outlet-stuck", stuck), AsyncExitStack() as stack:
            pdu = lab.running.site.pdus[stuck]
            outlets = await cords(lab, stack)
            with pytest.raises(DeviceRefused, match="did not take"):
                await cycle({one: {1, *numbers} for one, numbers in outlets.items()}, off_s=0.0)
            assert all(pdu.is_on(outlet) for outlet in pdu.outlets)


async def cords(lab: Rig, stack: AsyncExitStack) -> dict[Redfish, set[int]]:
    """The outlets of the first node, by a connection to their PDU."""
    outlets: dict[str, set[int]] = {}
    for supply in lab.plan.nodes[0].power_supplies:
        outlets.setdefault(supply.pdu, set()).add(supply.outlet)
    return {
        await stack.enter_async_context(client(lab, pdu)): numbers
        for pdu, numbers in outlets.items()
    }


@pytest.mark.asyncio
async def test_a_device_without_a_server_is_updated_through_its_controller(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, images() as store:
        model = lab.running.site.cdus[CDU].loop.cdu_model
        component = store.component("CDU", "1.4.0", model, activation="manager")
        desired = FirmwareState(components={"CDU": component})
        async with client(lab, CDU) as redfish:
            assert (await apply(redfish, desired, IN_SERVICE, deadline_s=60.0)).pending == ()


@pytest.mark.asyncio
async def test_without_a_baseline_everything_is_read(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        async with client(lab, BMC) as redfish:
            state = await read(redfish)
        assert {"BIOS", "BMC", "NVSwitch3", "PSU5"} <= state.components.keys()
        assert state.staged == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("1.9", "1.10", id="numbers"),
        pytest.param("96.10.5E", "96.10.5F", id="letters"),
        pytest.param("1.0", "1.0.1", id="longer"),
        pytest.param("24.09.17", "25.01.1", id="dates"),
    ],
)
def test_an_older_version_is_known(one: str, other: str) -> None:
    assert (is_older(one, other), is_older(other, one), is_older(one, one)) == (True, False, False)


BOARD, SERVER = "su1-n3-hgx", "su1-n3"


def of_the_board(store: Images) -> FirmwareState:
    parts = {
        "HGX_FW_BMC_0": store.component(
            "HGX_FW_BMC_0", "25.02.0", "HGX baseboard", activation="manager"
        ),
        "HGX_FW_FPGA_0": store.component(
            "HGX_FW_FPGA_0", "3.2", "HGX baseboard", activation="aux-cycle", order=1
        ),
    }
    return FirmwareState(components=parts)


@pytest.mark.asyncio
async def test_a_board_restarts_itself_and_its_server_is_cycled_for_the_rest(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab, images() as store, client(lab, BOARD) as redfish:
        desired = of_the_board(store)
        alone = await apply(redfish, desired, IDLE, deadline_s=60.0)
        assert [one.path for one in alone.pending] == ["components.HGX_FW_FPGA_0"]
        assert alone.state.components["HGX_FW_BMC_0"].version == "25.02.0"
        await lab.power_on(SERVER)
        outcome = await apply(
            redfish, desired, IDLE, host=lambda: client(lab, SERVER), deadline_s=60.0
        )
        assert (outcome.pending, differences(desired, outcome.state)) == ((), ())
        assert sorted(store.fetched) == ["HGX_FW_BMC_0", "HGX_FW_FPGA_0"]
