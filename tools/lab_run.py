"""`make lab`: from a fresh machine to a verified emulated site, stage by stage, with timings."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tools.lab_stages import NOT_PROVEN, PROJECT, Stage, stages

WHERE_NEXT = """\
The lab is up, and its racks are in service. Where to look next:
  .venv/bin/clusterwright lab status      what runs, and where it answers
  .venv/bin/clusterwright lab shell       a shell inside: ssh, curl, pulumi, ansible-playbook
  .venv/bin/clusterwright verify lab      the report again
  inventory/lab/site.yml                  the definition; change it, then `make plan up`
  .venv/bin/clusterwright lab down        removes all of it
"""


def main(arguments: Sequence[str]) -> None:
    """Bring up the lab of the site that is named, or that called `lab`."""
    run_all(stages(*arguments[:1]))


def run_all(chosen: Sequence[Stage]) -> None:
    """Run the stages; the first that fails ends it, with its exit code."""
    timings: dict[str, float] = {}
    for number, stage in enumerate(chosen, start=1):
        print(f"\n=== {number}/{len(chosen)} {stage.heading}", flush=True)
        started = time.monotonic()
        code = run_stage(stage)
        timings[stage.heading] = time.monotonic() - started
        print(f"--- {timings[stage.heading]:.0f} s", flush=True)
        if code != 0:
            print_timings(timings)
            print(f"make lab: stage {number} failed (exit code {code}): {stage.remedy}")
            sys.exit(code)
    print_timings(timings)
    print(WHERE_NEXT)


def run_stage(stage: Stage) -> int:
    """Run what is to be run of a stage; what it could not prove is then judged."""
    commands = stage.commands()
    if not commands:
        print("it is so already", flush=True)
        return 0
    for command in commands:
        if code := run(command, stage.output):
            break
    if stage.judge and code in {0, NOT_PROVEN}:
        code = run(stage.judge)
    return code


def run(command: Sequence[str], output: Path | None = None) -> int:
    """Run a command in the foreground; Ctrl-C reaches it, and its exit code is 130 then.

    With `output`, that file gets what it prints, and nobody else may read it.
    """
    try:
        if output is None:
            return subprocess.run(command, cwd=PROJECT, check=False).returncode
        output.parent.mkdir(exist_ok=True)
        with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            return subprocess.run(command, cwd=PROJECT, check=False, stdout=file).returncode
    except KeyboardInterrupt:
        return 130


def print_timings(timings: dict[str, float]) -> None:
    print("\nseconds  stage")
    for heading, seconds in timings.items():
        print(f"{seconds:7.0f}  {heading}")
    print(f"{sum(timings.values()):7.0f}  total\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
