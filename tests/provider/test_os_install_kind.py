"""OsInstall as the engine meets it: what a preview says, what a refresh finds."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from clusterwright.access.os_install import InstallState
from clusterwright.access.os_install.state import Presence
from clusterwright.errors import HostError, UsageError
from clusterwright.provider import os_install
from clusterwright.provider.os_install import NOTHING, OS_INSTALL, OsInstallInputs
from clusterwright.provider.site import Site
from clusterwright.site_folder import SiteFolder

DECLARED: dict[str, Any] = {
    "address": "10.100.0.11",
    "secret": "bmc/su1-n1",
    "host": "su1-n1",
    "hostAddress": "10.101.0.11",
    "user": "root",
    "method": "https-boot",
    "image": "images/noble.iso",
    "answerName": "user-data",
    "answer": "#cloud-config\n",
    "bootMenu": "menuentry",
    "digest": "d1",
    "serveAddress": "10.101.0.1",
    "servePort": 8443,
    "inService": False,
}


def inputs(**changes: Any) -> OsInstallInputs:
    return OsInstallInputs.declared({**DECLARED, **changes})


SENTENCES = {
    "another word": (
        {"again": "now"},
        {"again"},
        "su1-n1 is installed once more, and loses all that its disk holds: done at once, the node "
        "is not in service",
    ),
    "another word under jobs": (
        {"again": "now", "inService": True},
        {"again"},
        "su1-n1 is installed once more, and loses all that its disk holds: stays pending, the node "
        "is in service and reset is not allowed",
    ),
    "another answer": (
        {},
        {"answer", "digest"},
        "su1-n1 is not installed as declared: stays pending until another word for it stands in "
        "installation.again",
    ),
    "a word that goes": ({}, {"again"}, ""),
    "another port": ({}, {"servePort"}, ""),
}


@pytest.mark.parametrize(("changes", "changed", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_a_preview_says_what_happens(
    changes: dict[str, Any], changed: set[str], sentence: str
) -> None:
    assert OS_INSTALL.consequence(inputs(**changes), frozenset(changed)) == sentence


def read(
    monkeypatch: pytest.MonkeyPatch, state: InstallState, declared: OsInstallInputs | None
) -> Any:
    async def look(*_: Any) -> InstallState:
        return state

    monkeypatch.setattr(os_install.access, "read", look)

    async def run() -> Any:
        site = Site(SiteFolder(definition=Path("/nowhere/site.yml")))
        return await OS_INSTALL.read(site, "su1-n1@10.100.0.11", declared, None)

    return asyncio.run(run())


FOUND = {
    "as declared": (InstallState(presence=Presence.OURS, digest="d1"), {}, "d1", "", set()),
    "another system of ours": (
        InstallState(presence=Presence.OURS, digest="d0"), {}, "d0", "", {"digest"},
    ),
    "nothing": (InstallState(presence=Presence.BLANK), {}, NOTHING, "", {"digest"}),
    "somebody else's": (InstallState(presence=Presence.FOREIGN), {}, NOTHING, "", {"digest"}),
    "asked for again": (
        InstallState(presence=Presence.OURS, digest="d1"), {"again": "now"}, "d1", "", {"again"},
    ),
    "a word of long ago": (
        InstallState(presence=Presence.OURS, digest="d1", again="then"), {}, "d1", "", set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "changes", "digest", "again", "paths"), FOUND.values(), ids=FOUND
)
def test_a_refresh_finds_what_is_installed(
    monkeypatch: pytest.MonkeyPatch,
    *,
    state: InstallState,
    changes: dict[str, Any],
    digest: str,
    again: str,
    paths: set[str],
) -> None:
    live = read(monkeypatch, state, inputs(**changes))
    assert (live.inputs.digest, live.inputs.again) == (digest, again)
    assert live.open_paths == paths


def test_a_host_of_ours_that_is_silent_keeps_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    state = InstallState(presence=Presence.SILENT, digest="d1", words="timed out")
    with pytest.raises(HostError, match=r"does not let root in at 10\.101\.0\.11"):
        read(monkeypatch, state, inputs())


def test_a_system_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="an installed system cannot be imported"):
        read(monkeypatch, InstallState(presence=Presence.BLANK), None)
