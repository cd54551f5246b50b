"""A group that grows before others of its unit: `diff` says whom it renumbers, and the remedy."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from clusterwright.cli import app
from clusterwright.design.difference import find_renumbered
from clusterwright.load import load_site
from clusterwright.model.site import Site
from clusterwright.site_folder import SiteFolder, find_site

H100 = yaml.safe_load(find_site("h100-su").definition.read_text())
RACKS = ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"]
COUNT = "compute.su1.groups[0]"


def group(count, racks, **more):
    return {"server": "dgx-h100", "count": count, "racks": racks, "pool": "training", **more}


FIRST, LAST = RACKS[:4], RACKS[4:]
STANDS = [group(12, FIRST), group(12, LAST)]


def site(folder: Path, groups, build_for=32) -> Path:
    unit = {**H100["compute"][0], "groups": groups, "build_for": build_for}
    file = folder / "site.yml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.safe_dump({**H100, "compute": [unit]}))
    return file


def opened(folder: Path, groups, build_for=32) -> Site:
    return load_site(SiteFolder(definition=site(folder, groups, build_for))).site


MOVED = "which renumbers the 12 nodes behind: su1-n13 becomes su1-n%s. "
RENUMBERED = {
    "more of a group": (
        [group(14, FIRST), group(12, LAST)],
        f"{COUNT}: it has 14 places instead of 12, {MOVED % 15}Leave it at 12, and write a further "
        "group of 2 at the end of su1; where nothing stands yet, write build_for: 14 on it in both "
        "definitions",
    ),
    "more of a group, in more racks": (
        [group(14, [*FIRST, "net1"]), group(12, LAST)],
        f"{COUNT}: it has 14 places instead of 12, {MOVED % 15}Leave it at 12, and write a further "
        "group of 2 at the end of su1; where nothing stands yet, write build_for: 14 on it in both "
        "definitions",
    ),
    "fewer of a group": (
        [group(10, FIRST), group(12, LAST)],
        f"{COUNT}: it has 10 places instead of 12, {MOVED % 11}Write build_for: 12 on it, which "
        "keeps them",
    ),
    "a group between": (
        [group(12, FIRST), group(2, ["r2"]), group(12, LAST)],
        f"compute.su1.groups[1]: another group stands here, {MOVED % 15}Write new groups at the "
        "end of su1, and leave the place of one that goes to holes: they keep the others' numbers",
    ),
}


@pytest.mark.parametrize(("groups", "sentence"), RENUMBERED.values(), ids=RENUMBERED.keys())
def test_whoever_is_renumbered_is_named_with_the_remedy(groups, sentence, tmp_path):
    old, new = opened(tmp_path / "old", STANDS), opened(tmp_path / "new", groups)
    assert list(find_renumbered(old, new)) == [sentence]


def test_a_unit_that_is_too_small_is_to_be_built_for_more(tmp_path):
    old = opened(tmp_path / "old", STANDS, build_for=25)
    new = opened(tmp_path / "new", [group(14, FIRST), group(12, LAST)], build_for=32)
    (sentence,) = find_renumbered(old, new)
    assert "group of 2 at the end of su1, and build_for: 26 on the unit; where" in sentence


QUIET = {
    "nothing": STANDS,
    "more of the last group": [group(12, FIRST), group(14, LAST)],
    "fewer, built for as many": [group(10, FIRST, build_for=12), group(12, LAST)],
    "a further group at the end": [*STANDS, group(2, ["r1"])],
}


@pytest.mark.parametrize("groups", QUIET.values(), ids=QUIET.keys())
def test_nothing_is_said_where_all_keep_their_numbers(groups, tmp_path):
    old, new = opened(tmp_path / "old", STANDS), opened(tmp_path / "new", groups)
    assert list(find_renumbered(old, new)) == []


def test_diff_says_it_first_of_all(tmp_path):
    old = site(tmp_path / "old", STANDS)
    new = site(tmp_path / "new", [group(14, FIRST), group(12, LAST)])
    said = CliRunner().invoke(app, ["diff", str(old), str(new)])
    assert said.exit_code == 0
    assert said.output.startswith("compute.su1.groups[0]: it has 14 places instead of 12")
    printed = CliRunner().invoke(app, ["diff", str(old), str(new), "--json"])
    assert len(json.loads(printed.output)["advice"]) == 1
