"""Names and addresses that the definition chooses; holes leave everything else where it is."""

import json
from dataclasses import fields, is_dataclass
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.design.difference import compare
from clusterwright.design.plan import SitePlan
from clusterwright.load import load_site
from clusterwright.render import render
from clusterwright.site_folder import SiteFolder, find_site

SITES = {site: find_site(site).definition.read_text() for site in ("lab", "h100-su")}


def plan_of(folder: Path, site: str = "lab", more: str = "", **edits: str) -> SitePlan:
    text = SITES[site] + more
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new, 1)
    definition = folder / "site.yml"
    definition.write_text(text)
    return design(load_site(SiteFolder(definition=definition)))


def pins(**kinds: dict[str, str]) -> str:
    return f"\npins: {json.dumps(kinds)}\n"


def strings(value: object) -> set[str]:
    """Return every text anywhere in a part of a plan."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, tuple | frozenset):
        return {text for item in value for text in strings(item)}
    if is_dataclass(value):
        return {text for field in fields(value) for text in strings(getattr(value, field.name))}
    return set()


def test_a_chosen_address_is_that_of_its_device_and_no_other_changes(tmp_path):
    chosen = {
        "su1-n1": "10.101.3.200",
        "su1-n1-bmc": "10.100.1.200",
        "r1-pdu-a": "10.100.3.20",
        "su1-leaf1": "10.100.1.7",
        "cdu1": "10.100.3.100",
    }
    plain, pinned = plan_of(tmp_path), plan_of(tmp_path, more=pins(addresses=chosen))
    node, leaf = pinned.nodes[0], pinned.switches[0]
    assert (node.address, node.controller.address) == (
        IPv4Address("10.101.3.200"),
        IPv4Address("10.100.1.200"),
    )
    assert (leaf.name, leaf.address) == ("su1-leaf1", IPv4Address("10.100.1.7"))
    assert pinned.loops[0].controller.address == IPv4Address("10.100.3.100")
    changes = {(one.subject, one.becomes) for one in compare(plain, pinned).settings}
    names = {**chosen, "su1-n1-bmc": ""}
    assert changes == {
        ("su1-n1", "10.100.1.200"),
        *((name, address) for name, address in names.items() if address),
    }


def test_a_chosen_name_is_that_of_its_device_everywhere(tmp_path):
    chosen = {
        "su1-n1": "gpu017",
        "su1-leaf1": "ib-a",
        "spine1": "ib-top",
        "r1-pdu-a": "old-pdu",
    }
    plan = plan_of(tmp_path, more=pins(names=chosen))
    node = next(node for node in plan.nodes if node.name == "gpu017")
    assert (node.controller.name, node.controller.secret) == ("gpu017-bmc", "bmc/gpu017")
    ends = {(link.a.device, link.b.device) for link in plan.links}
    assert {("gpu017", "ib-a"), ("ib-a", "ib-top")} <= ends
    pdu = next(pdu for pdu in plan.pdus if pdu.name == "old-pdu")
    assert "gpu017" in {outlet.consumer for outlet in pdu.outlets}
    words = {word for text in strings(plan) for word in text.replace(":", " ").split()}
    assert words & chosen.keys() == set()


def test_a_name_that_begins_as_a_chosen_one_stays(tmp_path):
    plan = plan_of(tmp_path, "h100-su", more=pins(names={"su1-n1": "first"}))
    names = [node.name for node in plan.nodes]
    assert names[:2] == ["first", "su1-n2"]
    assert "su1-n10" in names


def test_names_can_be_exchanged(tmp_path):
    plain = plan_of(tmp_path)
    swapped = plan_of(tmp_path, more=pins(names={"su1-n1": "su1-n2", "su1-n2": "su1-n1"}))
    assert [node.name for node in swapped.nodes[:2]] == ["su1-n2", "su1-n1"]
    assert [node.address for node in swapped.nodes] == [node.address for node in plain.nodes]


def test_the_record_goes_by_chosen_names(tmp_path):
    (tmp_path / "record.yml").write_text(
        "nodes: {gpu017: {state: in-service}}\n"
        "devices: {gpu017: {serial: X1, macs: {bmc: '00:00:5e:00:53:01'}}}\n"
    )
    plan = plan_of(tmp_path, more=pins(names={"su1-n1": "gpu017"}))
    assert plan.nodes[0].service_state == "in-service"
    assert [one.name for one in plan.hardware_addresses] == ["gpu017-bmc"]


def test_every_file_has_the_chosen_name(tmp_path):
    files = render(plan_of(tmp_path, more=pins(names={"su1-n1": "gpu017"})))
    texts = {path: text for path, text in files.items() if isinstance(text, str)}
    assert "gpu017" in texts["ansible/hosts.yml"]
    named = [path for path, text in texts.items() if '"su1-n1"' in text or "su1-n1 " in text]
    assert named == []


def test_without_pins_nothing_is_copied(tmp_path):
    assert plan_of(tmp_path) == plan_of(tmp_path, more="\npins: {}\n")


@pytest.mark.parametrize("hole", ["su1-n1", "su1-n16", "su1-n32"])
def test_a_node_taken_out_takes_with_it_only_what_was_its_own(hole, tmp_path):
    whole = plan_of(tmp_path, "h100-su")
    holed = plan_of(
        tmp_path, "h100-su", **{"    build_for: 32\n": f"    build_for: 32\n    holes: [{hole}]\n"}
    )
    gone = compare(whole, holed)
    assert [one.name for one in gone.remove] == [hole]
    assert (gone.add, gone.move, gone.pull, gone.replug, gone.settings) == ((),) * 5
    assert {link.a.device for link in gone.unplug} == {hole}
    outlets = {(p.name, o.number): o.consumer for p in whole.pdus for o in p.outlets}
    left = {(p.name, o.number): o.consumer for p in holed.pdus for o in p.outlets}
    assert {key for key in outlets if key not in left} == {
        key for key, consumer in outlets.items() if consumer == hole
    }
    assert left.items() <= outlets.items()
    assert whole.switches == holed.switches
