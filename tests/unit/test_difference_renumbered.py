"""A group that grows before others of its unit: `diff` says whom it renumbers, and the remedy."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from clusterwright.cli import app
from clusterwright.design import design
from clusterwright.design.difference import find_renumbered
from clusterwright.load import LoadedSite, load_site
from clusterwright.site_folder import SiteFolder, find_site
from tests.standing import changed

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


def opened(folder: Path, groups, build_for=32) -> LoadedSite:
    return load_site(SiteFolder(definition=site(folder, groups, build_for)))


OTHERS = [group(12, FIRST), group(12, LAST, server="hgx-h100-air")]
MOVED = "which renumbers the 12 nodes behind: su1-n13 becomes su1-n%s. "
GROWN = (
    f"{COUNT}: it has %s places instead of 12, {MOVED}Leave it at 12%s; where nothing stands yet, "
    "write build_for: %s on it in both definitions"
)
RAISE = ", and raise the last group, groups[1], to count: 14"
RENUMBERED = {
    "more of a group": (STANDS, [group(14, FIRST), STANDS[1]], GROWN % (14, 15, RAISE, 14)),
    "more of a group, in more racks": (
        STANDS,
        [group(14, [*FIRST, "net1"]), STANDS[1]],
        GROWN % (14, 15, RAISE, 14),
    ),
    "more of a group, other servers follow": (
        OTHERS,
        [group(14, FIRST), OTHERS[1]],
        GROWN
        % (
            14,
            15,
            ", and write a further group of 2 at the end of su1, with build_for: 16 on groups[1] "
            "before them",
            14,
        ),
    ),
    "more than the unit is built for": (
        STANDS,
        [group(20, FIRST), STANDS[1]],
        GROWN % (20, 21, ": su1 is built for no 8 more, so write a further unit", 20),
    ),
    "fewer of a group": (
        STANDS,
        [group(10, FIRST), STANDS[1]],
        f"{COUNT}: it has 10 places instead of 12, {MOVED % 11}Write build_for: 12 on it, which "
        "keeps them",
    ),
    "a group between": (
        STANDS,
        [STANDS[0], group(2, ["r2"]), STANDS[1]],
        f"compute.su1.groups[1]: another group stands here, {MOVED % 15}Write new groups at the "
        "end of su1, with build_for: 16 on groups[1] before them, and leave the nodes of one that "
        "goes to holes",
    ),
    "a group behind the last one": (
        STANDS,
        [*STANDS, group(2, ["r1"])],
        "compute.su1.groups[1]: 4 of its nodes were kept in each rack as long as it was the last "
        "of su1; now that a group follows it is 3, which moves nodes. Write build_for: 16 on it",
    ),
}


@pytest.mark.parametrize(
    ("stands", "groups", "sentence"), RENUMBERED.values(), ids=RENUMBERED.keys()
)
def test_whoever_is_renumbered_is_named_with_the_remedy(stands, groups, sentence, tmp_path):
    old, new = opened(tmp_path / "old", stands), opened(tmp_path / "new", groups)
    assert list(find_renumbered(old, new)) == [sentence]


QUIET = {
    "nothing": STANDS,
    "more of the last group": [group(12, FIRST), group(14, LAST)],
    "fewer, built for as many": [group(10, FIRST, build_for=12), group(12, LAST)],
    "a further group at the end": [STANDS[0], group(12, LAST, build_for=16), group(2, ["r1"])],
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


FIRST_KEPT, LAST_KEPT = group(12, FIRST, build_for=12), group(12, LAST, build_for=16)
ADVISED = {
    "the last group is raised": (STANDS, [STANDS[0], group(14, LAST)]),
    "a further group follows": (
        STANDS,
        # In racks that it shares, each group says how many it is for: `check` asks for that.
        [FIRST_KEPT, LAST_KEPT, group(2, ["r1", "r2"], build_for=2)],
    ),
    "fewer, built for as many": (STANDS, [group(10, FIRST, build_for=12), STANDS[1]]),
}


@pytest.mark.parametrize(("stands", "groups"), ADVISED.values(), ids=ADVISED.keys())
def test_what_is_advised_moves_nothing_that_stays(stands, groups, tmp_path):
    old, new = (
        design(opened(tmp_path / name, them)) for name, them in (("old", stands), ("new", groups))
    )
    assert {key for key, value in changed(old, new).items() if value is not None} == set()
