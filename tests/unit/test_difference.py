"""What two definitions differ in: devices, cables, settings, the bill."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from clusterwright.cli import app
from clusterwright.design import design
from clusterwright.design.difference import compare
from clusterwright.design.plan import SitePlan
from clusterwright.load import load_site
from clusterwright.site_folder import SiteFolder, find_site
from tests.sites import without_switches

LAB = without_switches(find_site("lab").definition.read_text())
LIQUID = "{server: hgx-h100-liquid, count: %s, racks: [r2], pool: inference}"


def definition(folder: Path, *edits: tuple[str, str]) -> Path:
    text = LAB
    for old, new in edits:
        assert text.count(old) >= 1, f"the lab's definition no longer says {old}"
        text = text.replace(old, new, 1)
    file = folder / "site.yml"
    file.write_text(text)
    return file


@pytest.fixture
def plan_of(tmp_path):
    def plan(*edits: tuple[str, str]) -> SitePlan:
        return design(load_site(SiteFolder(definition=definition(tmp_path, *edits))))

    return plan


MORE = (LIQUID % 2, LIQUID % 3)


def test_equal_definitions_differ_in_nothing(plan_of):
    nothing = compare(plan_of(), plan_of())
    parts = ("bill", "add", "remove", "move", "pull", "unplug", "replug", "settings", "steps")
    assert [getattr(nothing, part) for part in parts] == [()] * len(parts)


def test_a_node_more_is_bought_put_up_and_cabled(plan_of):
    more = compare(plan_of(), plan_of(MORE))
    assert [(one.name, one.kind, one.place) for one in more.add] == [("su1-n5", "node", "r2 U13")]
    assert len(more.pull) == 8
    assert {link.a.device for link in more.pull} == {"su1-n5"}
    assert ("node", "hgx-h100-liquid", 1) in [(b.kind, b.model, b.count) for b in more.bill]
    assert sum(b.count for b in more.bill if b.kind == "cable") == 8
    assert [step.action for step in more.steps] == ["mount", "pull"]
    assert (more.remove, more.move, more.unplug, more.replug, more.settings) == ((),) * 5


def test_the_way_back_unplugs_a_node_and_takes_it_down(plan_of):
    fewer = compare(plan_of(MORE), plan_of())
    assert [one.name for one in fewer.remove] == ["su1-n5"]
    assert len(fewer.unplug) == 8
    assert [(step.action, step.cut_off) for step in fewer.steps] == [
        ("re-cable", ()),
        ("unmount", ()),
    ]


def test_a_hole_takes_out_one_node_and_moves_nothing(plan_of):
    hole = compare(plan_of(), plan_of(("build_for: 32", "build_for: 32\n    holes: [su1-n1]")))
    assert [one.name for one in hole.remove] == ["su1-n1"]
    assert (hole.add, hole.move, hole.pull, hole.replug, hole.settings) == ((),) * 5


def test_another_mig_layout_is_a_setting_of_each_node_of_the_pool(plan_of):
    changed = compare(plan_of(), plan_of(("mig: 7x1g.10gb", "mig: 1x3g.40gb + 4x1g.10gb")))
    assert [(one.subject, one.what, one.was, one.becomes) for one in changed.settings] == [
        (name, "MIG", "7x1g.10gb", "1x3g.40gb + 4x1g.10gb") for name in ("su1-n3", "su1-n4")
    ]
    assert changed.steps == ()


def test_another_prefix_changes_addresses_and_nothing_else(plan_of):
    changed = compare(plan_of(), plan_of(("prefix: 10.101.0.0/22", "prefix: 10.102.0.0/22")))
    assert {one.what for one in changed.settings} == {"in-band address"}
    assert len(changed.settings) == 5
    assert (changed.bill, changed.steps) == ((), ())


def test_a_unit_under_another_name_is_the_same_nodes(plan_of):
    """Only its switches are: nothing is carried, and no cable moves."""
    changed = compare(plan_of(), plan_of(("- name: su1", "- name: pod")))
    assert ("pod-leaf1", "name", "su1-leaf1") in [
        (one.subject, one.what, one.was) for one in changed.settings
    ]
    assert (changed.move, changed.pull, changed.replug, changed.steps) == ((),) * 4


def test_another_set_point_is_a_setting_of_the_cdu(plan_of):
    changed = compare(plan_of(), plan_of(("supply_temperature_c: 32", "supply_temperature_c: 30")))
    assert [(one.subject, one.what, one.was, one.becomes) for one in changed.settings] == [
        ("cdu1", "supply temperature", "32 °C", "30 °C")
    ]


def test_json_is_one_document_with_everything(tmp_path):
    (tmp_path / "old").mkdir()
    old, new = definition(tmp_path / "old"), definition(tmp_path, MORE)
    result = CliRunner().invoke(app, ["diff", str(old), str(new), "--json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert len(document["pull"]) == 8
    assert document["steps"][0]["put_up"] == ["su1-n5"]
    assert document["pull"][0]["a"] == {"device": "su1-n5", "port": "OSFP1"}


def test_people_get_a_table_of_each_part(tmp_path):
    (tmp_path / "old").mkdir()
    old, new = definition(tmp_path / "old"), definition(tmp_path, MORE)
    result = CliRunner().invoke(app, ["diff", str(old), str(new)])
    assert result.exit_code == 0
    for words in (
        "Bill (6)",
        "Devices (1)",
        "Cables (8)",
        "1. put up su1-n5",
        "2. plug in 8 cables",
    ):
        assert words in result.stdout


def test_equal_sites_have_nothing_to_do():
    result = CliRunner().invoke(app, ["diff", "lab", "lab"])
    assert (result.exit_code, result.stdout) == (
        0,
        "nothing to do: both definitions give the same plan\n",
    )


@pytest.mark.parametrize("sites", [("nowhere", "lab"), ("lab", "nowhere")])
def test_a_site_that_does_not_exist_is_named(sites):
    result = CliRunner().invoke(app, ["diff", *sites])
    assert result.exit_code == 2
    assert result.stderr.startswith("site nowhere: ")


def test_a_definition_that_does_not_hold_is_refused(tmp_path):
    wrong = definition(tmp_path, ("build_for: 32", "build_for: 33"))
    result = CliRunner().invoke(app, ["diff", "lab", str(wrong)])
    assert result.exit_code == 2
    assert "compute.su1.build_for: 33 nodes" in result.stderr


def superpod(folder: Path, units: int) -> SitePlan:
    """Design units of 32 DGX H100: eight leaves to a rack, eight spines to one of their own."""
    text = find_site("h100-su").definition.read_text()
    tree = yaml.safe_load(text)
    facility, fabric = tree["facility"], tree["fabrics"]["compute"]
    numbers = range(1, units + 1)
    nodes = {n: [f"su{n}-r{k}" for k in range(1, 9)] for n in numbers}
    leaves, spines = [f"leaf{n}" for n in numbers], [f"spine{n}" for n in range(1, units // 2 + 1)]
    facility["racks"] = [
        {
            "model": "48u-750x1200",
            "names": [*(rack for racks in nodes.values() for rack in racks), *leaves, *spines],
            "power_limit_kw": 44,
            "pdus": {"model": "rack-pdu-415v-60a"},
        }
    ]
    row = [rack for n in numbers for rack in (*nodes[n], leaves[n - 1])]
    facility["floor"] = {"rows": [{"name": "row1", "racks": [*row[:36], *spines[:2]]}]}
    if units > 4:
        facility["floor"]["rows"].append({"name": "row2", "racks": [*row[36:], *spines[2:]]})
    facility.pop("cooling")
    tree["compute"] = [
        {
            "name": f"su{n}",
            "build_for": 32,
            "groups": [{"server": "dgx-h100", "count": 32, "racks": nodes[n], "pool": "training"}],
        }
        for n in numbers
    ]
    tree |= {"management": [], "storage": []}
    tree["fabrics"] = {
        "compute": {**fabric, "cable": "auto", "racks": leaves, "spine_racks": spines},
        "inband": {"kind": "ethernet", "prefix": "10.111.0.0/21"},
        "oob": {"kind": "ethernet", "prefix": "10.120.0.0/21"},
    }
    file = folder / "site.yml"
    file.write_text(yaml.safe_dump(tree))
    return design(load_site(SiteFolder(definition=file)))


def test_four_units_become_eight_without_carrying_a_device_or_losing_a_host(tmp_path):
    grown = compare(superpod(tmp_path, 4), superpod(tmp_path, 8))
    assert (grown.remove, grown.move) == ((), ())
    assert {step.cut_off for step in grown.steps} == {()}
    assert min(step.share for step in grown.steps) >= 0.75
    assert {one.kind for one in grown.add} == {"rack", "PDU", "node", "switch"}
    assert len([one for one in grown.add if one.kind == "switch"]) == 32 + 16
