"""A delivery's manifest becomes the record; its passwords lie in the vault and nowhere else."""

import csv
import io
import random

import pytest
from openpyxl import Workbook, load_workbook

from clusterwright.errors import UsageError
from clusterwright.model.record import NodeRecord
from clusterwright.operate.intake import take_in as module
from clusterwright.operate.intake.replace import replace_device
from clusterwright.operate.intake.take_in import Manifest, take_in
from clusterwright.site_folder import find_site
from tests.deliveries import HEADER, NODES, make_dock

ALL = {"su1-n1": "MK1", "su1-n2": "MK2", "su1-n3": "HG1", "su1-n4": "HG2"}
BLANKED = HEADER + NODES.replace(",one", ",").replace(",two", ",").replace(",three", ",").replace(
    ",four", ","
)


@pytest.fixture
def dock(tmp_path, monkeypatch, real_plan):
    return make_dock(tmp_path, monkeypatch, real_plan)


@pytest.fixture(scope="session")
def real_plan(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        return make_dock(tmp_path_factory.mktemp("real"), patch).plan


def test_nodes_are_matched_by_their_rack_positions(dock):
    outcome = dock.take(HEADER + NODES)
    assert dock.serials == ALL
    assert {match.by for match in outcome.matches} == {"rack position"}
    device = dock.record.devices["su1-n4"]
    assert (device.model, device.source) == ("HGX-H100-Liquid", "delivery.csv")
    assert device.macs == {"bmc": "00:00:5e:00:53:04"}


def test_a_word_for_several_models_fits_where_the_place_says_which(dock):
    dock.take(HEADER + NODES.replace("HGX-H100-Liquid", "H100").replace("DGX H100", "H100"))
    assert dock.serials == ALL


def test_passwords_go_into_the_vault_and_out_of_the_file(dock):
    dock.take(HEADER + NODES)
    assert dock.secrets["factory/su1-n2"] == {
        "username": "admin",
        "password": "two",
        "serial": "MK2",
    }
    assert dock.file == BLANKED
    assert "two" not in dock.folder.record.read_text()


def test_the_same_file_again_changes_nothing(dock):
    dock.take(HEADER + NODES)
    before = dock.bytes()
    dock.take(dock.file)
    assert dock.bytes() == before
    dock.take(HEADER + NODES)
    assert (dock.bytes(), dock.file) == (before, BLANKED)


def test_any_order_of_the_rows_gives_the_same_record(dock):
    listed = "".join(f"S{n:02},DGX H100\n" for n in range(1, 3))
    rows = (HEADER.strip() + ",\n", NODES.replace("\n", ",\n"))
    dock.take("".join(rows))
    first = dock.folder.record.read_bytes()
    shuffled = rows[1].splitlines(keepends=True)
    for seed in range(5):
        random.Random(seed).shuffle(shuffled)  # noqa: S311
        dock.folder.record.unlink()
        dock.take(rows[0] + "".join(shuffled))
        assert dock.folder.record.read_bytes() == first
    dock.folder.record.unlink()
    dock.take("SN,Part\n" + listed)
    dealt = dock.folder.record.read_bytes()
    dock.folder.record.unlink()
    dock.take("SN,Part\n" + "".join(reversed(listed.splitlines(keepends=True))))
    assert dock.folder.record.read_bytes() == dealt
    assert dock.serials == {"su1-n1": "S01", "su1-n2": "S02"}


@pytest.mark.parametrize("broken", ["change_vault", "with_devices", "replace_file"])
def test_an_interrupted_run_is_repeated(broken, dock, monkeypatch):
    def stop(*_args, **_keywords):
        raise KeyboardInterrupt

    where = {
        "change_vault": module,
        "with_devices": module,
        "replace_file": __import__("clusterwright.record_file", fromlist=["x"]),
    }
    with monkeypatch.context() as patch:
        patch.setattr(where[broken], broken, stop)
        with pytest.raises(KeyboardInterrupt):
            dock.take(HEADER + NODES)
    assert dock.file == HEADER + NODES
    take_in(dock.folder, dock.plan, Manifest(file=dock.folder.path / "delivery.csv"))
    assert (dock.serials, dock.file, len(dock.secrets)) == (ALL, BLANKED, 4)


def test_a_password_goes_with_its_device_when_the_row_is_corrected(dock, monkeypatch):
    """The first run took the passwords out of the file, but did not come to write the record."""
    dock.take(HEADER + NODES)
    dock.folder.record.unlink()
    swapped = BLANKED.replace("r1,1,", "r1,X,").replace("r1,9,", "r1,1,").replace("r1,X,", "r1,9,")
    dock.take(swapped)
    assert dock.serials["su1-n1"] == "MK2"
    assert dock.secrets["factory/su1-n1"]["password"] == "two"
    assert dock.secrets["factory/su1-n2"]["password"] == "one"


def test_a_delivery_without_passwords_needs_no_vault(dock, monkeypatch):
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE_FILE")
    dock.take("Service Tag,Cabinet,RU\nMK1,r1,1\nMK2,r1,9\n")
    assert (dock.serials, dock.folder.vault.exists()) == ({"su1-n1": "MK1", "su1-n2": "MK2"}, False)


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        pytest.param("Serial No.;Product Name;RACK;U Position", {}, id="semicolons"),
        pytest.param("S/N\tPart Number\tCabinet\tStart U", {}, id="tabs"),
        pytest.param("Your ref,Model,Rack,Unit", {"serial": "your ref"}, id="a column by its name"),
        pytest.param("\nShipped to,Acme\n\nSerial,SKU,Rack,RU", {}, id="greetings above"),
    ],
)
def test_columns_are_known_by_many_names(header, columns, dock):
    delimiter = next(one for one in ";\t," if one in header)
    row = delimiter.join(("MK1", "NVIDIA DGX H100 640GB", "R1", "1"))
    dock.take(f"{header}\n{row}\n", columns=columns, partial=True)
    assert dock.serials == {"su1-n1": "MK1"}


