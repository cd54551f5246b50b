"""A cut of outlets is judged by drift as `up` judges it: by who would lose power."""

from dataclasses import replace

import pytest

from clusterwright.access import rack_power
from clusterwright.access.guard import Guard
from clusterwright.access.rack_power import OutletsState
from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.site_folder import find_site
from clusterwright.verify.declared import Declared
from clusterwright.verify.declared_power import declared_pdus

BUSY = Guard(in_service=True)


@pytest.fixture(scope="module")
def pdu() -> Declared:
    plan = design(load_site(find_site("lab")))
    return next(one for one in declared_pdus(plan, {"su1-n1"}) if one.subject == "r1-pdu-a")


def cut(pdu: Declared, *outlets: int) -> dict[str, str]:
    """What would have to wait, and why, if these outlets were to be off."""
    on = pdu.state.outlets
    desired = replace(pdu.state, outlets={**on, **dict.fromkeys(outlets, "Off")})
    actual: OutletsState = pdu.state
    found = rack_power.differences(desired, actual, BUSY, **pdu.known)
    return {one.path: one.remedy for one in found if one.pending}


def outlets_of(pdu: Declared, name: str) -> list[int]:
    consumer = next(one for one in pdu.known["consumers"].all if one.name == name)
    return sorted(outlet for where, outlet in consumer.cords if where == "r1-pdu-a")


def test_a_cut_that_everybody_survives_is_not_pending(pdu: Declared) -> None:
    assert cut(pdu, outlets_of(pdu, "su1-n1")[0]) == {}


def test_a_cut_that_somebody_does_not_survive_is_pending_with_who_it_is(pdu: Declared) -> None:
    plan_says = next(one for one in pdu.known["consumers"].all if one.name == "su1-n1")
    spare = len(plan_says.cords) - plan_says.needed
    assert spare == 2
    losing = replace(plan_says, needed=plan_says.needed + 1)
    others = tuple(one for one in pdu.known["consumers"].all if one is not plan_says)
    known = {"consumers": replace(pdu.known["consumers"], all=(losing, *others))}
    first, second = outlets_of(pdu, "su1-n1")[:2]
    held = cut(replace(pdu, known=known), first, second)
    assert list(held) == [f"outlets.{second}"]
    assert held[f"outlets.{second}"].startswith("su1-n1 would lose power: drain what depends on it")
