"""What devices were told and remember, beside what a run said: nothing twice, lost or unasked."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Which kind of a device's resources tells it this; all else is told by the device's own resource.
KINDS = (
    ("controller", re.compile(r" \S+/(?:Managers|AccountService|CertificateService)/")),
    ("leak", re.compile(r"/LeakDetectors/")),
    ("platform", re.compile(r"/(?:EnvironmentMetrics|SecureBoot)$")),
    ("firmware", re.compile(r"/UpdateService/")),
)
LOOPS = {"cdu1": "tcs1"}
SAID = re.compile(r"^(\S+): (?:(creating|updating)|created|updated)\b")


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """A site at one moment: changes agreed to, ids in the state, operations left open, memories."""

    changes: Counter[str]
    ids: Mapping[str, str]
    open: set[str]
    memories: Mapping[str, Any]


def begun_and_done(words: str) -> tuple[set[str], set[str]]:
    """Return of which resources is said that work on them begins, and that it has ended."""
    found = [match for line in words.splitlines() if (match := SAID.match(line))]
    return {one[1] for one in found if one[2]}, {one[1] for one in found if not one[2]}


def owner(change: str, resources: Collection[str]) -> str:
    """Return the resource that a device is told this for."""
    device = change.partition(":")[0]
    own = LOOPS.get(device, device)
    kind = next((kind for kind, path in KINDS if path.search(change)), "")
    names = (f"{device}-bmc-{kind}", f"{device}-{kind}") if kind else (own,)
    return next(name for name in names if name in resources)


def wrongs(
    whole: Ledger,
    before: Ledger,
    after: Ledger,
    *,
    begun: set[str],
    done: set[str],
    opened: Collection[str] = (),
) -> list[str]:
    """Return what is wrong after a run that was killed; `whole` is what an undisturbed run leaves.

    `begun` and `done` are the resources of which any run so far has said so. A killed engine has no
    time to say or to write down all it does: `opened` are those that it has left as operations of
    its state, which the next run clears and takes up.
    """
    return [
        *_told(whole, after, begun | set(opened), done),
        *_state(whole, before, after, done - set(opened)),
        *_memories(whole, after, done),
    ]


def _told(whole: Ledger, after: Ledger, begun: set[str], done: set[str]) -> Iterator[str]:
    resources = {name_of(key) for key in whole.ids}
    for change, times in (after.changes - whole.changes).items():
        yield f"told too often, {times} times more than undisturbed: {change}"
    for change in whole.changes - after.changes:
        if owner(change, resources) in done:
            yield f"said to be done, and never told: {change}"
    for change in after.changes:
        if change in whole.changes and owner(change, resources) not in begun:
            yield f"told, and never said to begin: {change}"


def _state(whole: Ledger, before: Ledger, after: Ledger, done: set[str]) -> Iterator[str]:
    for key, one in before.ids.items():
        if after.ids.get(key) != one:
            yield f"forgotten, or its id changed: {key} was {one}, is {after.ids.get(key)}"
    for key, one in after.ids.items():
        if whole.ids.get(key) != one:
            yield f"not the id of an undisturbed run: {key} is {one}, not {whole.ids.get(key)}"
    for name in sorted(done - {name_of(key) for key in after.ids}):
        yield f"said to be done, and the state does not know it: {name}"


def _memories(whole: Ledger, after: Ledger, done: set[str]) -> Iterator[str]:
    """A device of which all resources are done remembers what it does at the end."""
    resources = {name_of(key) for key in whole.ids}
    waits_for: dict[str, set[str]] = {}
    for change in whole.changes:
        waits_for.setdefault(change.partition(":")[0], set()).add(owner(change, resources))
    for file, memory in whole.memories.items():
        device = file.partition(".")[0]
        if waits_for.get(device, {""}) <= done and after.memories.get(file) != memory:
            yield f"done, and remembers something else: {file}: {after.memories.get(file)}"


def name_of(key: str) -> str:
    """Return the name of a resource from its type and name."""
    return key.rpartition("::")[2]
