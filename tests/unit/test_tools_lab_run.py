"""`make lab` shows its stages, stops at the first that fails, and says what to do."""

import json
import stat
from pathlib import Path

import pytest

from tools import lab_run, lab_stages
from tools.lab_stages import Stage

FINE = Stage("first: works", lambda: [("true",)], "nothing")
BROKEN = Stage("second: breaks", lambda: [("true",), ("sh", "-c", "exit 7"), ("false",)], "mend it")
NEVER = Stage("third: is not reached", lambda: [("false",)], "nothing")
DONE = Stage("done: has no commands", list, "nothing", judge=("false",))


def test_each_stage_has_a_heading_and_a_timing(capsys):
    lab_run.run_all((FINE,))
    output = capsys.readouterr().out
    assert "=== 1/1 first: works" in output
    assert "seconds  stage\n      0  first: works\n      0  total" in output
    assert "Where to look next" in output


def test_a_stage_that_fails_ends_it_with_its_code_and_remedy(capsys):
    with pytest.raises(SystemExit) as caught:
        lab_run.run_all((FINE, BROKEN, NEVER))
    output = capsys.readouterr().out
    assert caught.value.code == 7
    assert "make lab: stage 2 failed (exit code 7): mend it" in output
    assert "third" not in output


def test_what_is_so_already_is_neither_run_nor_judged(capsys):
    lab_run.run_all((DONE,))
    assert "it is so already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "judge", "verdict"),
    [
        pytest.param(0, "true", 0, id="nothing but what a lab cannot show"),
        pytest.param(0, "false", 1, id="a surprise among what is listed"),
        pytest.param(3, "true", 0, id="not proven, and no surprise"),
        pytest.param(1, "true", 1, id="a failure is not judged away"),
    ],
)
def test_what_is_not_proven_is_judged(code, judge, verdict):
    stage = Stage("one", lambda: [("sh", "-c", f"exit {code}")], "", judge=(judge,))
    assert lab_run.run_stage(stage) == verdict


def test_a_manifest_is_for_its_owner_only(tmp_path):
    file = tmp_path / "build/delivery.csv"
    stage = Stage("one", lambda: [("echo", "secret")], "", output=file)
    assert lab_run.run_stage(stage) == 0
    assert file.read_text() == "secret\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def device(name: str, kind: str, *, delivered: bool = True, state: str | None = None):
    return {
        "name": name,
        "kind": kind,
        "delivered": {"serial": "1"} if delivered else None,
        "state": state,
    }


SERVED = [device("su1-n1", "node", state="in-service"), device("cdu1", "cdu")]
NEW = [device("su1-n1", "node", state="new"), device("leaf1", "switch", delivered=False)]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Let `clusterwright` say something, whatever it is asked."""

    def tell(document: object = None) -> None:
        fake = tmp_path / "clusterwright"
        words = json.dumps(document) if document else "it cannot"
        fake.write_text(f"#!/bin/sh\ncat <<'EOF'\n{words}\nEOF\n")
        fake.chmod(0o755)
        monkeypatch.setattr(lab_stages, "CLUSTERWRIGHT", str(fake))
        lab_stages.is_taken_in.cache_clear()

    return tell


@pytest.mark.parametrize("verdict", [True, False])
def test_a_lab_that_is_up_is_not_brought_up_again(told, verdict):
    told({"up": verdict})
    assert lab_stages.is_up("lab") is verdict


@pytest.mark.parametrize(
    ("devices", "taken_in", "in_service"),
    [
        pytest.param(SERVED, True, True, id="all in service"),
        pytest.param(NEW, True, False, id="taken in, a switch is to come"),
        pytest.param([device("su1-n1", "node", delivered=False)], False, True, id="to come"),
    ],
)
def test_what_the_record_has_is_not_done_again(told, devices, taken_in, in_service):
    told({"devices": devices})
    assert (lab_stages.is_taken_in("lab"), lab_stages.is_in_service("lab")) == (
        taken_in,
        in_service,
    )


def test_where_nothing_can_be_read_everything_is_to_be_done(told):
    told()
    found = lab_stages.is_up("lab"), lab_stages.is_taken_in("lab"), lab_stages.is_in_service("lab")
    assert found == (False, False, False)
    assert len(lab_stages.sign_offs("lab")) == len(lab_stages.MEASURED)


def test_only_what_nobody_vouches_for_is_signed_off(told):
    signed = {gate: {} for gate in lab_stages.MEASURED if gate != "ph"}
    told({"sign_offs": {lab_stages.COOLED_RACK: signed}})
    [command] = lab_stages.sign_offs("lab")
    assert command[1:5] == ("sign-off", "lab", "r2", "ph")
