"""The cut sheet, labels and pull sheets say the same of every cable."""

import csv
from collections import Counter
from io import StringIO

import pytest

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.render.cables import render_cables
from clusterwright.render.labels import render_labels
from clusterwright.render.piece import mounts_of
from clusterwright.render.pull_sheets import render_pull_sheets
from tests.superpods import compute_superpod, definition, loaded

ROOMY = {
    "title": "A PDU for any rack",
    "source": "test",
    "confidence": "assumed",
    "outlet_count": 72,
    "banks": [{"type": "C19", "count": 24}, {"type": "C13", "count": 48}],
}


@pytest.fixture(scope="module", params=["ndr-multimode", "auto", "all networks"])
def plan(request, tmp_path_factory) -> SitePlan:
    if request.param == "all networks":
        return design(loaded(definition(units=1), tmp_path_factory.mktemp("site")))
    site = compute_superpod("hgx-h100-air", nodes_per_rack=4)
    compute = site["fabrics"]["compute"]
    compute["cable"] = request.param
    # Leaves in the racks of their nodes, so that copper reaches some of them.
    compute["racks"] = ["u1r1", "u1r2", "m1", "m2", "m3", "m4"]
    for racks in site["facility"]["racks"]:
        racks |= {"power_limit_kw": 100, "pdus": {"model": "roomy"}}
    return design(loaded(site, tmp_path_factory.mktemp("site"), {"pdus/roomy": ROOMY}))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_the_cut_sheet_has_a_row_for_every_piece_and_counts_its_links(plan):
    sheet = rows(render_cables(plan))
    assert {row["cable_id"] for row in sheet} == {link.piece for link in plan.links}
    assert len(sheet) == len({row["cable_id"] for row in sheet})
    assert sum(int(row["links"]) for row in sheet) == len(plan.links)


def test_the_cut_sheet_names_both_ends_parts_and_length(plan):
    compute = [link for link in plan.links if (link.tier, link.fabric) == ("node-leaf", "compute")]
    link = next(link for link in compute if link.optic_a)
    row = next(row for row in rows(render_cables(plan)) if row["cable_id"] == link.piece)
    node = next(node for node in plan.nodes if node.name == link.a.device)
    assert (row["a_device"], row["a_port"]) == (link.a.device, link.a.port)
    assert (row["a_rack"], row["a_unit"]) == (node.mount.rack, str(node.mount.lowest_unit))
    assert (row["b_device"], row["b_port"]) == (link.b.device, link.b.port)
    assert (row["part_number"], float(row["length_m"])) == ("MFP7E10", link.length_m)
    assert row["a_transceiver_part"] in ("MMA4Z00-NS400", "MMA4Z00-NS-FLT")
    assert row["b_transceiver_part"] == "MMA4Z00-NS"
    assert row["a_label"] == f"{link.a.device} {link.a.port} → {link.b.device} {link.b.port}"


def test_no_label_is_there_twice(plan):
    labels = rows(render_labels(plan))
    assert [text for text, n in Counter(row["text"] for row in labels).items() if n > 1] == []
    ends = Counter((row["cable_id"], row["end"]) for row in labels)
    assert max(ends.values()) == 1


def test_every_plug_has_a_label(plan):
    labelled = {row["text"].split(" → ")[0] for row in rows(render_labels(plan))}
    ports = {
        (name.split(" ")[0], port) for name in labelled for port in name.split(" ")[1].split("+")
    }
    ends = {(end.device, end.port) for link in plan.links for end in (link.a, link.b)}
    assert ports == ends


def test_a_bundle_has_as_many_cables_in_the_racks_as_it_says(plan):
    sheets = render_pull_sheets(plan)
    bundles = {row["bundle"]: row for row in rows(sheets.pop("pull/bundles.csv"))}
    in_rack = Counter(
        (row["bundle"], row["cable_id"])
        for path, text in sheets.items()
        for row in rows(text)
        if row["bundle"]
    )
    cables = Counter(bundle for bundle, _ in in_rack)
    assert cables == {name: int(row["cables"]) for name, row in bundles.items()}
    assert max(cables.values()) <= 24


def test_every_end_is_on_the_sheet_of_its_rack(plan):
    sheets = render_pull_sheets(plan)
    mounts = mounts_of(plan)
    ends = Counter(
        (row["cable_id"], row["device"])
        for path, text in sheets.items()
        if path.startswith("pull/racks/")
        for row in rows(text)
    )
    for path, text in sheets.items():
        if path.startswith("pull/racks/"):
            rack = path.removeprefix("pull/racks/").removesuffix(".csv")
            assert {mounts[row["device"]].rack for row in rows(text)} == {rack}
    wanted = {(link.piece, end.device) for link in plan.links for end in (link.a, link.b)}
    assert ends.keys() == wanted
