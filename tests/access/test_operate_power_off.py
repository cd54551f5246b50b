"""In an emergency all goes down in the plan's order, at the outlets where a BMC does not help."""

from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from clusterwright.design.plan import Mount, PowerSupply, SitePlan, StartUpGroup, Switch
from clusterwright.errors import UsageError
from clusterwright.operate.power_off import order_of, power_off
from clusterwright.operate.power_off.run import Patience
from tests.access.facility_rig import Rig, rig
from tests.faults.operator import broken, client
from tests.plans import lab_plan

NODES = ("su1-n1", "su1-n2", "su1-n3", "su1-n4")
IMPATIENT = Patience(grace_s=0.5, deadline_s=6.0)


def group(name: str, power_off_order: int) -> StartUpGroup:
    return StartUpGroup(
        name=name,
        start_order=9 - power_off_order,
        power_off_order=power_off_order,
        first_delay_s=0,
        last_delay_s=0,
        devices=1,
    )


def switch(name: str, fabric: str, outlet: int) -> Switch:
    return Switch(
        name=name,
        model="qm9700",
        fabric=fabric,
        tier="leaf",
        unit="su1",
        rail=1,
        ports=64,
        mount=Mount(rack="r1", lowest_unit=40, height_units=1),
        address=IPv4Address("10.100.2.1"),
        power_supplies=(PowerSupply(name="PSU0", pdu="r1-pdu-a", outlet=outlet, feed="A"),),
    )


def with_switches(plan: SitePlan) -> SitePlan:
    switches = (switch("leaf1", "compute", 20), switch("mgmt1", "oob", 21))
    order = (group("fabrics", 2), group("compute", 1))
    return replace(plan, switches=switches, start_up=order)


def subject_of(lab: Rig, controller: object) -> str:
    found = lab.running.endpoints.items()
    return next(name for name, one in found if one.controller == controller)


def test_nodes_go_first_and_what_the_command_needs_stays_on() -> None:
    order = order_of(with_switches(lab_plan()))
    assert [(step.group, [one.name for one in step.targets]) for step in order.steps] == [
        ("compute", list(NODES)),
        ("fabrics", ["leaf1"]),
    ]
    assert order.left_on == ("head", "mgmt1", "cdu1")


def test_a_rack_is_what_stands_in_it() -> None:
    order = order_of(with_switches(lab_plan()), "r2")
    assert [one.name for one in order.targets] == ["su1-n3", "su1-n4"]
    assert order.left_on == ("cdu1",)


def test_a_rack_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match="rack r9: site lab has none of that name; choose one of"):
        order_of(lab_plan(), "r9")


@pytest.mark.asyncio
async def test_all_goes_down_and_a_second_time_nothing_is_left_to_do(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        for node in NODES:
            await lab.power_on(node)
        plan, said = with_switches(lab.plan), []

        async def down():
            return await power_off(
                plan,
                order_of(plan),
                lambda one: client(lab, subject_of(lab, one)),
                lambda name, what: said.append((name, what)),
            )

        done = await down()
        assert (done.off, done.cut, done.failed) == (NODES, ("leaf1",), {})
        assert lab.hosts.up == set()
        assert said[-1] == ("leaf1", "outlets cut")
        assert set(said[:-1]) == {(node, "off") for node in NODES}
        assert not lab.running.site.pdus["r1-pdu-a"].is_closed(20)
        assert lab.running.site.pdus["r1-pdu-a"].is_closed(21)
        stops = list(lab.hosts.stops)
        assert (await down()).failed == {}
        assert lab.hosts.stops == stops


@pytest.mark.asyncio
@pytest.mark.parametrize("fault", ["reset-ignored", "bmc-unreachable"])
async def test_who_does_not_obey_its_bmc_loses_its_outlets(tmp_path: Path, fault: str) -> None:
    async with rig(tmp_path) as lab:
        for node in NODES[:2]:
            await lab.power_on(node)
        async with broken(lab, fault, NODES[0]):
            done = await power_off(
                lab.plan,
                order_of(lab.plan, "r1"),
                lambda one: client(lab, subject_of(lab, one)),
                lambda _name, _what: None,
                IMPATIENT,
            )
            assert (done.off, done.cut, done.failed) == ((NODES[1],), (NODES[0],), {})
            assert lab.hosts.up == set()


@pytest.mark.asyncio
async def test_who_may_still_be_on_is_named_with_both_reasons(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(NODES[0])
        async with (
            broken(lab, "bmc-unreachable", NODES[0]),
            broken(lab, "outlet-stuck", "r1-pdu-a"),
        ):
            done = await power_off(
                lab.plan,
                order_of(lab.plan, "r1"),
                lambda one: client(lab, subject_of(lab, one)),
                lambda _name, _what: None,
                IMPATIENT,
            )
        [why] = done.failed.values()
        assert "cannot be reached" in why
        assert "outlets.1 is On, but must be Off" in why
