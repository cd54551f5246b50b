"""Everything that can be wrong with a delivery, each with its exact sentence."""

import pytest

from clusterwright.errors import UsageError
from clusterwright.model.record import DeviceRecord, NodeRecord, Record
from clusterwright.operate.intake.ports_table import read_ports
from clusterwright.operate.intake.replace import replace_device
from tests.deliveries import make_dock

PLACE = "Serial,Model,Rack,U"
N1, N2 = "su1-n1 (rack r1, unit 1)", "su1-n2 (rack r1, unit 9)"
KNOWN = Record(
    devices={
        "su1-n1": DeviceRecord(serial="OLD1", macs={"bmc": "00:00:5e:00:53:01"}),
        "head": DeviceRecord(serial="HEAD", guids={"ib1": "b8ce:f603:00a1:b2c3"}),
    }
)
NOT_ALL = (
    "is planned as a {}, but not delivered: add its row, or take in what is there with --partial"
)


@pytest.fixture(scope="session")
def real_plan(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        return make_dock(tmp_path_factory.mktemp("real"), patch).plan


@pytest.fixture
def dock(tmp_path, monkeypatch, real_plan):
    return make_dock(tmp_path, monkeypatch, real_plan)


CASES = [
    pytest.param(
        f"{PLACE}\n,dgx-h100,r1,1\nB,dgx-h100,r1,9\n",
        [
            "FILE:2: has no serial number, and every device has one: write it",
            f"FILE: {N1} {NOT_ALL.format('dgx-h100')}",
        ],
        id="no serial number",
    ),
    pytest.param(
        f"{PLACE}\nA,dgx-h100,r1,1\nA,dgx-h100,r1,9\n",
        [
            "FILE:3: serial number A stands in row 2, too, but a device is delivered once: correct "
            "one of the rows",
            f"FILE: {N2} {NOT_ALL.format('dgx-h100')}",
        ],
        id="a serial number twice",
    ),
    pytest.param(
        "Serial,Rack,U,BMC MAC\nA,r1,1,00005e005301\nB,r1,9,00:00:5e:00:53:01\n",
        [
            "FILE:3: MAC 00:00:5e:00:53:01 of B bmc stands in row 2, too, but it belongs to one "
            "port: correct one of the rows",
            f"FILE: {N2} {NOT_ALL.format('dgx-h100')}",
        ],
        id="a MAC twice",
    ),
    pytest.param(
        "Serial,Rack,U,GUID a,GUID b\nA,r1,1,b8cef60300a1b2c3,b8cef60300a1b2c3\nB,r1,9,,\n",
        [
            "FILE:2: GUID b8ce:f603:00a1:b2c3 of A is that of a and of b, but it belongs to one "
            "port: correct the row",
            f"FILE: {N1} {NOT_ALL.format('dgx-h100')}",
        ],
        id="a GUID at two ports of a device",
    ),
    pytest.param(
        f"{PLACE}\nA,dgx-h100,r1,1\nB,dgx-h100,r1,4\n",
        [
            f"FILE:3: B is for {N1}, but so is A of row 2: correct one of their positions",
            f"FILE: {N2} {NOT_ALL.format('dgx-h100')}",
        ],
        id="two devices at one place",
    ),
    pytest.param(
        f"{PLACE}\nA,dgx-h100,r9,1\nB,dgx-h100,r1,30\nC,dgx-h100,r1,9\n",
        [
            "FILE:2: rack r9 is none of the plan: correct it; there are r1, r2",
            "FILE:3: unit 30 of rack r1 is empty in the plan: correct the position, or take the "
            "device out",
            f"FILE: {N1} {NOT_ALL.format('dgx-h100')}",
        ],
        id="positions that are none",
    ),
    pytest.param(
        f"{PLACE}\nA,HGX H100 liquid,r1,1\nB,dgx-h100,r1,9\n",
        [
            f"FILE:2: A is a hgx-h100-liquid, but {N1} is to be a dgx-h100 by its rack position: "
            "correct the row, or have the right device delivered",
            f"FILE: {N1} {NOT_ALL.format('dgx-h100')}",
        ],
        id="another model than planned",
    ),
    pytest.param(
        f"{PLACE}\nA,Other 9000,r1,1\nB,dgx-h100,r1,9\n",
        [
            "FILE:2: model Other 9000 is none that the plan has: say what the plan calls it: "
            "--model 'Other 9000=dgx-h100'",
            f"FILE: {N1} {NOT_ALL.format('dgx-h100')}",
        ],
        id="an unknown model",
    ),
    pytest.param(
        f"{PLACE}\nA,dgx-h100,,\nB,dgx-h100,,\nC,dgx-h100,,\nD,dgx-h100,r2,\n",
        [
            "FILE:4: C is delivered, but not planned: no place for a dgx-h100 is free: take it "
            "out, or add it to the definition",
            "FILE:5: D is delivered, but not planned: no place for a dgx-h100 in rack r2 is free: "
            "take it out, or add it to the definition",
        ],
        id="delivered, but not planned",
    ),
    pytest.param(
        "Serial,Model\nP1,rack-pdu-415v-60a\nP2,rack-pdu-415v-60a\nP3,rack-pdu-415v-60a\n"
        "P4,rack-pdu-415v-60a\nP5,rack-pdu-415v-60a\n",
        [f"FILE: r2-pdu-c (rack r2) {NOT_ALL.format('rack-pdu-415v-60a')}"],
        id="planned, but not delivered",
    ),
    pytest.param(
        f"{PLACE}\nA,,,\nB,H100,,\n",
        [
            "FILE:2: A has neither a position nor a model, so nothing says what it is for: write "
            "its rack and unit, or its model",
            "FILE:3: model H100 may be dgx-h100 or hgx-h100-liquid: say which: --model "
            "'H100=dgx-h100'",
        ],
        id="nothing says what it is",
    ),
    pytest.param(
        "Serial,Name\nA,su1-n1\nB,su1-n99\nC,su1-n2\n",
        ["FILE:3: su1-n99 is no name of the plan: correct it, or leave it out"],
        id="a name that is none",
    ),
    pytest.param(
        "Serial,Name,Rack,U\nA,su1-n1,r1,9\nB,su1-n2,,\n",
        [
            f"FILE:2: A is {N1} by its name, but {N2} by its rack position: move the device or "
            "its cable, or correct the row",
            f"FILE: {N1} {NOT_ALL.format('dgx-h100')}",
        ],
        id="name and position disagree",
    ),
    pytest.param(
        "Serial,Rack,U,MAC,GUID ib1,Fingerprint\nA,r1,first,33:33:00:00:00:01,12,ab\nB,r1,9,,,\n",
        [
            "FILE:2: 12 is no GUID of a port: write 16 hexadecimal digits, as in "
            "b8ce:f603:00a1:b2c3",
            "FILE:2: 33:33:00:00:00:01 is no MAC of a port: write 12 hexadecimal digits, as in "
            "00:00:5e:00:53:01",
            "FILE:2: fingerprint ab is no SHA-256 of a certificate: write its 64 hexadecimal "
            "digits, or nothing",
            "FILE:2: unit first is no rack unit: write the number of its lowest one",
            f"FILE: {N1} {NOT_ALL.format('dgx-h100')}",
        ],
        id="forms that are none",
    ),
    pytest.param(
        "Serial,Rack,U,Password\nA,r1,1,secret\nB,r1,9,\n",
        [
            "FILE:2: has a factory password, but no user name to it: add a column, or say "
            "--username NAME",
            f"FILE: {N1} {NOT_ALL.format('dgx-h100')}",
        ],
        id="a password without a user name",
    ),
]


@pytest.mark.parametrize(("text", "sentences"), CASES)
def test_what_is_wrong_with_a_manifest_is_said_at_once(text, sentences, dock):
    said = dock.refusal(text)
    kept = [one for one in said if "hgx-h100-liquid, but not" not in one]
    assert kept == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param(
            f"{PLACE}\nNEW1,dgx-h100,r1,1\nB,dgx-h100,r1,9\n",
            [
                f"FILE:2: NEW1 is to stand at {N1}, but the record has OLD1 there: correct the "
                "row, or exchange it with --replace su1-n1",
            ],
            id="a place that has a device",
        ),
        pytest.param(
            f"{PLACE}\nOLD1,dgx-h100,r1,9\n",
            [
                f"FILE:2: OLD1 is {N1} in the record, but {N2} by its rack position: put it back, "
                "correct the row, or, if the row is right, say --correct",
                f"FILE: {N2} {NOT_ALL.format('dgx-h100')}",
            ],
            id="a device that stands elsewhere",
        ),
        pytest.param(
            "Serial,Rack,U,MAC,GUID ib1\nB,r1,9,00005e005301,b8cef60300a1b2c3\n",
            [
                "FILE:2: GUID b8ce:f603:00a1:b2c3 is that of head in the record, but this row is "
                "for su1-n2: correct the row",
                "FILE:2: MAC 00:00:5e:00:53:01 is that of su1-n1 in the record, but this row is "
                "for su1-n2: correct the row",
                f"FILE: {N2} {NOT_ALL.format('dgx-h100')}",
            ],
            id="addresses that the record has elsewhere",
        ),
    ],
)
def test_what_the_record_says_otherwise_is_said_at_once(text, sentences, dock):
    dock.knows(KNOWN)
    assert dock.refusal(text) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param(
            "Serial\nA\nB\n",
            ["FILE: has 2 rows, but --replace takes one device: leave only its row"],
            id="two devices",
        ),
        pytest.param(
            "Serial,Model\nA,hgx-h100-liquid\n",
            [
                f"FILE:2: A is a hgx-h100-liquid, but {N1} is to be a dgx-h100: have the right "
                "device delivered, or change the definition",
            ],
            id="another model",
        ),
        pytest.param(
            "Serial,Model\nA,Other 9000\n",
            [
                "FILE:2: model Other 9000 is none that the plan has: say what the plan calls it: "
                "--model 'Other 9000=dgx-h100'",
            ],
            id="an unknown model",
        ),
        pytest.param(
            "Serial,GUID ib1\nHEAD,b8cef60300a1b2c3\n",
            [
                "FILE:2: serial number HEAD is that of head in the record, but this row is for "
                "su1-n1: correct the row",
                "FILE:2: GUID b8ce:f603:00a1:b2c3 is that of head in the record, but this row is "
                "for su1-n1: correct the row",
            ],
            id="what stands elsewhere",
        ),
    ],
)
def test_an_exchange_that_cannot_be_says_why(text, sentences, dock):
    dock.knows(KNOWN)
    assert refusal_of_exchange(dock, text) == sentences


