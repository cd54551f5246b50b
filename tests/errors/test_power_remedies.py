"""Where fewer nodes do not help a rack: other PDUs, another rack, or PDUs for fewer nodes."""

from pathlib import Path
from typing import Any

import yaml

from clusterwright.design import power
from clusterwright.errors import Mistake
from clusterwright.load import load_site
from clusterwright.site_folder import SiteFolder, find_site
from tests.circuits import circuits_of
from tests.sites import heed, own_model, put

C19_ONLY = {"model": "rack-pdu-24-c19", "per_feed": 1}
"""PDUs without an outlet for the C14 inlets of a management host."""


def power_mistakes(folder: Path, site: dict[str, Any]) -> tuple[Mistake, ...]:
    """Return what is wrong with the power of a site, whatever else is."""
    file = folder / "site.yml"
    file.write_text(yaml.safe_dump(site, sort_keys=False))
    loaded = load_site(SiteFolder(definition=file))
    circuits = circuits_of(loaded)
    found = power.find_problems(loaded, circuits, power.balance_feeds(loaded, circuits))
    return tuple(loaded.source.mistake(problem) for problem in found)


def site(*nodes: tuple[str, int], **changes: Any) -> dict[str, Any]:
    """Return the lab with other nodes in r1 and in r2, in racks that may draw a lot."""
    written = yaml.safe_load(find_site("lab").definition.read_text())
    put(written, "facility.racks[0].power_limit_kw", 132)
    del written["servers"]
    for (server, count), group in zip(nodes, written["compute"][0]["groups"], strict=True):
        group |= {"server": server, "count": count}
    for path, value in changes.items():
        put(written, path.replace("__", "."), value)
    return written


def light() -> dict[str, Any]:
    return site(
        ("dgx-h100", 2),
        ("hgx-h100-liquid", 2),
        facility__racks__0__pdus=C19_ONLY,
        fabrics__compute__racks=["r2"],
    )


def heavy() -> dict[str, Any]:
    """Return a site whose r2 draws more than any PDUs carry that have outlets for all."""
    return site(
        ("dgx-b300", 4),
        ("dgx-b300", 7),
        facility__feeds=["A", "B"],
        facility__power={"keep": "degraded"},
        facility__racks__0__pdus=C19_ONLY,
        fabrics__compute__racks=["r2"],
    )


def beside_a_host() -> dict[str, Any]:
    """Return a site in which a supply of a DGX B200 and a host share a branch of any PDU."""
    return site(
        ("dgx-b200", 5),
        ("dgx-h100", 3),
        facility__feeds=["A", "B", "C", "D"],
        facility__power={"keep": "degraded"},
        facility__racks__0__feeds=["A", "B", "C"],
        facility__racks__0__pdus={"model": "rack-pdu-415v-60a", "per_feed": 4},
    )


def test_who_finds_no_outlet_is_told_of_pdus_that_carry_all(tmp_path):
    definition = light()
    (host, *_) = power_mistakes(tmp_path, definition)
    assert f"{host.path}: {host.rule}" == (
        "management.head: 1 × management-1u in rack r1 have 2 power supplies with C14 inlets, "
        "beside 4 of 2 other devices, but the rack's 3 × rack-pdu-24-c19 have 0 C13 outlets: at "
        "most 0 fit: use 1 × rack-pdu-415v-60a per feed"
    )
    heed(definition, power_mistakes(tmp_path, definition))
    assert power_mistakes(tmp_path, definition) == ()


def test_a_model_of_the_site_s_own_is_told_of_where_it_is_the_smallest_that_does(tmp_path):
    own_model(tmp_path, "pdus/rack-pdu-415v-60a", rated_va=43_000)
    own = tmp_path / "catalogue/pdus/rack-pdu-415v-60a.yml"
    own.rename(own.with_name("our-pdu.yml"))
    (host, *_) = power_mistakes(tmp_path, light())
    assert [(one.path, one.value) for one in host.remedy] == [
        ("facility.racks[0].pdus", "{model: our-pdu, per_feed: 1}")
    ]


def test_where_no_pdus_carry_all_those_are_told_of_that_carry_most(tmp_path):
    definition = heavy()
    found = power_mistakes(tmp_path, definition)
    assert [one.path for one in found] == ["management.head", "fabrics.inband.racks"]
    assert {one.remedy for one in found} == {found[0].remedy}
    assert found[0].rule.endswith(
        "use 4 × rack-pdu-415v-60a per feed, which carry at most 6 × dgx-b300"
    )
    heed(definition, found)
    assert power_mistakes(tmp_path, definition) == ()


def test_what_shares_a_branch_with_a_node_goes_to_another_rack(tmp_path):
    definition = beside_a_host()
    (found,) = power_mistakes(tmp_path, definition)
    assert found.rule.endswith("at most 0 fit: use rack r2 for 1 × management-1u"), found.rule
    heed(definition, (found,))
    assert power_mistakes(tmp_path, definition) == ()