def test_every_form_of_address_is_understood(dock):
    header = "SN,Rack,U,IPMI MAC Address,MAC enp170s0f1np1,ibp24s0 GUID,GUIDs,SHA-256 Fingerprint\n"
    fingerprint = ":".join(["AB"] * 32)
    row = (
        "MK1,r1,1,00:00:5E:00:53:01,0x00005e005302,B8CEF60300A1B2C3,"
        f"ibp64s0=b8ce:f603:00a1:b2c4 0xb8cef60300a1b2c5,{fingerprint}\n"
    )
    dock.take(header + row, partial=True)
    device = dock.record.devices["su1-n1"]
    assert device.macs == {"bmc": "00:00:5e:00:53:01", "enp170s0f1np1": "00:00:5e:00:53:02"}
    assert device.guids == {
        "ibp24s0": "b8ce:f603:00a1:b2c3",
        "ibp64s0": "b8ce:f603:00a1:b2c4",
        "guid2": "b8ce:f603:00a1:b2c5",
    }
    assert device.fingerprint == "ab" * 32


def test_what_takes_no_rack_unit_is_dealt_out_within_its_rack(dock):
    rows = "".join(f"P{n},rack-pdu-415v-60a,r2\n" for n in (3, 1, 2))
    dock.take("Serial,Model,Rack\n" + rows + "C1,in-rack-cdu-200kw,r2\n")
    assert dock.serials == {"r2-pdu-a": "P1", "r2-pdu-b": "P2", "r2-pdu-c": "P3", "cdu1": "C1"}


def test_labels_are_names_where_one_of_them_is(dock):
    dock.take("Serial,Device Name\nP1,r1-pdu-b\nS1,SU1-LEAF3\n", partial=True)
    assert dock.serials == {"r1-pdu-b": "P1", "su1-leaf3": "S1"}
    dock.take("Serial,Device Name,Rack,U\nMK1,DGX H100,r1,1\n", partial=True)
    assert dock.serials["su1-n1"] == "MK1"


def test_a_second_delivery_adds_to_the_first(dock):
    first, second = NODES.splitlines(keepends=True)[:2], NODES.splitlines(keepends=True)[2:]
    dock.take(HEADER + "".join(first))
    dock.take(HEADER + "".join(second))
    assert dock.serials == ALL


