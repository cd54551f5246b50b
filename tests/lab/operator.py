"""What an operator is told by `up`, `drift` and `verify`: who is named, and in which sentence."""

import json
import re
from dataclasses import dataclass, field

from tests.lab.bad_luck import assert_clear, up_words
from tests.lab.conftest import Finished, Instance

UP, DRIFT, VERIFY = "up", "drift", "verify"
HELD_UP = re.compile(
    r"^not touched: (.+): (?:it|they) depends? on (.+), which failed$", re.MULTILINE
)
NAMED = re.compile(r"^(?:failed|pending): (\S+): (.*)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Told:
    """An exit code, and the sentences about each resource or device that is named.

    `held_up` are the resources that were not touched, with those that failed before them.
    """

    code: int
    sentences: dict[str, list[str]]
    words: str
    held_up: dict[str, list[str]] = field(default_factory=dict)


def ask(site: Instance, verb: str) -> Told:
    """Run one of the three commands on the facility."""
    if verb == UP:
        return told_by_up(site.command(*up_words(site)))
    return told_by_report(site.command(verb, str(site.definition), "--layer", "facility", "--json"))


def told_by_up(finished: Finished) -> Told:
    assert_clear(finished)
    sentences: dict[str, list[str]] = {}
    for name, sentence in NAMED.findall(finished.stdout):
        sentences.setdefault(name, []).append(sentence)
    held_up = {
        name: causes.split(" and ")
        for names, causes in HELD_UP.findall(finished.stdout)
        for name in names.split(", ")
    }
    return Told(
        code=finished.returncode, sentences=sentences, words=finished.stdout, held_up=held_up
    )


def told_by_report(finished: Finished) -> Told:
    assert finished.stdout.startswith("{"), finished.stdout + finished.stderr
    assert_clear(finished)
    report = json.loads(finished.stdout)
    sentences: dict[str, list[str]] = {}
    for one in report["findings"]:
        said = (
            f"{one['check']}: {one['expected']} is expected, but it is {one['actual']}; "
            f"{one['remedy']}"
        )
        sentences.setdefault(one["subject"], []).append(said)
    for one in report["unproven"]:
        sentences.setdefault(one["subject"], []).append(one["reason"])
    return Told(code=finished.returncode, sentences=sentences, words=finished.stdout)
