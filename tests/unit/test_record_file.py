"""record.yml: what commands write, and what is said of one that was edited by hand."""

from multiprocessing import get_context
from pathlib import Path

import pytest
import yaml

from clusterwright.errors import DefinitionError, OperationError
from clusterwright.lock_file import alone_with
from clusterwright.model.record import DeviceRecord, NodeRecord, Record, SignOff
from clusterwright.record_file import change_record, read_record, write_record

WHOLE = Record(
    nodes={"su1-n2": NodeRecord(state="in-service"), "su1-n1": NodeRecord(state="drained")},
    devices={
        "su1-n1": DeviceRecord(
            serial="MK–1",
            model="DGXH100",
            macs={"bmc": "00:00:5e:00:53:01"},
            guids={"ibp24s0": "b8ce:f603:00a1:b2c3"},
            fingerprint="ab" * 32,
            source="delivery.csv",
            former_serials=("MK-0",),
        ),
        "cdu1": DeviceRecord(serial="C1"),
    },
    sign_offs={"r2": {"flushed": SignOff(value="yes", by="Ada", at="2026-11-28T19:00:00Z")}},
    holes=("su1-n3",),
)


def test_an_absent_file_is_an_empty_record(tmp_path: Path):
    assert read_record(tmp_path / "record.yml") == Record()


def test_what_is_written_is_read_again(tmp_path: Path):
    file = tmp_path / "record.yml"
    file.write_text(write_record(WHOLE))
    assert read_record(file) == WHOLE


def test_what_is_written_is_yaml_with_a_line_for_each_device():
    text = write_record(WHOLE)
    assert Record.model_validate(yaml.safe_load(text)) == WHOLE
    assert '"cdu1": {"serial": "C1"},' in text.splitlines()


def test_equal_records_give_equal_bytes():
    shuffled = WHOLE.model_copy(
        update={
            "devices": dict(reversed(WHOLE.devices.items())),
            "nodes": dict(reversed(WHOLE.nodes.items())),
        }
    )
    assert write_record(shuffled) == write_record(WHOLE)


def test_a_record_written_by_hand_is_read(tmp_path: Path):
    file = tmp_path / "record.yml"
    file.write_text("nodes: {su1-n2: {state: in-service}}\n")
    assert read_record(file) == Record(nodes={"su1-n2": NodeRecord(state="in-service")})


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param(
            "devices:\n  su1-n1:\n    serial: A\n    macs: {bmc: 00-00}\n",
            ["record.yml:4: devices.su1-n1.macs.bmc: '00-00' cannot stand here: "],
            id="a wrong MAC",
        ),
        pytest.param(
            "nodes:\n  su1-n1: {state: broken}\n",
            ["record.yml:2: nodes.su1-n1.state: 'broken' cannot stand here: "],
            id="an unknown state",
        ),
        pytest.param(
            "devices:\n  a: {serial: X}\n  a: {serial: Y}\n",
            ["record.yml:3: devices.a: a is written twice, first in line 2: keep one"],
            id="a device twice, as a merge leaves it",
        ),
        pytest.param(
            '{"devices": {\n"a": {"serial": "X"},\n"a": {"serial": "Y"}\n}}',
            ["record.yml:3: devices.a: a is written twice, first in line 2: keep one"],
            id="a device twice in what a command wrote",
        ),
        pytest.param(
            "devices:\n  a: {serial: X, macs: {bmc: '00:00:5e:00:53:01'}}\n"
            "  b: {serial: X, macs: {eth0: '00:00:5e:00:53:01'}}\n",
            [
                "record.yml:3: devices.b.serial: serial number X is that of a, too, but it belongs "
                "to one thing: give each its own",
                "record.yml:3: devices.b.macs.eth0: MAC 00:00:5e:00:53:01 is that of a bmc, too, "
                "but it belongs to one thing: give each its own",
            ],
            id="a serial number and a MAC twice",
        ),
    ],
)
def test_mistakes_have_their_lines(text, sentences, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "record.yml"
    file.write_text(text)
    with pytest.raises(DefinitionError) as caught:
        read_record(file)
    said = str(caught.value).splitlines()
    assert len(said) == len(sentences)
    assert [line[: len(due)] for line, due in zip(said, sentences, strict=True)] == sentences


def test_a_change_that_changes_nothing_leaves_the_file_as_it_is(tmp_path: Path):
    file = tmp_path / "record.yml"
    file.write_text("nodes: {su1-n2: {state: out}}\n")
    change_record(file, lambda record: record)
    assert file.read_text() == "nodes: {su1-n2: {state: out}}\n"


def test_a_change_that_fails_leaves_the_file_as_it_is(tmp_path: Path):
    file = tmp_path / "record.yml"
    change_record(file, lambda _: WHOLE)
    double = {"cdu1": DeviceRecord(serial="C1"), "cdu2": DeviceRecord(serial="C1")}
    with pytest.raises(ValueError, match="serial number C1 is that of cdu1, too"):
        change_record(file, lambda record: record.model_copy(update={"devices": double}))
    assert read_record(file) == WHOLE
    assert sorted(path.name for path in tmp_path.iterdir()) == [".record.yml.lock", "record.yml"]


def _add_devices(file: Path, writer: int) -> None:
    for number in range(10):
        name = f"d{writer}-{number}"
        added = {name: DeviceRecord(serial=name)}
        change_record(
            file,
            lambda record, added=added: record.model_copy(
                update={"devices": {**record.devices, **added}}
            ),
        )


def test_writers_do_not_undo_each_other(tmp_path: Path):
    file = tmp_path / "record.yml"
    processes = [
        get_context("fork").Process(target=_add_devices, args=(file, writer)) for writer in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(600)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert len(read_record(file).devices) == 30


def test_who_waits_too_long_is_told_what_for(tmp_path: Path):
    file = tmp_path / "record.yml"
    with (
        alone_with(file),
        pytest.raises(OperationError, match=r"record\.yml: another command has been changing it"),
        alone_with(file, patience_s=0.05),
    ):
        pass
