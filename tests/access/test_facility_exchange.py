"""Another machine stands in the place of one: of the same model, and new from its factory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from clusterwright.access import accounts, identity
from clusterwright.access.accounts import Opening
from clusterwright.access.certificate import read as read_certificate
from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Login
from clusterwright.errors import UsageError
from clusterwright.lab.facility.exchange import Exchange
from tests.access.facility_rig import PASSWORD, ROOT, SHELF, USERNAME, Rig, rig
from tests.faults.operator import client

NODE, LIQUID, PDU = "su1-n1", "su1-n3", "r1-pdu-a"
FACTORY = "on the new label"
OURS = Login(username=USERNAME, password="a password of our own-1")
BIOS = f"{ROOT}/Systems/1/Bios"


async def exchange(lab: Rig, subject: str) -> None:
    exchanged = Exchange(lab.running, subject)
    await exchanged.take_out()
    await exchanged.put_in((USERNAME, FACTORY))


@asynccontextmanager
async def taken_over(lab: Rig, subject: str) -> AsyncIterator[Redfish]:
    """Meet a new one as its manifest says, and give it a password of ours."""
    controller = lab.running.endpoints[subject].controller
    address = lab.url(subject).removeprefix("https://")
    shown = await read_certificate(subject, address, lab.ca_file)
    assert (shown.trusted, shown.issuer) == (False, f"CN={controller.name}")

    def connect(login: Login) -> Redfish:
        return Redfish(
            address=address, login=login, ca_file=lab.ca_file, name=subject, pin=shown.fingerprint
        )

    new = Login(username=USERNAME, password=FACTORY)
    assert await accounts.opens(connect, Login(username=USERNAME, password=PASSWORD)) is (
        Opening.NOTHING
    )
    assert await accounts.opens(connect, new) is Opening.MUST_CHANGE
    await accounts.change_password(connect, [new], OURS, keep_nothing)
    async with connect(OURS) as redfish:
        yield redfish


async def keep_nothing(_wanted: Login, _previous: Login | None) -> None:
    """Nobody wants to know it later."""


@pytest.mark.asyncio
async def test_a_node_is_another_machine_of_the_same_model(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(LIQUID)
        async with client(lab, LIQUID) as redfish:
            before = await identity.read(redfish)
        bmc = lab.running.site.nodes[LIQUID]
        bmc.memory.update(erased={"a drive": "once"}, restore_policy="AlwaysOn")
        bmc.parts.firmware.stage("BIOS", "9.9.9")
        bmc.parts.firmware.activate("reset")
        board = lab.running.site.boards[f"{LIQUID}-hgx"]
        board_serial = (await lab.get(f"{LIQUID}-hgx", f"{ROOT}/Chassis/HGX_Chassis_0"))[
            "SerialNumber"
        ]

        await exchange(lab, LIQUID)

        async with taken_over(lab, LIQUID) as redfish:
            after = await identity.read(redfish)
        assert (after.models, after.gpus) == (before.models, before.gpus)
        assert ports_of(after).keys() == ports_of(before).keys() != set()
        assert after.serial == f"{before.serial}-2"
        assert not {*ports_of(after).values()} & {*ports_of(before).values()}
        there = lab.running.site.nodes[LIQUID]
        assert (there.memory.state.erased, there.memory.state.restore_policy) == ({}, "LastState")
        assert there.parts.firmware.version("BIOS") == "1.0.0"
        assert (there.power.is_on, there.live_supplies) == (False, 6)
        assert lab.hosts.up == set()
        assert lab.running.site.boards[f"{LIQUID}-hgx"] is not board
        async with taken_over(lab, f"{LIQUID}-hgx") as redfish:
            chassis = await redfish.get(f"{ROOT}/Chassis/HGX_Chassis_0")
        assert (chassis["SerialNumber"], board_serial) == (
            f"EMU-{LIQUID}-2-HGX".upper(),
            f"EMU-{LIQUID}-HGX".upper(),
        )


def ports_of(found: identity.IdentityState) -> dict[str, tuple[str, ...]]:
    """The addresses that a BMC tells of its network ports."""
    return dict(found.ports or {})


@pytest.mark.asyncio
async def test_who_came_last_is_there_after_the_service_was_away(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await exchange(lab, NODE)
        await exchange(lab, NODE)
        async with taken_over(lab, NODE) as redfish:
            third = await identity.read(redfish)
        await lab.running.close()
        await lab.start()
        bmc = lab.running.site.nodes[NODE]
        assert (bmc.identity.serial, third.serial) == (f"EMU-{NODE}-3".upper(),) * 2
        assert bmc.service.accounts.known(OURS.username, OURS.password)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("subject", "path"),
    [
        (PDU, "Chassis/PDU"),
        ("cdu1", "Chassis/CDU"),
        (SHELF.name, "Chassis/Shelf"),
    ],
)
async def test_what_is_no_node_is_exchanged_likewise(
    tmp_path: Path, subject: str, path: str
) -> None:
    async with rig(tmp_path, shelves=(SHELF,)) as lab:
        before = (await lab.get(subject, f"{ROOT}/{path}"))["SerialNumber"]
        await exchange(lab, subject)
        async with taken_over(lab, subject) as redfish:
            after = (await redfish.get(f"{ROOT}/{path}"))["SerialNumber"]
        assert (before, after) == (f"EMU-{subject}".upper(), f"EMU-{subject}-2".upper())


@pytest.mark.asyncio
async def test_who_hangs_on_a_pdu_feels_that_it_is_taken_out(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(NODE)
        await lab.switch(PDU, 3, "Off")
        bmc = lab.running.site.nodes[NODE]
        out = Exchange(lab.running, PDU)
        await out.take_out()
        assert (bmc.live_supplies, bmc.power.is_on) == (4, True)
        await out.put_in((USERNAME, FACTORY))
        assert (bmc.live_supplies, lab.running.site.pdus[PDU].is_on(3)) == (6, True)


@pytest.mark.asyncio
async def test_what_is_wrong_with_a_device_goes_with_it(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        for fault, subject in (("wrong-serial", NODE), ("bmc-slow", NODE), ("feed-lost", "A")):
            await lab.running.set_fault(fault, subject, active=True)
        await exchange(lab, NODE)
        await exchange(lab, PDU)
        assert lab.running.faults == {("feed-lost", "A")}
        assert not lab.running.site.pdus[PDU].is_on(1)
        await lab.running.set_fault("feed-lost", "A", active=False)
        assert lab.running.site.pdus[PDU].is_on(1)


@pytest.mark.asyncio
@pytest.mark.parametrize("subject", ["su1-n9", f"{LIQUID}-hgx", "head"])
async def test_what_cannot_be_exchanged_is_refused_by_name(tmp_path: Path, subject: str) -> None:
    async with rig(tmp_path) as lab:
        with pytest.raises(UsageError, match=f"^{subject}: is no device of the lab that another"):
            await exchange(lab, subject)
