"""Only the lock of a run that is provably dead is removed."""

import json
import os
import socket

import pytest

from clusterwright.errors import OperationError
from clusterwright.operate.lock import is_dead, locks_of, read_lock, refuse_the_living

HERE = socket.gethostname()


@pytest.fixture
def lock_of(tmp_path):
    def make(process, host=HERE, stack="lab"):
        folder = tmp_path / ".pulumi" / "locks" / "organization" / "clusterwright" / stack
        folder.mkdir(parents=True, exist_ok=True)
        said = {"pid": process, "username": "op", "hostname": host, "timestamp": "2026-01-01"}
        file = folder / f"{process}.json"
        file.write_text(json.dumps(said))
        return read_lock(file)

    return make


@pytest.fixture
def processes(tmp_path):
    def make(process, name):
        folder = tmp_path / "proc" / str(process)
        folder.mkdir(parents=True)
        (folder / "comm").write_text(f"{name}\n")
        return tmp_path / "proc"

    return make


def test_a_process_that_is_gone_is_dead(lock_of, tmp_path):
    assert is_dead(lock_of(4711), tmp_path)


def test_an_engine_at_work_is_alive(lock_of, processes):
    assert not is_dead(lock_of(4711), processes(4711, "pulumi"))


def test_another_program_with_the_same_number_is_not_the_holder(lock_of, processes):
    assert is_dead(lock_of(4711), processes(4711, "bash"))


def test_nothing_is_known_about_another_machine(lock_of, tmp_path):
    assert not is_dead(lock_of(4711, host="elsewhere"), tmp_path)


def test_only_the_stacks_own_locks_count(lock_of, tmp_path):
    lock_of(1, stack="other")
    mine = lock_of(2)
    assert locks_of("lab", f"file://{tmp_path}") == (mine,)


def test_other_backends_are_left_to_the_engine():
    assert locks_of("lab", "s3://bucket") == ()


def test_a_lock_that_was_cut_off_is_nobodys(tmp_path):
    file = tmp_path / "x.json"
    file.write_text('{"pid": 47')
    assert is_dead(read_lock(file), tmp_path)


def test_a_foreign_holder_is_refused_with_who_where_and_what_to_do(lock_of):
    lock = lock_of(4711, host="elsewhere")
    with pytest.raises(OperationError) as caught:
        refuse_the_living("lab", [lock])
    assert str(caught.value) == (
        "stack lab: process 4711 of op on elsewhere holds it since 2026-01-01 and cannot be looked "
        "at from here: look there, and if it is gone, run `pulumi cancel --stack lab`"
    )


def test_a_dead_holder_is_not_refused(lock_of):
    refuse_the_living("lab", [lock_of(os.getpid())])  # alive, but no engine
