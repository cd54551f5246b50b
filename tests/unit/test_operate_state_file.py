"""A state that a full disk cut off is put right, and a whole one is left alone."""

import json

import pytest

from clusterwright.operate.state_file import repair

WHOLE = json.dumps({"version": 3})
CUT_OFF = WHOLE[:5]


@pytest.fixture
def backend(tmp_path):
    """Write files of a backend by their path below .pulumi."""

    def write(**files):
        for name, text in files.items():
            path = tmp_path / ".pulumi" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path / ".pulumi"

    return write


def mend(tmp_path):
    return repair("lab", f"file://{tmp_path}")


STATE = "stacks/clusterwright/lab.json"


def backup(number):
    return f"backups/clusterwright/lab/lab.{number}.json"


def test_a_whole_state_is_left_alone(backend, tmp_path):
    folder = backend(**{STATE: WHOLE, backup(1): "{}"})
    assert mend(tmp_path) == ""
    assert (folder / STATE).read_text() == WHOLE


def test_the_newest_whole_backup_is_put_back(backend, tmp_path):
    files = {STATE: CUT_OFF, backup(1): "{}", backup(2): WHOLE, backup(3): CUT_OFF}
    folder = backend(**files, **{f"{STATE}.attrs": "{}"})
    assert "put back the last whole one (lab.2.json)" in mend(tmp_path)
    assert (folder / STATE).read_text() == WHOLE
    assert not (folder / f"{STATE}.attrs").exists()


def test_without_a_backup_the_state_starts_anew(backend, tmp_path):
    folder = backend(**{STATE: CUT_OFF})
    assert "starts anew and adopts what is live" in mend(tmp_path)
    assert not (folder / STATE).exists()


def test_another_stacks_backup_is_not_taken(backend, tmp_path):
    backend(**{STATE: CUT_OFF, "backups/clusterwright/other/other.1.json": WHOLE})
    assert "starts anew" in mend(tmp_path)


def test_half_written_attributes_and_temporary_files_go(backend, tmp_path):
    lock = "locks/organization/clusterwright/lab/x.json.1.tmp"
    folder = backend(**{STATE: WHOLE, f"{STATE}.attrs": CUT_OFF, lock: ""})
    mend(tmp_path)
    assert not (folder / f"{STATE}.attrs").exists()
    assert not (folder / lock).exists()


def test_an_empty_layout_file_is_written_again(backend, tmp_path):
    folder = backend(**{"meta.yaml": ""})
    mend(tmp_path)
    assert (folder / "meta.yaml").read_text() == "version: 1\n"


def test_other_backends_are_not_touched():
    assert repair("lab", "s3://bucket") == ""