def test_what_a_later_manifest_says_more_of_a_device_is_added(dock):
    dock.take(HEADER + NODES)
    dock.take("Serial,GUID ibp24s0\nMK1,b8cef60300a1b2c3\n", partial=True)
    device = dock.record.devices["su1-n1"]
    assert device.macs == {"bmc": "00:00:5e:00:53:01"}
    assert device.guids == {"ibp24s0": "b8ce:f603:00a1:b2c3"}


def test_partial_takes_in_what_is_right_and_leaves_the_rest_in_the_file(dock):
    text = HEADER + NODES.replace("r1,1,", "r7,1,")
    outcome = dock.take(text, partial=True)
    assert set(dock.serials.values()) == {"MK2", "HG1", "HG2"}
    assert [complaint.line for complaint in outcome.complaints] == [2]
    assert [place.name for place in outcome.to_come] == ["su1-n1"]
    assert ",admin,one\n" in dock.file
    assert ",admin,two\n" not in dock.file


def test_devices_that_stand_elsewhere_take_all_that_is_theirs_along(dock):
    dock.take(HEADER + NODES)
    states = {name: NodeRecord(state="drained") for name in ("su1-n1", "su1-n3")}
    dock.knows(dock.record.model_copy(update={"nodes": states}))
    swapped = "Serial,Rack,U\nMK1,r1,9\nMK2,r1,1\n"
    take_in(dock.folder, dock.plan, dock.manifest(swapped), correct=True)
    assert dock.serials == ALL | {"su1-n1": "MK2", "su1-n2": "MK1"}
    assert dock.record.devices["su1-n1"].macs == {"bmc": "00:00:5e:00:53:02"}
    assert dock.secrets["factory/su1-n1"]["password"] == "two"
    assert dock.secrets["factory/su1-n2"]["password"] == "one"
    assert set(dock.record.nodes) == {"su1-n3"}
    before = dock.bytes()
    take_in(dock.folder, dock.plan, dock.manifest(swapped), correct=True)
    assert dock.bytes() == before


def test_a_node_in_service_does_not_become_another_machine(dock):
    dock.take(HEADER + NODES)
    busy = {"su1-n2": NodeRecord(state="in-service")}
    dock.knows(dock.record.model_copy(update={"nodes": busy}))
    before = dock.bytes()
    manifest = dock.manifest("Serial,Rack,U\nMK1,r1,9\nMK2,r1,1\n")
    with pytest.raises(UsageError) as caught:
        take_in(dock.folder, dock.plan, manifest, correct=True)
    said = str(caught.value).splitlines()
    assert said[0].endswith(
        ":2: MK1 moves from su1-n1 to su1-n2, but su1-n2 is in service, and jobs may run on it: "
        "drain it first: clusterwright drain"
    )
    assert (len(said), dock.bytes()) == (2, before)


def test_a_correction_puts_no_device_on_top_of_another(dock):
    dock.take(HEADER + NODES)
    manifest = dock.manifest("Serial,Rack,U\nMK1,r1,9\n")
    with pytest.raises(UsageError, match=r"MK1 is to stand at su1-n2 .* but the record has MK2"):
        take_in(dock.folder, dock.plan, manifest, correct=True)


def test_switch_ports_say_where_a_device_is(tmp_path, monkeypatch):
    text = find_site("h100-su").definition.read_text()
    dock = make_dock(tmp_path, monkeypatch, text=text)
    link = next(one for one in dock.plan.links if one.fabric == "oob" and one.a.device == "su1-n5")
    ports = {"00:00:5e:00:53:01": (link.b.device, link.b.port)}
    dock.take("Serial,BMC MAC\nMK5,00005E005301\n", ports=ports, partial=True)
    assert dock.serials == {"su1-n5": "MK5"}
    said = dock.refusal(
        "Serial,BMC MAC,Rack,U\n"
        f"MK6,00005E005306,{dock.plan.nodes[5].mount.rack},{dock.plan.nodes[5].mount.lowest_unit}\n"
        "MK7,00005E005307,,\n",
        ports={
            "00:00:5e:00:53:06": (link.b.device, link.b.port),
            "00:00:5e:00:53:07": (link.b.device, "swp99"),
        },
    )
    five, six = dock.plan.nodes[4], dock.plan.nodes[5]
    assert said[0] == (
        f"FILE:2: MK6 is su1-n6 (rack {six.mount.rack}, unit {six.mount.lowest_unit}) by its rack "
        f"position, but su1-n5 (rack {five.mount.rack}, unit {five.mount.lowest_unit}) by port "
        f"{link.b.port} of {link.b.device}, where its MAC was seen: move the "
        "device or its cable, or correct the row"
    )
    assert said[1] == (
        f"FILE:3: MAC 00:00:5e:00:53:07 was seen at port swp99 of {link.b.device}, where the plan "
        "has no cable: move the cable to its port"
    )


