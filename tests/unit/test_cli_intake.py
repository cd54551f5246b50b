"""`clusterwright intake` and `sign-off` on the command line: what they print, and exit codes."""

import json

import pytest
from typer.testing import CliRunner

from clusterwright.cli import app
from tests.deliveries import HEADER, NODES, make_dock


@pytest.fixture
def dock(tmp_path, monkeypatch):
    return make_dock(tmp_path, monkeypatch)


def run(dock, verb, *words):
    return CliRunner().invoke(app, [verb, str(dock.folder.definition), *map(str, words)])


def test_a_manifest_is_taken_in_and_shown(dock):
    file = dock.manifest(HEADER + NODES).file
    taken = run(dock, "intake", file)
    assert (taken.exit_code, taken.stderr) == (0, "")
    assert taken.stdout.splitlines() == [
        "MK1  su1-n1 (rack r1, unit 1)  by rack position",
        "MK2  su1-n2 (rack r1, unit 9)  by rack position",
        "HG1  su1-n3 (rack r2, unit 5)  by rack position",
        "HG2  su1-n4 (rack r2, unit 9)  by rack position",
        f"4 of {file} are in the record of real",
    ]
    shown = run(dock, "intake", "--show")
    assert shown.exit_code == 0
    assert "4 of 24 devices delivered, 20 to come" in shown.stdout


def test_the_overview_is_one_document_for_programs(dock):
    dock.take(HEADER + NODES)
    shown = run(dock, "intake", "--show", "--json")
    document = json.loads(shown.stdout)
    assert (document["site"], document["planned"], document["delivered"]) == ("real", 24, 4)
    node = next(one for one in document["devices"] if one["name"] == "su1-n2")
    assert (node["rack"], node["unit"], node["state"]) == ("r1", 9, "new")
    assert node["delivered"]["serial"] == "MK2"
    assert "two" not in shown.stdout


def test_what_is_wrong_is_exit_code_2_and_partial_takes_the_rest(dock):
    file = dock.manifest(HEADER + NODES.replace("r1,1,", "r7,1,")).file
    refused = run(dock, "intake", file)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.splitlines()[0] == (
        f"{file}:2: rack r7 is none of the plan: correct it; there are r1, r2"
    )
    partial = run(dock, "intake", file, "--partial")
    assert partial.exit_code == 2
    assert f"3 of {file} are in the record of real" in partial.stdout
    to_come = run(dock, "intake", dock.manifest("Serial,Rack,U\nHG1,r2,5\n").file, "--partial")
    assert to_come.exit_code == 0


def test_options_say_what_columns_and_models_mean(dock):
    file = dock.manifest("Ref,Kind\nMK1,A=B\nMK2,A=B\n").file
    words = ("--column", "serial=Ref", "--column", "model=Kind", "--model", "A=B=dgx-h100")
    assert run(dock, "intake", file, *words).exit_code == 0
    assert dock.serials == {"su1-n1": "MK1", "su1-n2": "MK2"}


def test_a_device_is_exchanged(dock):
    dock.take(HEADER + NODES)
    file = dock.manifest("Serial,BMC MAC\nMK9,00005e005399\n").file
    finished = run(dock, "intake", file, "--replace", "su1-n2")
    assert finished.exit_code == 0
    assert finished.stdout.splitlines()[0] == (
        "done   record: MK9 stands at su1-n2 in place of MK2"
    )
    assert "to do  scheduler: keep su1-n2 drained until it is in service again" in finished.stdout
    leases = (dock.folder.generated / "dhcp/kea-dhcp4.conf").read_text()
    assert ("00:00:5e:00:53:99" in leases, "00:00:5e:00:53:02" in leases) == (True, False)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param((), "intake: give either a manifest or --show", id="nothing"),
        pytest.param(
            ("nowhere.csv",),
            "manifest nowhere.csv: cannot be read (No such file or directory)",
            id="no file",
        ),
        pytest.param(
            ("x.csv", "--column", "serial"),
            "--column serial: is not of the form FIELD=NAME",
            id="half an option",
        ),
        pytest.param(
            ("x.csv", "--correct", "--partial"),
            "intake: --correct takes in all of a manifest: leave out --partial",
            id="correct in part",
        ),
        pytest.param(
            ("--show", "x.csv"), "intake: give either a manifest or --show", id="both at once"
        ),
    ],
)
def test_wrong_usage_is_a_sentence_and_exit_code_2(words, sentence, dock):
    finished = run(dock, "intake", *words)
    assert (finished.exit_code, finished.stderr.strip()) == (2, sentence)


def test_a_sign_off_says_what_it_proves(dock):
    signed = run(dock, "sign-off", "r2", "ph", "--by", "Ada", "--value", "9")
    assert signed.exit_code == 0
    assert signed.stdout.startswith(
        "rack r2: ph: pass: the coolant's pH is within its limits: 9 pH, signed off by Ada (20"
    )
    refused = run(dock, "sign-off", "r2", "ph", "--by", "Ada", "--value", "3")
    assert (refused.exit_code, refused.stdout) == (1, "")
