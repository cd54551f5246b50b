"""A node leaves for good; a run that was killed at any boundary is repeated, and ends the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from clusterwright.access.certificate import read as read_certificate
from clusterwright.access.revocation import is_revoked
from clusterwright.access.vault import factory_secret
from clusterwright.errors import UsageError
from clusterwright.model.record import DeviceRecord
from clusterwright.operate.decommission import handover
from clusterwright.operate.decommission.handover import NOBODY, handed_over_secret
from clusterwright.operate.decommission.run import has_gone, survey, vouch
from clusterwright.operate.decommission.who import who_may_leave
from clusterwright.record_file import change_record
from clusterwright.vault_file import read_vault
from tests.access.facility_rig import PASSWORD, USERNAME
from tests.access.leaver import FACTORY, NAMES, NODE, OTHER, Killed, Leaver, drained, leaver
from tests.faults.operator import broken
from tests.plans import lab_plan


async def has_left(one: Leaver, serial: int) -> None:
    """Everything that a decommissioning is for; the neighbour has noticed nothing."""
    lab, record = one.lab, one.record
    bmc = lab.running.site.nodes[NODE]
    assert len(bmc.memory.state.erased) == sum(kind.count for kind in bmc.model.drives) > 0
    assert lab.hosts.up == {OTHER}
    assert not any(bmc.has_input(supply) for supply in bmc.node.power_supplies)
    assert bmc.service.accounts.known(USERNAME, FACTORY)
    assert not bmc.service.accounts.known(USERNAME, PASSWORD)
    assert is_revoked(one.folder.revoked_file, serial)
    assert record.holes == (NODE,)
    assert record.nodes[NODE].state == "out"
    assert (NODE in record.devices, OTHER in record.devices) == (False, True)
    assert (has_gone(record, NODE), record.leaving[NODE].remaining) == (True, ())
    assert not any(name.endswith(f"/{NODE}") for name in one.secrets)
    assert f"bmc/{OTHER}" in one.secrets
    assert one.folder.known_hosts.read_text() == f"{OTHER} ssh-ed25519 BBBB\n"


async def serial_of(one: Leaver) -> int:
    controller = one.task.controllers[0]
    address = one.task.doors.address(controller)
    return (await read_certificate(NODE, address, one.folder.ca_file)).serial


@pytest.mark.asyncio
@pytest.mark.parametrize("killed", [None, *NAMES, ""], ids=["not killed", *NAMES, "end"])
async def test_a_node_leaves_wherever_a_run_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: str | None
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        serial = await serial_of(one)
        if killed is not None:
            with pytest.raises(Killed):
                await one.leave(killed)
            assert not has_gone(one.record, NODE)
        assert await one.leave() == ()
        await has_left(one, serial)


@pytest.mark.asyncio
@pytest.mark.parametrize("step", NAMES)
async def test_a_step_that_was_done_but_not_written_down_is_seen_to_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The process dies after the device has obeyed, and before the record says so."""
    async with leaver(tmp_path, monkeypatch) as one:
        serial = await serial_of(one)
        following = (*NAMES, "")[NAMES.index(step) + 1]
        with pytest.raises(Killed):
            await one.leave(following)
        proven = tuple(name for name in one.record.leaving[NODE].proven if name != step)
        one.task.write_now(proven=proven)
        assert await one.leave() == ()
        await has_left(one, serial)


@pytest.mark.asyncio
async def test_a_run_killed_between_revoking_and_the_new_certificate_takes_ours_away_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        serial = await serial_of(one)

        async def die(*_: object) -> None:
            raise Killed

        with monkeypatch.context() as dying:
            dying.setattr(handover, "install", die)
            with pytest.raises(Killed):
                await one.leave()
        assert is_revoked(one.folder.revoked_file, serial)
        [left, *_] = await survey(one.task)
        assert left.sentences == (
            f"revoke certificate {serial:x} of {NODE}-bmc, and take it from it",
        )
        assert await one.leave() == ()
        await has_left(one, serial)
        address = one.task.doors.address(one.task.controllers[0])
        shown = await read_certificate(NODE, address, one.folder.ca_file)
        assert (shown.issuer, shown.ours) == (f"CN={NOBODY}", False)


@pytest.mark.asyncio
async def test_what_will_be_destroyed_is_said_and_nothing_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        before = one.record
        found = {left.step: left for left in await survey(one.task)}
        assert tuple(found) == NAMES
        assert [left.why for left in found.values() if left.why] == []
        serial = before.devices[NODE].serial
        assert found["drives"].sentences[0] == f"erase Emulated M.2 {serial}-D0 (1.92 TB)"
        assert found["host"].sentences == (f"shut down {NODE}",)
        assert found["accounts"].sentences == (f"reset {NODE}-bmc to the factory's password",)
        assert found["outlets"].sentences[0] == "switch off outlets 1, 2 of r1-pdu-a"
        assert found["secrets"].sentences == (
            f"drop secret bmc/{NODE}",
            f"drop secret factory/{NODE}",
        )
        assert one.record == before
        assert one.lab.hosts.up == {NODE, OTHER}


