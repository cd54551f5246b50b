"""One cause in many equal racks: one line for people, every rack for programs, one remedy."""

import json

import pytest
import yaml
from typer.testing import CliRunner

from clusterwright.cli import app
from tests.sites import definition, heed, mistakes_of, own_model

NAMES = [f"su1-r{number}" for number in range(1, 17)]
TOO_HEAVY = (
    "compute.su1.groups[0].count: 2 × dgx-h100 in rack su1-r1 … su1-r16 (16 racks) weigh 260.9 kg, "
    "but a 48u-750x1200 carries 200 kg: at most 1 fit: build_for: 16 spreads them so"
)


@pytest.fixture
def site(tmp_path):
    """Return a definition of a unit whose 16 racks bear one node each, but are given two."""
    own_model(tmp_path, "racks/48u-750x1200", load_max_kg=200.0)
    written = definition()
    written["facility"]["racks"][0]["names"] = [*NAMES, "r1", "r2"]
    group = {"server": "dgx-h100", "count": 32, "racks": NAMES, "pool": "training"}
    written["compute"][0] |= {"groups": [group]}
    written["fabrics"]["compute"] |= {"racks": ["r1", "r2"]}
    del written["servers"], written["pools"]["inference"]
    return written


def check(folder, written, *options):
    file = folder / "site.yml"
    file.write_text(yaml.safe_dump(written, sort_keys=False))
    return CliRunner().invoke(app, ["check", str(file), *options])


def test_one_line_names_them_all(tmp_path, site):
    result = check(tmp_path, site)
    (line,) = (line for line in result.stderr.splitlines() if "weigh" in line)
    assert (result.exit_code, line.partition(": ")[2]) == (2, TOO_HEAVY)


def test_a_program_is_told_of_each_of_them(tmp_path, site):
    result = check(tmp_path, site, "--json")
    assert (result.exit_code, result.stderr) == (2, "")
    found = [one for one in json.loads(result.stdout)["mistakes"] if "weigh" in one["rule"]]
    racks = [one["rule"].partition("in rack ")[2].partition(" ")[0] for one in found]
    assert sorted(racks) == sorted(NAMES)
    for one in found:
        assert one["path"] == "compute.su1.groups[0].count"
        assert {change["path"]: change["value"] for change in one["remedy"]} == {
            "compute.su1.groups[0].build_for": "16",
            "compute.su1.groups[0].count": "16",
        }


def test_one_change_of_the_definition_mends_them_all(tmp_path, site):
    heed(site, tuple(one for one in mistakes_of(tmp_path, site) if "weigh" in one.rule)[:1])
    assert [one.rule for one in mistakes_of(tmp_path, site) if "weigh" in one.rule] == []


def test_a_program_is_told_what_is_nearly_reached_and_what_is_not_proven():
    result = CliRunner().invoke(app, ["check", "lab", "--json"])
    document = json.loads(result.stdout)
    assert (result.exit_code, document["mistakes"]) == (0, [])
    assert {"subject": "rack r1", "limit": "power limit of the rack"}.items() <= (
        document["nearly_reached"][0].items()
    )
    assert {"subject", "check", "reason"} <= document["not_proven"][0].keys()
