"""Runs that end in the middle of a BIOS job: nothing is lost, and the next run converges."""

import json
import os
import re
import signal
from collections import Counter
from pathlib import Path

import pytest

from clusterwright.site_folder import PROJECT
from tests.lab.bad_luck import (
    ATTRIBUTE,
    ENGINES_LAST_WORDS,
    PLANNED,
    RESET,
    SYSTEM,
    assert_clear,
    assert_goes_on,
    bios_job,
    ended,
    remembered,
    started_by,
)
from tests.lab.conftest import Instance
from tests.lab.kill_points import changes_made, ids
from tests.lab.test_lab_lifecycle import wait_until

pytestmark = pytest.mark.lab

NODE = "su1-n1"
TICK = re.compile(r"\(\d+ s\)$")


def test_after_ctrl_c_only_the_engine_speaks(deployed_site: Instance) -> None:
    with bios_job(deployed_site, NODE) as process:
        process.send_signal(signal.SIGINT)
        finished = ended(process)
        # The request in flight was given up: it did not wait for the host, which takes its time.
        assert remembered(deployed_site, NODE)["bios_pending"] == {ATTRIBUTE: PLANNED}
        assert finished.returncode == 1
        # A slow machine leaves time to say for how long it has waited.
        *said, last = (one for one in finished.stdout.splitlines() if not TICK.search(one))
        assert last in ENGINES_LAST_WORDS
        begun = said.index(f"{NODE}: updating (bios.{ATTRIBUTE})")
        cancelled = [f"{NODE}: cancelled; the next up goes on from here", f"{NODE}: failed"]
        assert said[begun + 1 :] == cancelled
        assert_clear(finished)
        assert_goes_on(deployed_site, NODE, "1 updated")
        assert remembered(deployed_site, NODE)["bios"][ATTRIBUTE] == PLANNED


def test_a_killed_provider_is_named_with_the_remedy(deployed_site: Instance) -> None:
    made, known = changes_made(deployed_site), ids(deployed_site)
    with bios_job(deployed_site, NODE) as process:
        (engine,) = started_by(process.pid)
        providers = [
            one for one, words in started_by(engine).items() if "resource-clusterwright" in words
        ]
        for provider in providers:
            os.kill(provider, signal.SIGKILL)
        finished = ended(process)
        assert providers
        assert finished.returncode == 1
        assert finished.stdout.splitlines()[-2:] == [
            f"failed: {NODE}: the provider's process ended in the middle of this, killed or out of "
            "memory: run this again, it goes on from there",
            f"not touched: {NODE}-firmware: it depends on {NODE}, which failed",
        ]
        assert_clear(finished)
        assert_goes_on(deployed_site, NODE, "1 updated")
        assert remembered(deployed_site, NODE)["bios"][ATTRIBUTE] == PLANNED
        assert_nothing_twice(deployed_site, made)
        assert ids(deployed_site) == known


def test_what_a_killed_engine_was_creating_is_adopted(deployed_site: Instance) -> None:
    made, known = changes_made(deployed_site), ids(deployed_site)
    forget(deployed_site, NODE)
    with bios_job(deployed_site, NODE) as process:
        (engine,) = started_by(process.pid)
        plugins = started_by(engine)
        os.kill(engine, signal.SIGKILL)
        finished = ended(process)
        assert finished.returncode == 1
        assert finished.stdout.splitlines()[-1] == (
            "pulumi: the engine was killed by signal 9 in the middle of its work: run this again, "
            "it goes on from there"
        )
        assert_clear(finished)
        assert plugins
        assert wait_until(lambda: not any(Path(f"/proc/{one}").exists() for one in plugins))
        assert left_open(deployed_site) == ["creating"]
        words = assert_goes_on(deployed_site, NODE, "2 created")
        assert words[0].startswith(f"removed the lock of a run that died (process {engine}, ")
        assert words[1] == "cleared 1 operation that a run left open; this one takes it up"
        assert left_open(deployed_site) == []
        assert remembered(deployed_site, NODE)["bios"][ATTRIBUTE] == PLANNED
        assert_nothing_twice(deployed_site, made)
        assert ids(deployed_site) == known


def assert_nothing_twice(site: Instance, before: Counter[str]) -> None:
    """Both runs together have staged the attribute and reset the node once, as the test has."""
    assert changes_made(site) - before == {
        f"{NODE}: PATCH {SYSTEM}/Bios/Settings": 2,
        f"{NODE}: POST {RESET}": 2,
    }


def left_open(site: Instance) -> list[str]:
    """What the state says was begun and never ended."""
    state = site.lab.pulumi_backend / f".pulumi/stacks/clusterwright/{site.site}.json"
    deployment = json.loads(state.read_text())["checkpoint"]["latest"]
    return [operation["type"] for operation in deployment.get("pending_operations") or ()]


def forget(site: Instance, node: str) -> None:
    """Take a node and its firmware out of the state, as if they had never been deployed."""
    urn = f"urn:pulumi:{site.site}::clusterwright::clusterwright:facility:Node::{node}"
    words = ("state", "delete", urn, "--target-dependents", "--yes", "--stack", site.site)
    finished = site.execute("pulumi", "--cwd", str(PROJECT), *words)
    assert finished.returncode == 0, finished.stderr
