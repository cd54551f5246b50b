"""What a BMC tells of a restart: what says yes, and what may be taken for a no."""

import pytest

from clusterwright.access.restart_signs import comes_up, restarted, tells_of_restarts
from clusterwright.access.system import System


def system(power="On", **body):
    return System("su1-n1", {"PowerState": power, **body})


def progress(stage, since=None):
    return {"LastState": stage, **({"LastStateTime": since} if since else {})}


RUNS = system(BootProgress=progress("OSRunning", "1"))


@pytest.mark.parametrize(
    ("before", "tells"),
    [
        pytest.param(system(), False, id="nothing"),
        pytest.param(system(LastResetTime="1"), True, id="last reset"),
        pytest.param(
            system(LastResetTime="1", BootProgress=progress("None")), False, id="sees no stage"
        ),
        pytest.param(
            system("Off", LastResetTime="1", BootProgress=progress("None")), True, id="is off"
        ),
        pytest.param(system(BootProgress=progress("OSRunning")), False, id="a stage"),
        pytest.param(RUNS, True, id="a stage and its time"),
        pytest.param(system(BootProgress=progress("None", "1")), False, id="the time of no stage"),
        pytest.param(system(Oem={"Hpe": {"PostState": "FinishedPost"}}), True, id="iLO"),
    ],
)
def test_silence_says_no_only_where_a_restart_would_be_told(before, tells):
    assert tells_of_restarts(before) == tells
    assert restarted(before)(before) == (not tells)


@pytest.mark.parametrize(
    ("before", "after", "up"),
    [
        pytest.param(RUNS, RUNS, False, id="as before"),
        pytest.param(RUNS, system(BootProgress=progress("None", "2")), False, id="goes down"),
        pytest.param(RUNS, system(BootProgress=progress("OSRunning", "2")), True, id="is back"),
        pytest.param(RUNS, system(BootProgress=progress("MemoryInitializationStarted")), True),
        pytest.param(
            system(BootProgress=progress("OSBootStarted", "1")), RUNS, False, id="went on by itself"
        ),
        pytest.param(system(LastResetTime="1"), system(LastResetTime="2"), True, id="last reset"),
        pytest.param(
            system(Oem={"Hpe": {"PostState": "FinishedPost"}}),
            system(Oem={"Hpe": {"PostState": "InPost"}}),
            True,
            id="iLO",
        ),
    ],
)
def test_a_server_comes_up_when_something_has_moved_that_only_a_restart_moves(before, after, up):
    assert comes_up(before)(after) == up
