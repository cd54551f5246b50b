"""What a rack is told of switches that answer, that do not, and that let nobody in."""

import asyncio
from dataclasses import replace

import pytest

from clusterwright.access import switch as access
from clusterwright.access.switch import Neighbour, SwitchState
from clusterwright.design import design
from clusterwright.errors import DeviceRefused, DeviceUnreachable
from clusterwright.load import load_site
from clusterwright.operate.rack.gates import switches
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.shared import Shared
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Verdict, worst
from clusterwright.site_folder import find_site
from tests.sites import plan_without_switches

PLAN = design(load_site(find_site("lab")))
UP = SwitchState(
    up=frozenset({"49", "50"}),
    neighbours={
        "49": Neighbour(device="inband-leaf1", port="33"),
        "50": Neighbour(device="inband-leaf2", port="33"),
    },
    ports_of={},
)
EARLY = replace(UP, neighbours={})


class Site:
    """What a look at switches asks a site for."""

    folder = None
    patience = Patience(neighbour_s=0.2, poll_s=0.01)
    passed_gates = {}  # noqa: RUF012 - nobody writes it

    def __init__(self, plan):
        self.plan, self.switch_looks = plan, Shared()


@pytest.fixture
def seen(monkeypatch):
    def seen(look, *said, plan=PLAN):
        answers = list(said)

        async def read(*_):
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(access, "read", read)
        return asyncio.run(look(LiveRack(name="r1", site=Site(plan))))

    return seen


def test_a_switch_whose_uplinks_lead_to_their_places_lets_a_rack_go_on(seen):
    checks = seen(switches.look_out_of_band, UP)
    assert [c.sentence for c in checks if c.verdict is not Verdict.PASS] == [switches.CONFIGURED]


def test_a_switch_that_has_just_started_is_asked_again(seen):
    assert worst(seen(switches.look_out_of_band, EARLY, UP)) is Verdict.NOT_PROVEN
    assert worst(seen(switches.look_out_of_band, EARLY)) is Verdict.FAIL


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        pytest.param(DeviceUnreachable("r1-oob: silent; see its power"), Verdict.FAIL, id="silent"),
        pytest.param(DeviceRefused("r1-oob: no entry; let us in"), Verdict.NOT_PROVEN, id="closed"),
    ],
)
def test_without_its_management_switch_a_rack_does_not_go_on(seen, error, verdict):
    checks = seen(switches.look_out_of_band, error)
    assert worst(checks) is verdict
    assert checks[0].remedy in {"see its power", "let us in"}


def test_another_switch_that_is_silent_holds_nobody_up(seen):
    checks = seen(switches.look, DeviceUnreachable("silent; see its power"))
    assert worst(checks) is Verdict.NOT_PROVEN
    assert {c.subject for c in checks} == {
        s.name for s in PLAN.switches if s.mount.rack == "r1" and s.fabric != "oob"
    }


def test_a_plan_without_out_of_band_switches_proves_nothing_of_them(seen):
    [check] = seen(switches.look_out_of_band, UP, plan=plan_without_switches())
    assert check.verdict is Verdict.NOT_PROVEN
