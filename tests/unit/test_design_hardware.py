"""What the record knows of devices reaches the plan and DHCP; what it took out is a hole."""

from pathlib import Path

from clusterwright.design import design
from clusterwright.design.plan import PortAddress, SitePlan
from clusterwright.load import load_site
from clusterwright.model.record import DeviceRecord, Record
from clusterwright.record_file import write_record
from clusterwright.site_folder import SiteFolder
from tests.sites import LAB

MACS = {"bmc": "00:00:5e:00:53:01", "enp170s0f1np1": "00:00:5e:00:53:02"}


def plan_with(folder: Path, record: Record, more: str = "") -> SitePlan:
    (folder / "site.yml").write_text(LAB + more)
    (folder / "record.yml").write_text(write_record(record))
    return design(load_site(SiteFolder(definition=folder / "site.yml")))


def devices(**serials: str) -> dict[str, DeviceRecord]:
    return {
        name.replace("_", "-"): DeviceRecord(
            serial=serial, macs={"bmc": f"00:00:5e:00:54:{number:02x}"}
        )
        for number, (name, serial) in enumerate(serials.items())
    }


def test_a_plan_knows_what_stands_at_its_names(tmp_path):
    known = DeviceRecord(serial="MK1", model="DGXH100", macs=MACS, fingerprint="ab" * 32)
    plan = plan_with(tmp_path, Record(devices={"su1-n1": known, "gone": DeviceRecord(serial="X")}))
    hardware = plan.hardware_by_name()
    assert list(hardware) == ["su1-n1"]
    assert (hardware["su1-n1"].serial, hardware["su1-n1"].fingerprint) == ("MK1", "ab" * 32)
    assert hardware["su1-n1"].macs[0] == PortAddress(port="bmc", address="00:00:5e:00:53:01")


def test_dhcp_learns_the_ports_of_every_kind_of_device(tmp_path):
    record = Record(
        devices={
            "su1-n1": DeviceRecord(serial="MK1", macs=MACS),
            **devices(r1_pdu_a="P1", cdu1="C1", head="H1", su1_leaf1="S1"),
        }
    )
    plan = plan_with(tmp_path, record)
    known = {one.name: one.mac for one in plan.hardware_addresses}
    assert known == {
        "su1-n1": "00:00:5e:00:53:02",
        "su1-n1-bmc": "00:00:5e:00:53:01",
        "r1-pdu-a": "00:00:5e:00:54:00",
        "cdu1": "00:00:5e:00:54:01",
        "head-bmc": "00:00:5e:00:54:02",
        "su1-leaf1": "00:00:5e:00:54:03",
    }


def test_a_recorded_hole_is_as_one_of_the_definition(tmp_path):
    whole = plan_with(tmp_path, Record())
    holed = plan_with(tmp_path, Record(holes=("su1-n2", "su1-n99")))
    assert [node.name for node in holed.nodes] == ["su1-n1", "su1-n3", "su1-n4"]
    assert holed.nodes[1:] == whole.nodes[2:]


def test_a_hole_is_recorded_by_the_name_that_the_node_had(tmp_path):
    more = "\npins: {names: {su1-n2: gpu2}}\n"
    plan = plan_with(tmp_path, Record(holes=("gpu2",)), more)
    assert [node.name for node in plan.nodes] == ["su1-n1", "su1-n3", "su1-n4"]
