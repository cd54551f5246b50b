"""Runs of `up` that are killed at one of their own lines of progress, and what they did so far."""

import json
import os
import re
import signal
from collections import Counter
from typing import Any

from tests.lab.bad_luck import ended, started, started_by, up_words
from tests.lab.conftest import Finished, Instance
from tests.lab.kill_ledger import Ledger, name_of

ENGINE, PROVIDER = "the engine", "the provider"
BOUNDARY = re.compile(r"^(\S+: (?:creating|created|updating|updated))\b")
CHANGE = re.compile(r" INFO (\S+: (?:POST|PATCH|PUT|DELETE) \S+): 2\d\d$", re.MULTILINE)
"""What the lab writes down of every request to change something that a device agrees to."""
# When something happened, and what is made anew each time a device is taken over.
FLEETING = {"last_reset_at", "bios_applied_at", "accounts", "time_offset_s"}


def boundaries(words: str) -> set[str]:
    """All lines of progress that say of a resource that work on it begins or has ended."""
    return {found[1] for line in words.splitlines() if (found := BOUNDARY.match(line))}


def killed_at_the_first_new_boundary(
    site: Instance, met: set[str], victim: str
) -> tuple[Finished, str]:
    """Run `up`, and kill where it says something that is not in `met`; "" where it never does."""
    boundary, said = "", []
    with started(site, *up_words(site)) as process:
        assert process.stdout is not None
        for line in iter(process.stdout.readline, ""):
            said.append(line)
            if new := boundaries(line) - met:
                [boundary] = new
                kill(victim, process.pid)
                break
        finished = ended(process)
    finished.stdout = "".join(said) + finished.stdout
    return finished, boundary


def kill(victim: str, command: int) -> None:
    """Kill the engine itself, or all of it that speaks to devices."""
    (engine,) = started_by(command)
    if victim == ENGINE:
        os.kill(engine, signal.SIGKILL)
        return
    for process, words in started_by(engine).items():
        if "resource-clusterwright" in words:
            os.kill(process, signal.SIGKILL)


def ledger(site: Instance) -> Ledger:
    """What devices have been told and remember, and what the state says, as of now."""
    return Ledger(
        changes=changes_made(site),
        ids=ids(site),
        open=left_open(site),
        memories=memories(site),
    )


def changes_made(site: Instance) -> Counter[str]:
    """How often each device was told to change each thing, and agreed; reads are not counted."""
    return Counter(CHANGE.findall((site.lab.state / "supervisor.log").read_text()))


def ids(site: Instance) -> dict[str, str]:
    """The id of every resource of the Pulumi state, by its name and type.

    The engine's own are left out: they carry the site's name, or an id made up anew for each.
    """
    return {
        one["urn"].split("::", 2)[2]: one.get("id", "")
        for one in deployment(site).get("resources") or ()
        if not one["type"].startswith("pulumi:")
    }


def left_open(site: Instance) -> set[str]:
    """The resources of which the state says that something was begun and never ended."""
    operations = deployment(site).get("pending_operations") or ()
    return {name_of(one["resource"]["urn"]) for one in operations}


def deployment(site: Instance) -> dict[str, Any]:
    """The Pulumi state; it is empty before the first run."""
    file = site.lab.pulumi_backend / f".pulumi/stacks/clusterwright/{site.site}.json"
    if not file.exists():
        return {}
    latest: dict[str, Any] = json.loads(file.read_text())["checkpoint"].get("latest") or {}
    return latest


def memories(site: Instance) -> dict[str, Any]:
    """What the devices remember of their settings."""
    files = sorted((site.lab.state / "devices").glob("*.json"))
    known = {file.name: json.loads(file.read_text()) for file in files if ".log." not in file.name}
    return {
        name: {key: value for key, value in memory.items() if key not in FLEETING}
        for name, memory in known.items()
    }
