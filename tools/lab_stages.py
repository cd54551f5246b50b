"""The stages of `make lab`, and what of each there still is to do."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
CLUSTERWRIGHT = str(PROJECT / ".venv" / "bin" / "clusterwright")
BUILD = PROJECT / "build"
NOT_PROVEN = 3
PARALLEL = ("--parallel", "2")
COOLED_RACK, TECHNICIAN = "r2", "the lab's technician"
MEASURED = {
    "flushed": "done",
    "bled": "done",
    "pressure-held": "600 kPa",
    "ph": "8.9",
    "conductivity": "1200",
    "leak-reaction": "done",
}
"""What its CDU does not report of the cooled rack: in a hall, a person has measured it."""

EMULATED = ("node", "cdu", "pdu", "shelf")
"""Kinds of devices that the lab's manifest lists."""
Command = tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """One step, and what to do when it fails. It has no commands where nothing is to be done."""

    heading: str
    commands: Callable[[], list[Command]]
    remedy: str
    output: Path | None = None
    judge: Command = ()
    """Decides whether what the commands could not prove is no surprise in a lab."""


def stages(site: str = "lab") -> tuple[Stage, ...]:
    """Return the stages for a site, from set-up to drift."""
    manifest, report = BUILD / "lab-delivery.csv", BUILD / "lab-report.json"
    bootstrap = (sys.executable, str(PROJECT / "tools" / "bootstrap.py"))
    on_site = ("--site", site)
    return (
        Stage(
            "set-up: Debian packages, .venv, command-line tools",
            lambda: [bootstrap],
            "do what the message says, then run `make lab` again: what is done stays done",
        ),
        Stage(
            "lab up: a loading dock, everything dark",
            lambda: [] if is_up(site) else [(CLUSTERWRIGHT, "lab", "up", *on_site)],
            "run `.venv/bin/clusterwright lab down`, then `make lab` again",
        ),
        Stage(
            "manifest: what came with the devices, factory passwords, too",
            lambda: [] if is_taken_in(site) else [(CLUSTERWRIGHT, "lab", "manifest", *on_site)],
            "`.venv/bin/clusterwright lab status` says whether the lab is up",
            output=manifest,
        ),
        Stage(
            "intake: devices to their places, passwords out of the file and into the vault",
            lambda: [] if is_taken_in(site) else [(CLUSTERWRIGHT, "intake", site, str(manifest))],
            "each sentence names a row and its remedy",
        ),
        Stage(
            "sign-off: what somebody measures where the CDU cannot",
            lambda: sign_offs(site),
            "each sentence names the limit",
        ),
        Stage(
            "racks: gate by gate into service",
            lambda: [] if is_in_service(site) else [(CLUSTERWRIGHT, "racks", site, *PARALLEL)],
            "each finding names its remedy; `make lab` goes on from there",
            judge=(CLUSTERWRIGHT, "lab", "judge", *on_site),
        ),
        Stage(
            "up: Pulumi and Ansible make the site what its plan says",
            lambda: [(CLUSTERWRIGHT, "up", site)],
            "the lines that begin with `failed:` name what; `make up` goes on from there",
        ),
        Stage(
            "verify: does the site work as planned",
            lambda: [(CLUSTERWRIGHT, "verify", site, "--report", str(report))],
            "each finding names its remedy; `make up`, then `make verify` again",
            judge=(CLUSTERWRIGHT, "lab", "judge", str(report)),
        ),
        Stage(
            "drift: do the declared settings still hold",
            lambda: [(CLUSTERWRIGHT, "drift", site)],
            "each finding names its remedy; `make up` puts settings back",
        ),
    )


def is_up(site: str) -> bool:
    """Whether the lab is up already: `lab up` refuses a second one."""
    return bool(_told("lab", "status", "--json", "--site", site).get("up"))


@cache
def is_taken_in(site: str) -> bool:
    """Whether the record has every device that the lab's manifest lists."""
    return all(one["delivered"] for one in _devices(site) if one["kind"] in EMULATED)


def is_in_service(site: str) -> bool:
    """Whether jobs may run on every node."""
    return all(one["state"] == "in-service" for one in _devices(site) if one["state"])


def sign_offs(site: str) -> list[Command]:
    """Return the command for everything that nobody vouches for yet."""
    signed = _recorded(site).get("sign_offs", {}).get(COOLED_RACK, {})
    return [
        (CLUSTERWRIGHT, "sign-off", site, COOLED_RACK, gate, "--by", TECHNICIAN, "--value", value)
        for gate, value in MEASURED.items()
        if gate not in signed
    ]


def _devices(site: str) -> list[dict[str, Any]]:
    # Where nothing can be read, everything is still to be done.
    nothing = [{"kind": EMULATED[0], "state": "new", "delivered": None}]
    return list(_recorded(site).get("devices", nothing))


def _recorded(site: str) -> dict[str, Any]:
    return _told("intake", site, "--show", "--json")


def _told(*arguments: str) -> dict[str, Any]:
    """What a command prints as JSON; nothing where it cannot."""
    finished = subprocess.run(
        [CLUSTERWRIGHT, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    try:
        document: dict[str, Any] = json.loads(finished.stdout)
    except ValueError:
        return {}
    return document
