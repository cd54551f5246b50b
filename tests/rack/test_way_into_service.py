"""A rack goes from dark to as far as gates can be proven, again and again, whatever stops it."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from clusterwright.catalogue import load_catalogue
from clusterwright.design.plan import FirmwareBaseline, FirmwareComponent
from clusterwright.lab.facility.service import Answer
from clusterwright.lab.facility.tree import Reply
from clusterwright.model.record import DeviceRecord
from clusterwright.operate.rack.gate import Gate
from clusterwright.operate.rack.gates.contact import ANSWERS
from clusterwright.operate.rack.gates.settings import AS_DECLARED
from clusterwright.operate.rack.gates.shelves import FED, WORKS
from clusterwright.operate.rack.outcome import LAST, RackOutcome, exit_code
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.steps import GATES
from clusterwright.operate.rack.verdict import Checks, Verdict
from clusterwright.record_file import read_record
from tests.access.facility_rig import SHELF, until
from tests.access.test_access_firmware import images
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
async def test_a_run_from_a_later_step_is_refused_where_an_earlier_one_was_never_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        await site.bring_up("r1", last=2)
        [outcome] = await site.bring_up("r1", first=9, last=9)
        assert outcome.held_at is not None
        assert (outcome.held_at.name, exit_code((outcome,))) == ("standby-power", 1)
        [check] = outcome.held_at.open
        assert check.found == "the record knows no pass of standby-power"
        assert check.remedy.startswith("begin with --from standby-power, or leave --from out")
        [dry] = await site.bring_up("r1", first=3, last=3, acts=False)
        assert [gate.verdict for gate in dry.gates[:2]] == [Verdict.PASS, Verdict.NOT_PROVEN]


@pytest.mark.asyncio
async def test_a_run_from_a_later_step_takes_earlier_passes_from_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_hosts = tuple(gate for gate in GATES if gate.name != "hosts")
    async with dock(tmp_path, monkeypatch) as site:
        await site.bring_up("r1", gates=without_hosts, last=7)
        written = site.folder.record.read_text()
        [outcome] = await site.bring_up("r1", gates=without_hosts, first=9, last=9)
        assert outcome.in_service
        assert [gate.verdict for gate in outcome.gates[:-1]] == list(expected("r1").values())
        assert all("passed at" in gate.checks[0].found for gate in outcome.gates[:-1])
        await site.bring_up("r1", gates=without_hosts, last=7)
        assert '"coolant": {"at"' in written
        passes = read_record(site.folder.record).passed_gates["r1"]
        assert all(f'"at": "{one.at}"' in written for name, one in passes.items() if name != LAST)


@pytest.mark.asyncio
async def test_a_pass_counts_for_the_devices_that_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        await site.bring_up("r1", last=5)
        site.record = read_record(site.folder.record)
        exchanged = DeviceRecord(serial="ANOTHER")
        site.write(devices={**site.record.devices, "su1-n1": exchanged})
        [outcome] = await site.bring_up("r1", first=6, last=6)
        assert outcome.held_at is not None
        assert "but other devices stand in the rack since" in outcome.held_at.open[0].found


@pytest.mark.asyncio
async def test_a_step_that_holds_a_rack_up_is_no_longer_passed_nor_is_what_comes_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dock(tmp_path, monkeypatch) as site:
        await site.bring_up("r1", last=5)
        await site.lab.running.set_fault("bmc-unreachable", "su1-n1", active=True)
        await site.bring_up("r1")
        passes = read_record(site.folder.record).passed_gates["r1"]
        assert set(passes) == {"coolant", "oob-switch"}


@pytest.mark.asyncio
async def test_a_rack_with_power_shelves_looks_at_their_rectifiers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = load_catalogue().power_shelves[SHELF.model].supplies.needed
    shelf = replace(SHELF, rectifiers_needed=needed)
    async with dock(tmp_path, monkeypatch, shelves=(shelf,)) as site:
        [outcome] = await site.bring_up("r1", last=5)
        facts_of_it = {
            (c.sentence, c.verdict)
            for g in outcome.gates
            for c in g.checks
            if c.subject == SHELF.name
        }
        assert {sentence for sentence, _ in facts_of_it} >= {FED, WORKS, ANSWERS, AS_DECLARED}
        assert {verdict for _, verdict in facts_of_it} == {Verdict.PASS}
        site.lab.running.site.shelves[SHELF.name].fail_supplies(SHELF.rectifiers[0].name)
        [held] = await site.bring_up("r1", last=5)
        assert held.held_at is not None
        [check] = held.held_at.open
        assert (check.subject, check.sentence) == (SHELF.name, WORKS)
        assert SHELF.rectifiers[0].name in check.found


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


@pytest.mark.asyncio
async def test_boards_get_the_firmware_of_their_model_after_their_server_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with images() as store, dock(tmp_path, monkeypatch) as site:
        image = store.component("HGX_FW_FPGA_0", "3.2", "hgx-h100").image
        fpga = FirmwareComponent(
            name="HGX_FW_FPGA_0", version="3.2", image=image, activation="aux-cycle", order=0
        )
        baseline = FirmwareBaseline(model="hgx-h100", downgrade=False, components=(fpga,))
        site.lab.plan = replace(site.lab.plan, firmware=(baseline,))
        [outcome] = await site.bring_up("r2", last=5)
        settings = outcome.gates[-1]
        assert (settings.name, settings.verdict) == ("settings", Verdict.PASS), settings.open
        for board in ("su1-n3-hgx", "su1-n4-hgx"):
            firmware = site.lab.running.endpoints[board].device.parts.firmware
            assert firmware.version("HGX_FW_FPGA_0") == "3.2"
        assert site.lab.running.site.nodes["su1-n3"].power.is_on