def workbook(file, extra=None):
    book = Workbook()
    book.active.append(["Packing list", None])
    page = book.create_sheet("Devices")
    page.append([])
    for cells in csv.reader(io.StringIO(HEADER + NODES)):
        page.append(cells)
    page["D3"] = 1.0
    if extra:
        book.active["B9"] = extra
    book.save(file)


def test_a_workbook_is_read_and_keeps_no_password_on_any_sheet(dock, tmp_path):
    file = tmp_path / "delivery.xlsx"
    workbook(file, extra="three")
    outcome = take_in(dock.folder, dock.plan, Manifest(file=file))
    assert (dock.serials, len(outcome.matches)) == (ALL, 4)
    assert dock.secrets["factory/su1-n3"]["password"] == "three"
    cells = [c.value for page in load_workbook(file) for row in page.iter_rows() for c in row]
    assert set(cells) & {"one", "two", "three", "four"} == set()
    assert {"MK1", "Packing list"} <= set(cells)
    before = dock.bytes()
    take_in(dock.folder, dock.plan, Manifest(file=file))
    assert dock.bytes() == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            "Rack,U\nr1,1\n",
            "manifest FILE: none of its first 30 rows has a column serial numbers (Serial Number, "
            "S/N, Service Tag); say which column it is: --column serial='NAME IN THE FILE'",
            id="no serial numbers",
        ),
        pytest.param(
            "Serial,Serial\nA,B\n",
            "column Serial: is there twice, and both cannot be meant: rename or remove one",
            id="a column twice",
        ),
        pytest.param(
            "Serial,Password,BMC passwd (new)\nA,B,C\n",
            "column BMC passwd (new): seems to hold secrets, and what is not read would stay in "
            "the file: say --column password='BMC passwd (new)', or remove it",
            id="secrets in a column that is not read",
        ),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text, sentence, dock):
    assert dock.refusal(text) == [sentence]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        pytest.param(
            {"serail": "Serial"},
            "column serail=Serial: serail is no field; known are serial, model, name, rack, unit, "
            "username, password, fingerprint, mac:PORT and guid:PORT",
            id="no such field",
        ),
        pytest.param(
            {"model": "Type"},
            "column model=Type: there is no column Type; there are Serial, Rack",
            id="no such column",
        ),
    ],
)
def test_a_wrong_choice_of_columns_says_why(columns, sentence, dock):
    assert dock.refusal("Serial,Rack\nA,r1\n", columns=columns) == [sentence]


def test_an_unknown_model_can_be_told(dock):
    text = "Serial,Part\nMK1,920-1\nMK2,920-1\n"
    assert dock.refusal(text)[0] == (
        "FILE:2: model 920-1 is none that the plan has: say what the plan calls it: "
        "--model '920-1=NAME'"
    )
    dock.take(text, models={"920-1": "dgx-h100"})
    assert dock.serials == {"su1-n1": "MK1", "su1-n2": "MK2"}
    with pytest.raises(UsageError, match=r"model 920-1=dgx-h1: the plan has no dgx-h1; it has dgx"):
        dock.take(text, models={"920-1": "dgx-h1"})


def test_replace_is_of_a_name_of_the_plan(dock):
    manifest = dock.manifest(HEADER)
    with pytest.raises(UsageError, match=r"--replace su1-n9: the plan has nothing of that name"):
        replace_device(dock.folder, dock.plan, manifest, "su1-n9")
