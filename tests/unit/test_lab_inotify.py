"""The limit on inotify instances is raised while labs are up, and put back after the last."""

from pathlib import Path

import pytest

from clusterwright.errors import OperationError
from clusterwright.lab import inotify


@pytest.fixture
def limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "max_user_instances"
    file.write_text("128\n")
    monkeypatch.setattr(inotify, "LIMIT", file)
    monkeypatch.setattr(inotify, "FORMER_LIMIT", tmp_path / "former")
    return file


def test_a_limit_that_is_high_enough_is_left_alone(limit: Path, tmp_path: Path) -> None:
    limit.write_text("8192\n")
    inotify.make_room(5)
    inotify.give_room_back(tmp_path / "labs")
    assert limit.read_text() == "8192\n"


def test_the_last_lab_puts_the_limit_back(limit: Path, tmp_path: Path) -> None:
    labs = tmp_path / "labs"
    for name, hosts in (("cw-one", 5), ("cw-two", 50)):
        (labs / name).mkdir(parents=True)
        inotify.make_room(hosts)
        assert int(limit.read_text()) == 1024 + 10 * hosts
    (labs / "cw-one").rmdir()
    inotify.give_room_back(labs)
    assert limit.read_text() == "1524\n"
    (labs / "cw-two").rmdir()
    inotify.give_room_back(labs)
    assert limit.read_text() == "128\n"
    assert not inotify.FORMER_LIMIT.exists()


def test_a_limit_that_cannot_be_raised_is_named_with_the_remedy(
    limit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(OperationError) as refused:
        inotify.make_room(5)
    assert str(refused.value) == (
        "fs.inotify.max_user_instances: is 128, but 5 hosts need 1074, and it cannot be raised "
        "here (Permission denied); raise it where the kernel is yours: "
        "sysctl fs.inotify.max_user_instances=1074"
    )
