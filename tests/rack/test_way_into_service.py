"""A rack goes from dark to as far as gates can be proven, again and again, whatever stops it."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from clusterwright.lab.facility.service import Answer
from clusterwright.lab.facility.tree import Reply
from clusterwright.operate.rack.gate import Gate
from clusterwright.operate.rack.outcome import RackOutcome, exit_code
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.steps import GATES
from clusterwright.operate.rack.verdict import Checks, Verdict
from tests.access.facility_rig import until
from tests.rack.dock import LAST_OF_FACILITY, SIGNED, Dock, dock

OF_FACILITY = [gate for gate in GATES if gate.step <= LAST_OF_FACILITY]
WITHOUT_HOSTS = tuple(gate for gate in GATES if gate.name != "hosts")
NOT_YET = {
    "r1": {"oob-switch", "cords", "switches"},
    # No limit of conductivity is known, and nobody can tell which feed a PDU hangs on.
    "r2": {"coolant", "oob-switch", "cords"},
}


def verdicts(outcome: RackOutcome) -> dict[str, Verdict]:
    return {gate.name: gate.verdict for gate in outcome.gates}


def expected(rack: str) -> dict[str, Verdict]:
    """All gates are passed, but for what nobody can prove yet."""
    doubtful = NOT_YET[rack]
    return {
        gate.name: Verdict.NOT_PROVEN if gate.name in doubtful else Verdict.PASS
        for gate in OF_FACILITY
    }


def facts(outcome: RackOutcome) -> set[tuple[str, str, Verdict]]:
    """What a run has found, whether it did something about it or not."""
    return {(c.subject, c.sentence, c.verdict) for g in outcome.gates for c in g.checks}


@pytest.mark.asyncio
async def test_dark_racks_are_brought_up_beside_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        outcomes = await site.bring_up("r1", "r2")
        assert [verdicts(one) for one in outcomes] == [expected("r1"), expected("r2")]
        assert exit_code(outcomes) == 0
        again = await site.bring_up("r1", "r2")
        assert [facts(one) for one in again] == [facts(one) for one in outcomes]
        acted = {gate.name for one in again for gate in one.gates if gate.acted}
        assert acted == {"loop", "cords"}, "only trials are made again"


class KilledError(BaseException):
    """Ends a run as a signal does: nothing of it may catch this."""


def torn(gate: Gate) -> Gate:
    """A gate at which the run is killed: when all is done there, before it is looked at again."""

    def dying(do: Any) -> Any:
        async def wrapped(rack: LiveRack) -> Checks:
            await do(rack)
            raise KilledError

        return wrapped

    return Gate(
        step=gate.step,
        name=gate.name,
        title=gate.title,
        short=gate.short,
        look=gate.look if gate.act else dying(gate.look),
        act=dying(gate.act) if gate.act else None,
    )


@pytest.mark.asyncio
async def test_a_run_that_was_killed_at_every_step_ends_as_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = {"gates": WITHOUT_HOSTS, "last": 9}
    async with dock(tmp_path / "whole", monkeypatch, new=True) as site:
        [whole] = await site.bring_up("r2", **course)
    async with dock(tmp_path / "torn", monkeypatch, new=True) as site:
        for gate in WITHOUT_HOSTS:
            await _killed(site, tuple(torn(g) if g is gate else g for g in WITHOUT_HOSTS))
        [outcome] = await site.bring_up("r2", **course)
    assert outcome.in_service
    # What trials have shown stands in the report of the run that has put it into service.
    assert facts(outcome) <= facts(whole)


async def _killed(site: Dock, gates: tuple[Gate, ...]) -> None:
    with pytest.raises(KilledError):
        await site.bring_up("r2", gates=gates, last=9)


@pytest.mark.asyncio
async def test_a_cord_whose_trial_was_killed_has_power_again_after_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        await site.bring_up("r1")
        pdu, outlet = site.plan.pdus[0].name, site.plan.pdus[0].outlets[0].number
        await site.lab.switch(pdu, outlet, "Off")
        [outcome] = await site.bring_up("r1")
        assert verdicts(outcome) == expected("r1")
        assert site.lab.running.site.pdus[pdu].is_on(outlet)


@pytest.mark.asyncio
async def test_a_dry_run_says_what_is_to_do_and_touches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        record = site.folder.record.read_text()
        writes = []
        for endpoint in site.lab.running.endpoints.values():

            async def count(request, answer, name=endpoint.subject):
                if request.method != "GET" and not request.path.endswith("Sessions"):
                    writes.append((name, request.method, request.path))
                return await answer(request)

            endpoint.device.service.hooks.append(count)
        [outcome] = await site.bring_up("r1", acts=False)
        left = {(m, p.rpartition("/")[0]) for _, m, p in writes}
        assert left <= {("DELETE", "/redfish/v1/SessionService/Sessions")}
        assert site.folder.record.read_text() == record
        assert verdicts(outcome)["standby-power"] is Verdict.TO_DO
        assert exit_code((outcome,)) == 0


@pytest.mark.asyncio
async def test_a_rack_that_is_held_up_delays_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        await site.lab.running.set_fault("bmc-unreachable", "su1-n1", active=True)
        held, other = await site.bring_up("r1", "r2")
        assert held.held_at is not None
        assert held.held_at.name == "standby-power"
        assert verdicts(other) == expected("r2")
        assert exit_code((held, other)) == 1


@pytest.mark.asyncio
async def test_steps_before_from_are_not_looked_at_and_keep_a_node_out_of_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        [outcome] = await site.bring_up("r1", first=9, last=9)
        [gate] = outcome.gates
        assert gate.verdict is Verdict.FAIL
        assert "this run has not looked at steps 1, 2, 3, 4, 5, 6, 7, 8" in gate.open[0].found


@pytest.mark.asyncio
async def test_what_is_put_into_service_stands_in_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        [outcome] = await site.bring_up("r1", gates=WITHOUT_HOSTS, last=9)
        assert outcome.in_service
        assert {n.name for n in site.plan.nodes if n.service_state == "in-service"} == {
            "su1-n1",
            "su1-n2",
        }
        [again] = await site.bring_up("r1", gates=WITHOUT_HOSTS, last=9)
        assert again.in_service
        assert not any(gate.acted for gate in again.gates), "nothing in service is tried"


@pytest.mark.asyncio
async def test_a_run_that_is_stopped_in_a_trial_gives_the_outlet_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        await site.bring_up("r1", last=5)
        pdu = site.lab.running.site.pdus["r1-pdu-a"]
        used = [outlet.number for outlet in pdu.pdu.outlets]
        run = asyncio.create_task(site.bring_up("r1", first=6, last=6))
        await until(lambda: not all(pdu.is_on(number) for number in used))
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        assert run.cancelled()
        assert all(pdu.is_on(number) for number in used)


@pytest.mark.asyncio
async def test_a_cdu_of_two_racks_is_taken_over_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch, new=True) as site:
        [loop] = site.lab.plan.loops
        site.lab.plan = replace(site.lab.plan, loops=(replace(loop, racks=("r1", "r2")),))
        site.sign_off("r1", **SIGNED)
        changes: list[str] = []

        async def count(request: web.BaseRequest, answer: Answer) -> Reply | web.StreamResponse:
            if request.method == "PATCH" and "/Accounts/" in request.path:
                changes.append(request.path)
            return await answer(request)

        site.lab.running.endpoints[loop.cdu].device.service.hooks.append(count)
        outcomes = await site.bring_up("r1", "r2", last=5)
        assert [outcome.held_at for outcome in outcomes] == [None, None]
        assert len(changes) == 1
