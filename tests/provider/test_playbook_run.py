"""A play as a resource: what it did, what it would do, what went wrong."""

import asyncio
from dataclasses import replace

import pytest

from clusterwright.access import ansible
from clusterwright.access.ansible import PlayResult, TaskChange, TaskFailure
from clusterwright.errors import HostError, UsageError
from clusterwright.provider.playbook_run import PLAYBOOK_RUN
from clusterwright.provider.progress import Progress
from tests.plans import lab_plan
from tests.provider.live import FakeSite, Lines

pytestmark = pytest.mark.asyncio

INPUTS = PLAYBOOK_RUN.model(playbook="site.yml", rack="r1", hosts=["su1-n1"], digest="d1")
CLEAN = PlayResult(ok=True, changed=0, changes=(), unreachable=(), failures=())
CHANGE = TaskChange(
    host="su1-n1", task="Hold the driver", role="gpu_driver", before="570", after="580", item="gpu"
)


@pytest.fixture
def plays(monkeypatch):
    """What run_play was asked, and what it answers."""
    calls = []

    async def run_play(folder, playbook, hosts, *, check, on_progress, cancel):
        calls.append((playbook, list(hosts), check))
        on_progress("su1-n1: Hold the driver: ok")
        return plays.result

    plays = type("Plays", (), {"calls": calls, "result": CLEAN})
    monkeypatch.setattr(ansible, "run_play", run_play)
    return plays


def progress():
    return Progress(console=Lines(), urn="urn", cancelled=asyncio.Event())


async def read(inputs=INPUTS, identifier="site.yml@r1"):
    return await PLAYBOOK_RUN.read(FakeSite(lab_plan()), identifier, inputs, progress())


async def test_apply_plays_and_read_only_checks(plays):
    await PLAYBOOK_RUN.apply(FakeSite(), INPUTS, progress())
    await read()
    assert plays.calls == [("site.yml", ["su1-n1"], False), ("site.yml", ["su1-n1"], True)]


async def test_hosts_that_are_as_declared_are_no_drift(plays):
    assert (await read()).inputs == INPUTS


async def test_drift_is_a_digest_that_says_where(plays):
    plays.result = replace(CLEAN, changed=4, changes=(CHANGE,) * 4)
    digest = "drift: 4 changes: " + ", ".join(["su1-n1: Hold the driver"] * 3) + ", ..."
    assert (await read()).inputs == INPUTS.model_copy(update={"digest": digest})


async def test_what_may_not_be_changed_now_waits(plays):
    plays.result = replace(CLEAN, pending=(CHANGE,))
    (waiting,) = await PLAYBOOK_RUN.apply(FakeSite(), INPUTS, progress())
    assert (waiting.path, waiting.expected, waiting.actual) == ("su1-n1: gpu", "580", "570")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(
            {"failures": (TaskFailure(host="su1-n1", task="Install", message="no space left"),)},
            "su1-n1: task Install failed: no space left",
            id="task",
        ),
        pytest.param({"unreachable": ("su1-n1",)}, "su1-n1: no login over SSH", id="ssh"),
        pytest.param(
            {"unfinished": ("su1-n1",)}, "su1-n1: the play did not reach its end", id="cut short"
        ),
    ],
)
async def test_what_failed_is_named_with_its_host(plays, changes, words):
    plays.result = replace(CLEAN, ok=False, **changes)
    with pytest.raises(HostError) as raised:
        await PLAYBOOK_RUN.apply(FakeSite(), INPUTS, progress())
    assert str(raised.value) == (
        f"site.yml on rack r1: {words}; "
        "correct that and run clusterwright up again, which plays from the start"
    )


async def test_import_takes_the_hosts_of_the_rack_from_the_plan(plays):
    live = await read(None)
    assert live.inputs.hosts == ["head", "su1-n1", "su1-n2"]
    assert PLAYBOOK_RUN.identify(live.inputs) == "site.yml@r1"


async def test_import_of_an_unknown_rack_says_which_there_are(plays):
    with pytest.raises(UsageError) as raised:
        await read(None, "site.yml@r9")
    assert str(raised.value) == (
        "id site.yml@r9: is not PLAYBOOK@RACK with a rack that has hosts; "
        "give one such as site.yml@r1 (racks: r1, r2)"
    )