def test_a_node_in_service_is_not_exchanged(dock):
    dock.knows(KNOWN.model_copy(update={"nodes": {"su1-n1": NodeRecord(state="in-service")}}))
    assert refusal_of_exchange(dock, "Serial\nA\n") == [
        "FILE:2: su1-n1 is in service, and jobs may run on it: drain it first: clusterwright drain"
    ]


def refusal_of_exchange(dock, text):
    manifest, before = dock.manifest(text), dock.bytes()
    with pytest.raises(UsageError) as caught:
        replace_device(dock.folder, dock.plan, manifest, "su1-n1")
    assert dock.bytes() == before
    return str(caught.value).replace(str(manifest.file), "FILE").splitlines()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            "mac,switch\n",
            "ports FILE: has no column port: its first row must name mac, switch and port",
            id="no port",
        ),
        pytest.param(
            "MAC Address,Switch,Interface\n00005e005301,oob1,swp1\nxx,oob1,swp2\n"
            "00:00:5e:00:53:01,oob2,swp1\n",
            "FILE:3: xx is no MAC of a port\n"
            "FILE:4: MAC 00:00:5e:00:53:01 was seen at port swp1 of oob1, too: keep the row of the "
            "switch that it hangs on",
            id="a MAC at two switches, and one that is none",
        ),
    ],
)
def test_a_table_of_ports_that_makes_no_sense_is_refused(text, sentence, tmp_path):
    file = tmp_path / "ports.csv"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_ports(file)
    assert str(caught.value).replace(str(file), "FILE") == sentence
