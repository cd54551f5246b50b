"""`make lab` shows its stages, stops at the first that fails, and says what to do."""

import pytest

from tools import lab_run
from tools.lab_run import Stage

FINE = Stage("first: works", ("true",), "nothing")
BROKEN = Stage("second: breaks", ("sh", "-c", "exit 7"), "mend it")
NEVER = Stage("third: is not reached", ("false",), "nothing")


def test_each_stage_has_a_heading_and_a_timing(monkeypatch, capsys):
    monkeypatch.setattr(lab_run, "STAGES", (FINE,))
    lab_run.main()
    output = capsys.readouterr().out
    assert "=== 1/1 first: works" in output
    assert "seconds  stage\n      0  first: works\n      0  total" in output
    assert "Where to look next" in output


def test_a_stage_that_fails_ends_it_with_its_code_and_remedy(monkeypatch, capsys):
    monkeypatch.setattr(lab_run, "STAGES", (FINE, BROKEN, NEVER))
    with pytest.raises(SystemExit) as caught:
        lab_run.main()
    output = capsys.readouterr().out
    assert caught.value.code == 7
    assert "make lab: stage 2 failed (exit code 7): mend it" in output
    assert "third" not in output


@pytest.mark.parametrize(("status", "verdict"), [('{"up": true}', True), ('{"up": false}', False)])
def test_a_lab_that_is_up_is_not_brought_up_again(monkeypatch, tmp_path, status, verdict):
    fake = tmp_path / "clusterwright"
    fake.write_text(f"#!/bin/sh\necho '{status}'\n")
    fake.chmod(0o755)
    monkeypatch.setattr(lab_run, "CLUSTERWRIGHT", str(fake))
    assert lab_run.is_done(Stage("lab up", (str(fake), "lab", "up"), "")) is verdict
