"""What a rack has passed stands in the record before the next gate is begun, whatever comes."""

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from clusterwright.errors import OperationError
from clusterwright.operate.rack import open_site
from clusterwright.operate.rack.gate import Gate
from clusterwright.operate.rack.outcome import RackOutcome
from clusterwright.operate.rack.runner import Course, run_racks
from clusterwright.operate.rack.site import LiveRack, LiveSite
from clusterwright.operate.rack.verdict import Checks, passed
from clusterwright.record_file import change_record, read_record
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import VARIABLE, write_vault
from tests.sites import plan_without_switches

NAMES = ("one", "two", "three", "four")
RACKS = ("r1", "r2")


async def look(rack: LiveRack) -> Checks:
    return (passed(rack.name, "it stands there", "yes"),)


async def die(_: LiveRack) -> Checks:
    os.kill(os.getpid(), signal.SIGKILL)
    return ()


def gates_of(killed_at: str = "") -> tuple[Gate, ...]:
    """Gates without a device; at one of them the process is killed."""
    return tuple(
        Gate(step=step, name=name, title=name, short=name, look=die if name == killed_at else look)
        for step, name in enumerate(NAMES, start=1)
    )


def open_folder(folder: Path) -> LiveSite:
    """Open a site in a folder as a new process does."""
    passphrase = folder / "passphrase"
    passphrase.write_text("not a real passphrase\n")
    os.environ[VARIABLE] = str(passphrase)
    site = SiteFolder(definition=folder / "site.yml")
    if not site.vault.is_file():
        write_vault(site.vault, {})
    return open_site.open_live_site(site, plan_without_switches())


def lead(
    folder: Path, racks: tuple[str, ...], killed_at: str = "", *, first: int = 1
) -> tuple[RackOutcome, ...]:
    course = Course(gates=gates_of(killed_at), first=first)
    site = open_folder(folder)
    return asyncio.run(run_racks(site, racks, course, lambda _: None, at_once=len(racks)))


def in_record(folder: Path) -> dict[str, list[str]]:
    known = read_record(folder / "record.yml").passed_gates
    return {rack: sorted(gates, key=NAMES.index) for rack, gates in known.items()}


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the variable back what it had: opening a folder sets it."""
    monkeypatch.setenv(VARIABLE, "")


def test_a_kill_between_gates_loses_no_pass_nor_does_a_command_beside_it(tmp_path: Path) -> None:
    open_folder(tmp_path)
    arguments = (tmp_path, ("r1",), "three")
    process = multiprocessing.get_context("spawn").Process(target=lead, args=arguments)
    process.start()
    lead(tmp_path, ("r2",))
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert in_record(tmp_path) == {"r1": ["one", "two"], "r2": list(NAMES)}

    [outcome] = lead(tmp_path, ("r1",), first=3)
    assert outcome.held_at is None
    assert in_record(tmp_path) == {rack: list(NAMES) for rack in RACKS}


def test_racks_beside_each_other_lose_none_of_each_others_passes(tmp_path: Path) -> None:
    lead(tmp_path, RACKS)
    assert in_record(tmp_path) == {rack: list(NAMES) for rack in RACKS}


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every time that the record is opened to be changed."""
    found: list[Path] = []

    def counted(file: Path, change):
        found.append(file)
        return change_record(file, change)

    monkeypatch.setattr(open_site, "change_record", counted)
    return found


def test_many_passes_at_a_time_are_two_writes_of_the_record(
    tmp_path: Path, writes: list[Path]
) -> None:
    lead(tmp_path, ("r1",))
    writes.clear()
    site = open_folder(tmp_path)
    racks = [f"r{number}" for number in range(2, 66)]

    async def keep_all() -> None:
        gates = site.passed_gates["r1"]
        await asyncio.gather(*(site.keep_passed(rack, gates) for rack in racks))

    asyncio.run(keep_all())
    assert len(writes) == 2
    assert in_record(tmp_path) == {rack: list(NAMES) for rack in ("r1", *racks)}


def test_what_is_known_already_is_not_written_again(tmp_path: Path, writes: list[Path]) -> None:
    lead(tmp_path, ("r1",))
    assert len(writes) == len(NAMES)
    lead(tmp_path, ("r1",))
    assert len(writes) == len(NAMES)


def test_a_record_that_cannot_be_written_holds_no_rack_up_and_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([OperationError("record.yml: another command has been changing it")])

    def failing_once(file: Path, change):
        for error in failures:
            raise error
        return change_record(file, change)

    monkeypatch.setattr(open_site, "change_record", failing_once)
    notes: list[str] = []
    site, course = open_folder(tmp_path), Course(gates=gates_of())

    def hear(outcome: RackOutcome) -> None:
        notes.append(outcome.note)

    [outcome] = asyncio.run(run_racks(site, ("r1",), course, hear, at_once=1))
    assert outcome.held_at is None
    assert "what it has passed is not written down: record.yml: another command" in " ".join(notes)
    assert in_record(tmp_path) == {"r1": list(NAMES)}
