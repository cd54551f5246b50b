"""The engine's events become sentences, and the sum of a run."""

import json

import pytest

from clusterwright.operate.progress import LOST_PROVIDER_SAID, Progress
from clusterwright.operate.up import counted

NODE = "urn:pulumi:lab::clusterwright::clusterwright:facility:Node::su1-n1"


def step(event, operation, **more):
    metadata = {"op": operation, "urn": NODE, "type": "clusterwright:facility:Node", **more}
    return json.dumps({"sequence": 1, event: {"metadata": metadata}})


def words(severity, message, **more):
    event = {"severity": severity, "message": message, "urn": NODE, **more}
    return json.dumps({"diagnosticEvent": event})


def heard(*lines):
    sentences = []
    progress = Progress(say=sentences.append)
    for line in lines:
        progress.hear(line)
    return progress, sentences


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        pytest.param(step("resourcePreEvent", "create"), "su1-n1: creating", id="create"),
        pytest.param(
            step("resourcePreEvent", "update", detailedDiff={"bios.Sriov": {}, "powerState": {}}),
            "su1-n1: updating (bios.Sriov, powerState)",
            id="update_names_settings",
        ),
        pytest.param(step("resOutputsEvent", "create"), "su1-n1: created in 0 s", id="created"),
        pytest.param(step("resOpFailedEvent", "update"), "su1-n1: failed", id="failed"),
        pytest.param(
            words("info", "BIOS job at 40 %\n"), "su1-n1: BIOS job at 40 %", id="provider_speaks"
        ),
        pytest.param("error: no such stack", "error: no such stack", id="engine_speaks_plainly"),
    ],
)
def test_an_event_is_one_sentence(line, sentence):
    assert heard(line)[1] == [sentence]


def test_what_was_not_touched_is_kept_for_the_end():
    sentence = "not touched: su1-n1: it depends on r1-pdu-a, which failed"
    progress, sentences = heard(
        json.dumps({"diagnosticEvent": {"severity": "warning", "message": sentence}})
    )
    assert ([str(one) for one in progress.held_up], sentences) == ([sentence], [])


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(step("resourcePreEvent", "same"), id="unchanged"),
        pytest.param(words("debug", "beginning rpc"), id="debug"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_no_news_is_not_printed(line):
    assert heard(line)[1] == []


def test_ticks_that_only_count_seconds_are_shown_once():
    ticks = [words("info", f"waiting for POST ({s} s)", ephemeral=True) for s in (5, 10, 15)]
    assert heard(*ticks)[1] == ["su1-n1: waiting for POST (5 s)"]


def test_a_failure_keeps_its_reason():
    progress, _ = heard(words("error", "no answer"), step("resOpFailedEvent", "update"))
    assert (progress.failed, progress.errors) == ({"su1-n1"}, {"su1-n1": "no answer"})


def test_the_engines_counting_of_errors_is_left_out():
    progress, sentences = heard(words("error", "1 error occurred:\n\t* no answer\n\n"))
    assert (sentences, progress.errors) == (["su1-n1: no answer"], {"su1-n1": "no answer"})


def test_what_could_not_be_read_is_said_without_the_engines_words():
    warning = "Refreshed resource is in an unhealthy state:\n* site.yml on rack r1: no login\n"
    _, sentences = heard(words("warning", warning))
    assert sentences == ["su1-n1: could not be read: site.yml on rack r1: no login"]


def test_a_provider_that_was_killed_is_said_in_words():
    early_end = "Detected that x exited prematurely. \n the STDERR streams of the plugin:\n"
    lines = (words("error", "error reading from server: EOF"), words("info#err", early_end))
    progress, sentences = heard(*lines)
    assert sentences == [f"su1-n1: {LOST_PROVIDER_SAID}"]
    assert progress.errors == {"su1-n1": LOST_PROVIDER_SAID}


def test_the_last_words_of_a_provider_that_crashed_are_shown():
    early_end = (
        "Detected that x exited prematurely. \n the STDERR streams of the plugin:\nMemoryError"
    )
    assert heard(words("info#err", early_end))[1] == ["su1-n1: MemoryError"]


def test_what_may_not_be_applied_now_is_kept():
    entry = {"path": "bios.Sriov", "expected": "On", "actual": "Off", "remedy": "drain it"}
    outputs = {"new": {"outputs": {"pending": [entry]}}}
    progress, _ = heard(step("resOutputsEvent", "same", **outputs))
    assert progress.pending == {"su1-n1": ("bios.Sriov is Off, planned On: drain it",)}


def test_pending_settings_that_were_applied_are_forgotten():
    before = {"new": {"outputs": {"pending": ["x"]}}}
    after = {"new": {"outputs": {"pending": []}}}
    lines = (step("resOutputsEvent", "same", **state) for state in (before, after))
    assert heard(*lines)[0].pending == {}


def test_a_full_disk_is_noticed():
    assert heard("error: failed to save: no space left on device")[0].disk_full


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"same": 11}, "none"),
        ({"create": 2, "same": 9, "update": 1}, "2 created, 1 updated"),
        ({}, "none"),
    ],
)
def test_changes_are_counted_in_words(changes, sentence):
    assert counted(changes) == sentence
