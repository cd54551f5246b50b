"""What an engine says while it works, for people: its JSON event lines become short sentences."""

import json
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clusterwright.operate.engine import NO_SPACE
from clusterwright.provider.untouched import HeldUp, understood

DOING = {
    "create": "creating",
    "update": "updating",
    "delete": "forgetting",
    "replace": "replacing",
    "create-replacement": "replacing",
    "import": "importing",
}
DONE = {
    "create": "created",
    "update": "updated",
    "delete": "no longer managed",
    "replace": "replaced",
    "create-replacement": "replaced",
    "import": "imported",
}
STACK = "pulumi:pulumi:Stack"
TICK_SHOWN_EVERY_S = 5
"""Of what a resource is doing; the same words again are shown less often."""
REPEATED_TICK_SHOWN_EVERY_S = 30
COUNTED_ERRORS = re.compile(r"^\d+ errors? occurred:\s*\* ")
"""What the engine puts before a message that it got from a provider."""
NOT_READ = re.compile(r"^Refreshed resource is in an unhealthy state:\s*\* ")
NOT_OPENED = "incorrect passphrase"
SECONDS = re.compile(r"\(\d+ s\)$")

LOST_PROVIDER = re.compile(r"error reading from server: |transport is closing|connection error: ")
LOST_PROVIDER_SAID = (
    "the provider's process ended in the middle of this, killed or out of memory: "
    "run this again, it goes on from there"
)
# The engine takes every early end for a bug; what the process said before it follows these words.
EARLY_END = re.compile(r"Detected that \S+ exited prematurely\..*of the plugin:", re.DOTALL)


@dataclass(slots=True, kw_only=True)
class Progress:
    """What one run has said so far. `say` gets each sentence at once."""

    say: Callable[[str], None]
    began: dict[str, float] = field(default_factory=dict)
    reading: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    pending: dict[str, tuple[str, ...]] = field(default_factory=dict)
    held_up: list[HeldUp] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    ticks: dict[str, tuple[str, float]] = field(default_factory=dict)
    disk_full: bool = False
    wrong_passphrase: bool = False
    interrupted: bool = False
    has_finished: bool = False

    def interrupt(self) -> None:
        """Remember that the operator pressed Ctrl-C."""
        self.interrupted = True

    def hear(self, line: str) -> None:
        """Take one line of the engine's output. After a full disk it says nothing of use."""
        self.disk_full |= NO_SPACE in line
        if self.disk_full:
            return
        if not line.startswith("{"):
            self.wrong_passphrase |= NOT_OPENED in line
            if line.strip() and not self.wrong_passphrase:
                self.say(line)
            return
        event = json.loads(line)
        for name, react in REACTIONS.items():
            if name in event:
                react(self, event[name])


def began(progress: Progress, event: Mapping[str, Any]) -> None:
    """Say what is being worked on. What stays as it is is only counted."""
    step = event["metadata"]
    subject = subject_of(step["urn"])
    if step["op"] == "refresh" and step["type"] != STACK:
        if not progress.reading:
            progress.say("reading what is live")
        progress.reading.add(subject)
    if step["op"] in DOING and step["type"] != STACK:
        progress.began[subject] = time.monotonic()
        progress.say(f"{subject}: {DOING[step['op']]}{because(step)}")


def because(step: Mapping[str, Any]) -> str:
    """Return which settings differ, for an update."""
    paths = sorted(step.get("detailedDiff") or step.get("diffs") or ())
    return f" ({', '.join(paths)})" if paths and step["op"] == "update" else ""


def ended(progress: Progress, event: Mapping[str, Any]) -> None:
    step = event["metadata"]
    subject = subject_of(step["urn"])
    if step["type"] == STACK:
        return
    if step["op"] != "refresh":
        outputs = (step.get("new") or {}).get("outputs") or {}
        remember_pending(progress, subject, outputs.get("pending"))
    if step["op"] in DONE:
        now = time.monotonic()
        seconds = now - progress.began.get(subject, now)
        progress.say(f"{subject}: {DONE[step['op']]} in {seconds:.0f} s")


def remember_pending(progress: Progress, subject: str, pending: object) -> None:
    """Keep what a resource says may not be applied now."""
    progress.pending.pop(subject, None)
    if isinstance(pending, list) and pending:
        progress.pending[subject] = tuple(sentence_of(entry) for entry in pending)


def sentence_of(entry: object) -> str:
    """Return one pending difference in words."""
    if not isinstance(entry, dict):
        return str(entry)
    difference = f"{entry.get('path')} is {entry.get('actual')}, planned {entry.get('expected')}"
    return f"{difference}: {entry['remedy']}" if entry.get("remedy") else difference


def failed(progress: Progress, event: Mapping[str, Any]) -> None:
    subject = subject_of(event["metadata"]["urn"])
    progress.failed.add(subject)
    progress.say(f"{subject}: failed")


def said(progress: Progress, event: Mapping[str, Any]) -> None:
    """Pass on what the provider and the program say; errors are kept for the end, too."""
    if event["severity"] == "debug":
        return
    subject = subject_of(event.get("urn", ""))
    message = EARLY_END.sub("", COUNTED_ERRORS.sub("", event["message"])).strip()
    message = NOT_READ.sub("could not be read: ", message)
    if LOST_PROVIDER.search(message):
        message = LOST_PROVIDER_SAID
    if held_up := understood(message):
        progress.held_up.append(held_up)
        return
    if event["severity"] == "error":
        progress.errors[subject] = message
    if message and not (event.get("ephemeral") and is_too_soon(progress, subject, message)):
        progress.say(f"{subject}: {message}" if subject else message)


def is_too_soon(progress: Progress, subject: str, message: str) -> bool:
    """Whether a tick follows the last one shown too closely, the more so with the same words."""
    now = time.monotonic()
    words = SECONDS.sub("", message)
    last_words, since = progress.ticks.get(subject, ("", progress.began.get(subject, -math.inf)))
    pause_s = REPEATED_TICK_SHOWN_EVERY_S if words == last_words else TICK_SHOWN_EVERY_S
    if now - since < pause_s:
        return True
    progress.ticks[subject] = (words, now)
    return False


def finished(progress: Progress, event: Mapping[str, Any]) -> None:
    progress.has_finished = True
    progress.changes = dict(event.get("resourceChanges") or {})


def subject_of(urn: str) -> str:
    """Return the resource's name: the last part of its URN."""
    return urn.rpartition("::")[2]


REACTIONS: Mapping[str, Callable[[Progress, Mapping[str, Any]], None]] = {
    "resourcePreEvent": began,
    "resOutputsEvent": ended,
    "resOpFailedEvent": failed,
    "diagnosticEvent": said,
    "summaryEvent": finished,
}
