"""Where fewer nodes do not help a rack: other PDUs, another rack, or PDUs for fewer nodes."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from clusterwright.design import power
from clusterwright.errors import Mistake
from clusterwright.load import load_site
from clusterwright.site_folder import SiteFolder, find_site
from tests.circuits import circuits_of
from tests.sites import CATALOGUE, heed, own_model, put

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


def hungry_host(folder: Path, **power: Any) -> dict[str, Any]:
    """Return a site whose host is too much for an outlet of any PDU, in whichever rack."""
    supplies = {"count": 2, "needed": 1, "capacity_watts": 6000} | power
    watts = supplies.pop("watts")
    own_model(folder, "servers/management-1u", power_max_watts=watts, power_supplies=supplies)
    return site(("dgx-h100", 1), ("hgx-h100-liquid", 1))


@pytest.mark.parametrize(
    ("inlet", "watts", "used", "limit", "lacking"),
    [
        pytest.param("C14", 3000, "12.5 A on a C13", "10", "outlets of more volts", id="C13"),
        pytest.param(
            "C20",
            4800,
            "20 A on a C19",
            "16",
            "outlets of more volts and larger breakers",
            id="C19, and its breaker",
        ),
    ],
)
def test_one_supply_that_is_too_much_for_an_outlet_is_not_told_of_more_racks(  # noqa: PLR0917
    inlet, watts, used, limit, lacking, tmp_path
):
    found = power_mistakes(tmp_path, hungry_host(tmp_path, inlet=inlet, watts=watts))
    helps = (
        f"one management-1u alone is too much for its PDUs: use some with {lacking}, of the site's "
        "own catalogue if need be, or another model, as no single change helps"
    )
    host = next(one for one in found if one.path == "management.head")
    assert host.rule == (
        f"1 × management-1u in rack r1 put {used} outlet of r1-pdu-a with feed B gone, but such an "
        f"outlet carries {limit} A: at most 0 fit: {helps}"
    )
    assert all(one.rule.endswith(helps) and not one.remedy for one in found)


def test_supplies_that_take_no_more_volts_are_told_of_another_model(tmp_path):
    volts = {"input_volts": [200, 240]}
    found = power_mistakes(tmp_path, hungry_host(tmp_path, inlet="C14", watts=3000, **volts))
    assert [one.rule.rpartition("fit: ")[2] for one in found] == [
        "one management-1u alone is too much for its PDUs: use a model with more supplies or other "
        "inlets, as no single change helps"
    ]


def test_outlets_of_more_volts_and_larger_breakers_do_help_it(tmp_path):
    definition = hungry_host(tmp_path, inlet="C20", watts=4800)
    known = yaml.safe_load((CATALOGUE / "pdus/rack-pdu-415v-60a.yml").read_text())
    banks = [bank | {"breaker_amps": 40} for bank in known["banks"]]
    own_model(tmp_path, "pdus/rack-pdu-415v-60a", banks=banks, outlet_volts=320)
    found = power_mistakes(tmp_path, definition)
    assert [one.rule for one in found if "fit" in one.rule] == []
    (volts,) = (one.rule for one in found)
    assert volts.endswith(
        "give 320 V: use PDUs of such volts, or another model, as no single change helps"
    )


def test_supplies_that_more_feeds_relieve_are_told_of_feeds(tmp_path):
    definition = hungry_host(tmp_path, inlet="C20", watts=13_000, count=5, needed=3)
    found = power_mistakes(tmp_path, definition)
    assert found
    assert {one.rule.rpartition("fit: ")[2] for one in found} == {
        "one management-1u alone is too much for its PDUs: use 5 feeds and more racks, as no "
        "single change helps"
    }
