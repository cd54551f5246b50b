"""A device stays after all, and until it is decided, nothing brings it back."""

from functools import partial
from pathlib import Path

import pytest

from clusterwright.access import accounts, controller
from clusterwright.access.accounts import Opening
from clusterwright.access.authority import open_authority
from clusterwright.access.controller import ControllerState
from clusterwright.access.vault import factory_secret
from clusterwright.errors import UsageError
from clusterwright.model.record import PassedGate, Record
from clusterwright.operate.decommission.cancel import cancel
from clusterwright.operate.decommission.leaving import refuse_unfinished
from clusterwright.operate.rack.doors import Doors
from clusterwright.record_file import change_record
from clusterwright.vault_file import read_vault
from tests.access.leaver import NAMES, NODE, Killed, Leaver, leaver


@pytest.mark.asyncio
@pytest.mark.parametrize("killed", NAMES[1:6])
async def test_a_node_that_stays_after_all_can_be_taken_over_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: str
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        one.forget(factory_secret(NODE))
        with pytest.raises(Killed):
            await one.leave(killed)
        with pytest.raises(UsageError, match=f"^{NODE}: is being decommissioned, and this would"):
            refuse_unfinished(one.lab.plan, one.record, {"r1"})
        change_record(one.folder.record, gates_passed)
        await cancel(one.task)
        assert (one.record.nodes[NODE].state, dict(one.record.leaving)) == ("new", {})
        assert tuple(one.record.passed_gates) == ("r2",)
        refuse_unfinished(one.lab.plan, one.record, None)
        assert await brought_back(one) is Opening.EVERYTHING


def gates_passed(record: Record) -> Record:
    """Let both racks have passed a gate before."""
    gate = PassedGate(at="2026-11-28T19:00:00Z", devices="as before")
    passed = {rack: {"cords": gate} for rack in ("r1", "r2")}
    return record.model_copy(update={"passed_gates": passed})


async def brought_back(one: Leaver) -> Opening:
    """What the vault's login is good for after `up` or `rack` has met the controller."""
    node = next(node for node in one.lab.plan.nodes if node.name == NODE)
    doors = Doors(one.folder, port=one.lab.port)
    authority = open_authority(one.folder.ca_file, doors.vault, valid_days=90)
    endpoint = doors.endpoint(NODE, node.controller)
    said: list[str] = []
    await controller.apply(
        endpoint, ControllerState(), keep=doors.keep, sign=authority.sign, show=said.append
    )
    login = doors.vault.login(node.controller.secret)
    assert login.password != read_vault(one.folder.vault).get(factory_secret(NODE), {}).get(
        "password"
    )
    return await accounts.opens(partial(controller.connect, endpoint.contact), login)


@pytest.mark.asyncio
async def test_nothing_is_cancelled_that_has_not_begun_or_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        with pytest.raises(UsageError, match="there is nothing to cancel"):
            await cancel(one.task)
        with pytest.raises(Killed):
            await one.leave("secrets")
        with pytest.raises(UsageError, match="has left the record already, and cannot stay"):
            await cancel(one.task)
        assert await one.leave() == ()
        refuse_unfinished(one.lab.plan, one.record, None)


@pytest.mark.asyncio
async def test_only_the_rack_of_a_node_on_its_way_out_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        with pytest.raises(Killed):
            await one.leave("host")
        refuse_unfinished(one.lab.plan, one.record, {"r2"})
        with pytest.raises(UsageError) as refused:
            refuse_unfinished(one.lab.plan, one.record, None)
        assert str(refused.value) == (
            f"{NODE}: is being decommissioned, and this would bring it back: let it go first with "
            f"clusterwright decommission lab {NODE}, or keep it with clusterwright decommission "
            f"lab {NODE} --cancel"
        )
