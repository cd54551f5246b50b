"""What may stay unproven in a lab, and what may not."""

import json

from clusterwright.lab.unprovable import ABSENT, GATES, REASONS, surprises
from clusterwright.site_folder import PROJECT
from clusterwright.verify.report import Report, Unproven


def unproven(layer: str, check: str) -> Unproven:
    return Unproven(layer=layer, subject="su1-n1", check=check, reason="no look")


def test_what_is_on_the_list_is_no_surprise():
    report = Report(site="lab", passes={}, unproven=tuple(unproven(*known) for known in REASONS))
    assert surprises(report.to_json()) == ()


def test_everything_else_is_named():
    report = Report(site="lab", passes={}, unproven=(unproven("hosts", "no GPU is missing"),))
    assert surprises(report.to_json()) == ("su1-n1: no GPU is missing: no look",)


def test_the_list_uses_the_words_of_the_checks():
    """A check that is renamed must be renamed on the list, too."""
    written = "".join(file.read_text() for file in (PROJECT / "tests/infra").glob("test_*.py"))
    tests = {check: f"def test_{check.lower().replace(' ', '_')}(" for _, check in REASONS}
    assert [check for check, test in tests.items() if test not in written] == []


def racks(step: str, sentence: str, verdict: str = "not proven") -> str:
    check = {"subject": "r1", "sentence": sentence, "verdict": verdict, "found": "no look"}
    return json.dumps({"racks": [{"steps": [{"name": step, "checks": [check]}]}]})


def test_what_no_gate_can_show_in_a_lab_is_no_surprise():
    assert [known for known in (*GATES, *ABSENT) if surprises(racks(*known))] == []


def test_a_switch_that_the_lab_has_is_to_answer():
    assert [known for known in ABSENT if not surprises(racks(*known), {"r1"})] == []


def test_every_other_gate_that_is_not_proven_is_named():
    _, sentence = next(iter(GATES))
    assert surprises(racks("loop", sentence)) == (f"r1: {sentence}: no look",)
    assert surprises(racks("loop", sentence, "pass")) == ()


def test_the_list_of_gates_uses_their_sentences():
    folder = PROJECT / "clusterwright/operate/rack/gates"
    written = "".join(file.read_text() for file in folder.glob("*.py"))
    own = [known[1] for known in (*GATES, *ABSENT) if known not in REASONS]
    assert [sentence for sentence in own if f'"{sentence}"' not in written] == []