@pytest.mark.asyncio
async def test_without_a_factory_password_it_leaves_with_one_that_stays_in_the_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        one.forget(factory_secret(NODE))
        assert await one.leave() == ()
        kept = read_vault(one.folder.vault)[handed_over_secret(NODE)]
        bmc = one.lab.running.site.nodes[NODE]
        assert bmc.service.accounts.known(kept["username"], kept["password"])
        assert not bmc.service.accounts.known(USERNAME, PASSWORD)


@pytest.mark.asyncio
async def test_what_cannot_be_done_is_kept_with_all_after_it_until_a_person_has_done_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        tree = one.lab.running.site.nodes[NODE].tree
        tree.hidden.add("/redfish/v1/Systems/1/Storage/1/Drives/NVMe3/Actions")
        first, *later = await one.leave()
        assert first.why.startswith(f"{NODE}-bmc (")
        assert [left.step for left in later] == list(NAMES[1:])
        assert one.record.leaving[NODE].remaining == tuple(map(str, (first, *later)))
        assert len(one.record.leaving[NODE].erased) == len(tree_drives(one)) - 1
        assert one.lab.hosts.up == {NODE, OTHER}
        await vouch(one.task, "drives", "Ada")
        assert await one.leave() == ()
        assert one.record.leaving[NODE].by_hand["drives"].by == "Ada"
        assert one.record.holes == (NODE,)


def tree_drives(one: Leaver) -> list[str]:
    paths = one.lab.running.site.nodes[NODE].tree.paths
    return [path for path in paths if "/Drives/" in path]


@pytest.mark.asyncio
async def test_an_outlet_that_feeds_somebody_else_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        plan = one.lab.plan
        pdus = tuple(
            replace(pdu, outlets=tuple(replace(outlet, consumer=OTHER) for outlet in pdu.outlets))
            for pdu in plan.pdus
        )
        one.lab.plan = replace(plan, pdus=pdus)
        first, *later = await one.leave()
        assert first.why.startswith("r1-pdu-a: outlet 1: su1-n2 would lose power: ")
        assert [left.step for left in later] == ["record", "secrets"]
        assert one.record.holes == ()


@pytest.mark.asyncio
async def test_a_controller_that_keeps_silent_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one, broken(one.lab, "bmc-unreachable", NODE):
        first, *_ = await one.leave()
        assert (first.step, "cannot be reached" in first.why) == ("drives", True)
        assert f"bmc/{NODE}" in one.secrets


@pytest.mark.asyncio
async def test_another_machine_at_its_place_is_erased_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        with pytest.raises(Killed):
            await one.leave("host")
        devices = {**one.record.devices, NODE: DeviceRecord(serial="another")}
        change_record(
            one.folder.record, lambda record: record.model_copy(update={"devices": devices})
        )
        assert next(left.step for left in await survey(one.task)) == "drives"


@pytest.mark.asyncio
async def test_its_certificate_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        with pytest.raises(Killed):
            await one.leave("outlets")
        controller = one.task.controllers[0]
        address = one.task.doors.address(controller)
        found = await read_certificate(NODE, address, one.folder.ca_file)
        assert (found.issuer, found.trusted) == (f"CN={NOBODY}", False)


def test_a_node_in_service_does_not_leave() -> None:
    with pytest.raises(UsageError) as refused:
        who_may_leave(drained(lab_plan()), [OTHER, NODE])
    assert str(refused.value) == (
        "su1-n2: is in service, and jobs may run on it: drain it first: "
        "clusterwright drain lab su1-n2"
    )


def test_what_the_plan_needs_at_its_place_leaves_no_hole() -> None:
    with pytest.raises(UsageError) as refused:
        who_may_leave(lab_plan(), ["head"])
    assert str(refused.value) == (
        "head: is a host, and the plan needs one at its place: exchange it with "
        "clusterwright intake lab FILE --replace head, or take it out of the definition"
    )


@pytest.mark.asyncio
async def test_only_what_a_person_can_do_is_vouched_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        with pytest.raises(UsageError, match="--by-hand secrets: is no step that a person does"):
            await vouch(one.task, "secrets", "Ada")
        with pytest.raises(UsageError, match="--by: is empty"):
            await vouch(one.task, "drives", " ")
