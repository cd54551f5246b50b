"""`make lab`: from a fresh machine to a verified emulated site, stage by stage, with timings."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
CLUSTERWRIGHT = str(PROJECT / ".venv" / "bin" / "clusterwright")
SITE = "lab"
REPORT = str(PROJECT / "build" / "lab-report.json")
NOT_PROVEN = 3


@dataclass(frozen=True)
class Stage:
    """One step, and what to do when it fails."""

    heading: str
    command: tuple[str, ...]
    remedy: str
    judge: tuple[str, ...] = ()
    """Decides whether what the command could not prove is no surprise in a lab."""


STAGES = (
    Stage(
        "set-up: Debian packages, .venv, command-line tools",
        (sys.executable, str(PROJECT / "tools" / "bootstrap.py")),
        "do what the message says, then run `make lab` again: what is done stays done",
    ),
    Stage(
        "lab up: controllers answer, the head host boots",
        (CLUSTERWRIGHT, "lab", "up", "--site", SITE),
        "run `.venv/bin/clusterwright lab down`, then `make lab` again",
    ),
    Stage(
        "up: Pulumi and Ansible make the site what its plan says",
        (CLUSTERWRIGHT, "up", SITE),
        "the lines that begin with `failed:` name what; `make up` goes on from there",
    ),
    Stage(
        "verify: does the site work as planned",
        (CLUSTERWRIGHT, "verify", SITE, "--report", REPORT),
        "each finding names its remedy; `make up`, then `make verify` again",
        judge=(CLUSTERWRIGHT, "lab", "judge", REPORT),
    ),
    Stage(
        "drift: do the declared settings still hold",
        (CLUSTERWRIGHT, "drift", SITE),
        "each finding names its remedy; `make up` puts settings back",
    ),
)

WHERE_NEXT = """\
The lab is up. Where to look next:
  .venv/bin/clusterwright lab status      what runs, and where it answers
  .venv/bin/clusterwright lab shell       a shell inside: ssh, curl, pulumi, ansible-playbook
  .venv/bin/clusterwright verify lab      the report again
  inventory/lab/site.yml                  the definition; change it, then `make plan up`
  .venv/bin/clusterwright lab down        removes all of it
"""


def main() -> None:
    """Run the stages; the first that fails ends it, with its exit code."""
    timings: dict[str, float] = {}
    Path(REPORT).parent.mkdir(exist_ok=True)
    for number, stage in enumerate(STAGES, start=1):
        print(f"\n=== {number}/{len(STAGES)} {stage.heading}", flush=True)
        started = time.monotonic()
        code = 0 if is_done(stage) else run(stage.command)
        if code == NOT_PROVEN and stage.judge:
            code = run(stage.judge)
        timings[stage.heading] = time.monotonic() - started
        print(f"--- {timings[stage.heading]:.0f} s", flush=True)
        if code != 0:
            print_timings(timings)
            print(f"make lab: stage {number} failed (exit code {code}): {stage.remedy}")
            sys.exit(code)
    print_timings(timings)
    print(WHERE_NEXT)


def run(command: tuple[str, ...]) -> int:
    """Run a command in the foreground; Ctrl-C reaches it, and its exit code is 130 then."""
    try:
        return subprocess.run(command, cwd=PROJECT, check=False).returncode
    except KeyboardInterrupt:
        return 130


def is_done(stage: Stage) -> bool:
    """Whether the lab is up already: `lab up` refuses a second one."""
    if stage.command[1:3] != ("lab", "up"):
        return False
    status = subprocess.run(
        [CLUSTERWRIGHT, "lab", "status", "--json", "--site", SITE],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        up = bool(json.loads(status.stdout)["up"])
    except (ValueError, KeyError):
        return False
    if up:
        print("it is up already", flush=True)
    return up


def print_timings(timings: dict[str, float]) -> None:
    print("\nseconds  stage")
    for heading, seconds in timings.items():
        print(f"{seconds:7.0f}  {heading}")
    print(f"{sum(timings.values()):7.0f}  total\n", flush=True)


if __name__ == "__main__":
    main()
