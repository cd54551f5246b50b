"""PDUs, CDUs and switches leave for good, unless somebody could not do without them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clusterwright.access.certificate import read as read_certificate
from clusterwright.access.revocation import is_revoked
from clusterwright.access.vault import factory_secret
from clusterwright.design import design
from clusterwright.design.plan import ServiceState, SitePlan
from clusterwright.errors import UsageError
from clusterwright.lab.facility.pdu import Pdu
from clusterwright.load import load_site
from clusterwright.operate.decommission.dependants import needs_it
from clusterwright.operate.decommission.device import departing
from clusterwright.operate.decommission.run import decommission_all, has_gone, survey, vouch
from clusterwright.operate.decommission.steps import STEPS_OF
from clusterwright.operate.decommission.task import Task
from clusterwright.operate.decommission.who import who_may_leave
from clusterwright.site_folder import find_site
from clusterwright.vault_file import read_vault, write_vault
from tests.access.facility_rig import PASSWORD, USERNAME
from tests.access.leaver import FACTORY, NODE, OTHER, Killed, Leaver, leaver
from tests.plans import lab_plan

PDU, CDU = "r1-pdu-a", "cdu1"
SWITCH = "su1-leaf1"
STATES = {"in service": ServiceState.IN_SERVICE, "drained": ServiceState.DRAINED}


def steps(kind: str) -> tuple[str, ...]:
    return tuple(step.name for step in STEPS_OF[kind])


def knows_factory(one: Leaver, name: str) -> None:
    factory = {"username": USERNAME, "password": FACTORY}
    write_vault(one.folder.vault, {**read_vault(one.folder.vault), factory_secret(name): factory})


async def serial_of(one: Leaver) -> int:
    [controller] = one.task.controllers
    address = one.task.doors.address(controller)
    return (await read_certificate(one.name, address, one.folder.ca_file)).serial


def killed_at(name: str, *its: str) -> list[Any]:
    """A device that leaves undisturbed, or whose run is killed as one of its steps begins."""
    undisturbed = pytest.param(name, None, id=f"{name} not killed")
    return [undisturbed, *(pytest.param(name, one, id=f"{name} {one or 'end'}") for one in its)]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "killed"),
    [*killed_at(PDU, *steps("pdu"), ""), *killed_at(CDU, *steps("cdu")[1:], "")],
)
async def test_equipment_leaves_wherever_a_run_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, killed: str | None
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        one.name = name
        knows_factory(one, name)
        serial = await serial_of(one)
        if name == CDU:
            await vouch(one.task, "coolant", "Ada")
        if killed is not None:
            with pytest.raises(Killed):
                await one.leave(killed)
            assert not has_gone(one.record, name)
        assert await one.leave() == ()
        device = one.lab.running.endpoints[name].device
        assert device.service.accounts.known(USERNAME, FACTORY)
        assert not device.service.accounts.known(USERNAME, PASSWORD)
        assert is_revoked(one.folder.revoked_file, serial)
        assert (one.record.holes, name in one.record.nodes) == ((name,), False)
        assert has_gone(one.record, name)
        assert not any(secret.endswith(f"/{name}") for secret in one.secrets)
        # A PDU's nodes have enough with four of their six supplies.
        assert one.lab.hosts.up == {NODE, OTHER}
        if isinstance(device, Pdu):
            assert not any(device.is_on(outlet) for outlet in device.outlets)


@pytest.mark.asyncio
async def test_a_cdu_stays_until_a_person_has_drained_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        one.name = CDU
        first, *_ = await one.leave()
        assert (first.step, first.why) == (
            "coolant",
            "a person does it: stop cdu1, close its valves on both sides and drain it; then: "
            "clusterwright decommission lab cdu1 --by-hand coolant --by NAME",
        )
        await vouch(one.task, "coolant", "Ada")
        assert one.record.leaving[CDU].by_hand["coolant"].by == "Ada"


@pytest.mark.asyncio
async def test_a_pdu_stays_while_a_powered_node_would_not_survive_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        one.name = PDU
        supply = next(
            cord
            for node in one.lab.plan.nodes
            for cord in node.power_supplies
            if node.name == OTHER and cord.pdu == "r1-pdu-b"
        )
        await one.lab.switch("r1-pdu-b", supply.outlet, "Off")
        first, *later = await one.leave()
        assert (first.step, first.why) == (
            "dependants",
            f"{OTHER} would lose power, as other cords are dark: put them right with "
            f"clusterwright up lab, or switch off what hangs on {PDU}",
        )
        assert [left.step for left in later] == list(steps("pdu")[1:])
        assert one.lab.running.site.pdus[PDU].is_on(1)
        assert (await one.lab.reset(OTHER, "ForceOff")).status == 202
        await one.lab.finished(OTHER)
        assert await one.leave() == ()
        assert one.lab.hosts.up == {NODE}


@pytest.mark.asyncio
async def test_a_switch_leaves_once_a_person_has_erased_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        one.lab.plan = with_switch(one.lab.plan)
        one.name = SWITCH
        known = read_vault(one.folder.vault)
        write_vault(one.folder.vault, {**known, f"switch/{SWITCH}": {"password": "x"}})
        assert (await one.leave())[0].why.startswith("a person does it: erase the configuration of")
        with pytest.raises(UsageError, match="choose one of configuration, outlets"):
            await vouch(one.task, "drives", "Ada")
        await vouch(one.task, "configuration", "Ada")
        assert await one.leave() == ()
        outlets = [outlet.number for outlet in fed(one.lab.plan)]
        assert outlets
        assert not any(one.lab.running.site.pdus[PDU].is_on(number) for number in outlets)
        assert (one.record.holes, f"switch/{SWITCH}" in one.secrets) == ((SWITCH,), False)


def with_switch(plan: SitePlan) -> SitePlan:
    """The lab of the tests has none, and the one of the inventory has: on a free outlet."""
    [switch, *_] = (one for one in inventory().switches if one.name == SWITCH)
    supply = replace(switch.power_supplies[0], pdu=PDU, outlet=plan_free(plan))
    pdus = tuple(
        replace(
            pdu,
            outlets=(*pdu.outlets, replace(pdu.outlets[0], number=supply.outlet, consumer=SWITCH)),
        )
        if pdu.name == PDU
        else pdu
        for pdu in plan.pdus
    )
    return replace(plan, switches=(replace(switch, power_supplies=(supply,)),), pdus=pdus)


def inventory() -> SitePlan:
    return design(load_site(find_site("lab")))


def plan_free(plan: SitePlan) -> int:
    used = {out.number for pdu in plan.pdus if pdu.name == PDU for out in pdu.outlets}
    return max(used) + 1


def fed(plan: SitePlan):
    return [out for pdu in plan.pdus for out in pdu.outlets if out.consumer == SWITCH]


@pytest.mark.asyncio
async def test_what_will_be_lost_with_a_pdu_is_said_and_nothing_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        one.name = PDU
        before = one.record
        found = {left.step: left for left in await survey(one.task)}
        assert tuple(found) == steps("pdu")[1:]
        assert found["outlets"].sentences[0].startswith("switch off outlets 1, 2, 3,")
        assert found["record"].sentences[0].startswith(f"release {PDU} and 127.0.")
        assert one.record == before


def few_supplies(plan: SitePlan) -> SitePlan:
    nodes = tuple(replace(node, power_supplies_needed=5) for node in plan.nodes)
    return replace(plan, nodes=nodes)


def head_on_one_cord(plan: SitePlan) -> SitePlan:
    [head] = plan.management_hosts
    [cord] = (one for one in head.power_supplies if one.pdu == PDU)
    return replace(plan, management_hosts=(replace(head, power_supplies=(cord,)),))


def in_service(plan: SitePlan) -> SitePlan:
    busy = ServiceState.IN_SERVICE
    return replace(plan, nodes=tuple(replace(one, service_state=busy) for one in plan.nodes))


@pytest.mark.parametrize(
    ("plan", "name", "sentence"),
    [
        (
            lambda: few_supplies(lab_plan()),
            PDU,
            "r1-pdu-a: without it, these have fewer power supplies than they need: su1-n1 has 4 of "
            "5, su1-n2 has 4 of 5: let them leave first, all in this order with clusterwright "
            "decommission lab su1-n1 su1-n2 r1-pdu-a, or exchange the PDU with clusterwright "
            "intake lab FILE --replace r1-pdu-a",
        ),
        (
            lab_plan,
            CDU,
            "cdu1: cools su1-n3 su1-n4, and without it they must not run: let them leave first, "
            "all in this order with clusterwright decommission lab su1-n3 su1-n4 cdu1, or exchange "
            "the CDU with clusterwright intake lab FILE --replace cdu1",
        ),
        (
            lambda: in_service(inventory()),
            SWITCH,
            "su1-leaf1: su1-n1 su1-n2 su1-n3 su1-n4: is in service, and has a port on it: drain it "
            "first: clusterwright drain lab su1-n1 su1-n2 su1-n3 su1-n4",
        ),
        (
            lambda: head_on_one_cord(inventory()),
            PDU,
            "r1-pdu-a: without it, these have fewer power supplies than they need: head has 0 of "
            "1: let the definition feed them from elsewhere, or take them out of it, first, or "
            "exchange the PDU with clusterwright intake lab FILE --replace r1-pdu-a",
        ),
    ],
    ids=["a PDU", "a CDU", "a switch", "a PDU of a host with one cord"],
)
def test_what_somebody_needs_does_not_leave(
    plan: Callable[[], SitePlan], name: str, sentence: str
) -> None:
    with pytest.raises(UsageError) as refused:
        who_may_leave(plan(), [name])
    assert str(refused.value) == sentence


def test_a_switch_of_drained_nodes_and_a_pdu_of_nobody_may_leave() -> None:
    plan = inventory()
    assert needs_it(plan, departing(plan, SWITCH)) == ""
    without = lab_plan()
    without = replace(without, nodes=tuple(n for n in without.nodes if n.mount.rack == "r1"))
    assert who_may_leave(without, ["r2-pdu-a", CDU])[0].name == "r2-pdu-a"


def test_a_pdu_leaves_where_the_other_feeds_carry_switches_and_hosts() -> None:
    plan = inventory()
    fed_by_it = {out.consumer for pdu in plan.pdus if pdu.name == PDU for out in pdu.outlets}
    assert {"su1-n1", "su1-leaf1", "r1-oob", "head"} <= fed_by_it
    assert [one.name for one in who_may_leave(plan, [PDU])] == [PDU]
    with pytest.raises(UsageError, match=r"head has 0 of 1, r1-oob|r1-oob has 0 of 1"):
        who_may_leave(plan, [PDU, "r1-pdu-b"])


def needy(plan: SitePlan) -> SitePlan:
    """One node that could not do without a PDU."""
    return replace(
        plan,
        nodes=tuple(
            replace(node, power_supplies_needed=5) if node.name == NODE else node
            for node in plan.nodes
        ),
    )


@pytest.mark.asyncio
async def test_who_hangs_on_a_pdu_leaves_first_and_then_the_pdu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        one.lab.plan = needy(one.lab.plan)
        plan = one.task.plan
        assert [left.name for left in who_may_leave(plan, [PDU, NODE])] == [NODE, PDU]
        with pytest.raises(UsageError, match="su1-n1 has 4 of 5: let them leave first"):
            who_may_leave(plan, [PDU])
        assert await decommission_all([task_of(one, NODE), task_of(one, PDU)]) == {
            NODE: (),
            PDU: (),
        }
        assert one.record.holes == (NODE, PDU)
        assert one.lab.hosts.up == {OTHER}


@pytest.mark.asyncio
async def test_a_pdu_waits_for_a_node_that_could_not_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaver(tmp_path, monkeypatch) as one:
        one.lab.plan = needy(one.lab.plan)
        tree = one.lab.running.site.nodes[NODE].tree
        tree.hidden.add("/redfish/v1/Systems/1/Storage/1/Drives/NVMe3/Actions")
        remaining = await decommission_all([task_of(one, NODE), task_of(one, PDU)])
        assert remaining[NODE][0].step == "drives"
        [waits] = remaining[PDU]
        assert (waits.step, waits.why.split(": ")[2]) == ("dependants", "su1-n1 has 4 of 5")
        pdu = one.lab.running.site.pdus[PDU]
        assert all(pdu.is_on(outlet.number) for outlet in pdu.pdu.outlets)
        assert one.record.holes == ()


def task_of(one: Leaver, name: str) -> Task:
    one.name = name
    return one.task
