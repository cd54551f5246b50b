"""The site's known_hosts: what it says of hosts that we have installed, and of all others."""

from pathlib import Path

import pytest

from clusterwright.access.os_install.known import Known, has_key, read_known, write_known

OTHERS = "head,10.101.0.2 ssh-ed25519 AAAAhead\n# a comment\nsu1-n10,10.101.0.20 ssh-rsa AAAA10\n"
FIRST, SECOND = Known(digest="d1", again=""), Known(digest="d2", again="now")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "site/known_hosts"
    found.parent.mkdir()
    found.write_text(OTHERS)
    return found


def test_a_host_has_one_line_and_others_keep_theirs(file: Path) -> None:
    write_known(file, "su1-n1", "10.101.0.11", "ssh-ed25519 AAAA1", FIRST)
    write_known(file, "su1-n1", "10.101.0.11", "ssh-ed25519 AAAA2", SECOND)
    own = "su1-n1,10.101.0.11 ssh-ed25519 AAAA2 clusterwright-installed d2 now\n"
    assert file.read_text() == OTHERS + own
    assert list(file.parent.iterdir()) == [file]


def test_an_address_that_went_to_another_host_goes_with_it(file: Path) -> None:
    write_known(file, "su1-n1", "10.101.0.20", "ssh-ed25519 AAAA1", FIRST)
    assert not has_key(file, "su1-n10")


@pytest.mark.parametrize("known", [FIRST, SECOND], ids=["first", "again"])
def test_what_was_installed_is_read_back(file: Path, known: Known) -> None:
    write_known(file, "su1-n1", "10.101.0.11", "ssh-ed25519 AAAA1", known)
    assert read_known(file, "su1-n1") == known


def test_a_key_without_our_mark_is_of_a_host_that_somebody_else_installed(file: Path) -> None:
    assert read_known(file, "head") is None
    assert has_key(file, "head")
    assert not has_key(file, "su1-n1")


def test_without_a_file_nobody_is_known(tmp_path: Path) -> None:
    assert read_known(tmp_path / "none", "su1-n1") is None
    assert not has_key(tmp_path / "none", "su1-n1")
