"""A limit that needs a figure which nobody gave is not proven, and never passes."""

from io import StringIO

import pytest
from rich.console import Console

from clusterwright.cli.summary import summarise
from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.errors import DefinitionError
from clusterwright.load import load_site
from clusterwright.site_folder import PROJECT, SiteFolder, find_site
from tests.sites import without_switches

LAB = without_switches(find_site("lab").definition.read_text())
OURS = PROJECT / "clusterwright/catalogue"
WET = "server: hgx-h100-liquid"


def planned(tmp_path, text: str) -> SitePlan:
    folder = SiteFolder(definition=tmp_path / "site.yml")
    folder.definition.write_text(text)
    return design(load_site(folder))


def own_model(tmp_path, name: str, edits: dict[str, str]) -> None:
    """Give the site a copy of one of our models, edited."""
    text = (OURS / name).read_text()
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new)
    own = tmp_path / "catalogue" / name
    own.parent.mkdir(parents=True)
    own.write_text(text)


OF_THE_LAB = design(load_site(find_site("lab"))).unproven


def said(plan: SitePlan) -> set[tuple[str, str]]:
    return {(one.subject, one.reason) for one in plan.unproven}


def test_the_labs_generic_models_leave_open_what_nobody_publishes():
    keys = {one.reason.split("no ")[1].split(" of ")[0] for one in OF_THE_LAB}
    assert keys == {
        "air.flow_cfm",
        "air.inlet_c",
        "depth_mm",
        "liquid.pressure_drop_kpa",
        "liquid.supply_max_c",
        "load_max_kg",
        "power_max_watts",
        "power_max_watts or liquid_watts",
    }


def test_a_server_without_figures_leaves_its_rack_unproven(tmp_path):
    plan = planned(tmp_path, LAB.replace("server: management-1u", "server: cpu-2u"))
    assert said(plan) >= {
        ("rack r1", "the catalogue has no power_max_watts of cpu-2u"),
        ("rack r1", "the catalogue has no power_supplies of cpu-2u"),
    }


def test_a_switch_without_figures_leaves_its_rack_unproven(tmp_path):
    own_model(tmp_path, "switches/qm9700.yml", {"power_max_watts: 1720": "power_max_watts: null"})
    assert said(planned(tmp_path, LAB)) >= {
        ("rack r1", "the catalogue has no power_max_watts of qm9700"),
    }


def test_a_server_with_an_unknown_share_leaves_its_loop_unproven(tmp_path):
    text = LAB.replace(WET, "server: hgx-b200-liquid").replace("mig: 7x1g.10gb", "mig: none")
    assert said(planned(tmp_path, text)) >= {
        ("rack r2", "the catalogue has no power_supplies of hgx-b200-liquid"),
        ("loop tcs1", "the catalogue has no liquid_watts of hgx-b200-liquid"),
    }


def test_a_server_with_an_unknown_share_needs_a_loop_all_the_same(tmp_path):
    text = LAB.replace(WET, "server: hgx-b200-liquid").replace("mig: 7x1g.10gb", "mig: none")
    with pytest.raises(DefinitionError, match="hgx-b200-liquid in rack r2 is cooled by liquid"):
        planned(
            tmp_path, text.replace("racks: [r2]\n        supply", "racks: [r1]\n        supply")
        )


def test_what_is_known_breaks_a_limit_beside_what_is_not(tmp_path):
    text = LAB.replace("server: management-1u", "server: cpu-2u")
    with pytest.raises(DefinitionError, match="the rack's limit is 20 kW"):
        planned(tmp_path, text.replace("power_limit_kw: 44", "power_limit_kw: 20"))


def test_the_summary_says_what_is_not_proven(tmp_path):
    console = Console(file=StringIO(), width=200)
    summarise(planned(tmp_path, LAB.replace("server: management-1u", "server: cpu-2u")), console)
    lines = console.file.getvalue().splitlines()
    heading = lines.index("not proven: the catalogue has no power_supplies of cpu-2u:")
    assert lines[heading + 1] == (
        "  rack r1: every power supply has an outlet, and enough are fed with any one feed gone"
    )
    assert lines[-1].startswith("the definition holds, as far as is proven: ")


def test_a_model_of_the_sites_own_proves_it(tmp_path):
    own_model(
        tmp_path,
        "servers/cpu-2u.yml",
        {
            "power_max_watts: null": "power_max_watts: 900",
            "power_supplies: null": "power_supplies: {count: 2, needed: 1, inlet: C14}",
        },
    )
    text = LAB.replace("server: management-1u", "server: cpu-2u")
    plan = planned(tmp_path, text)
    missing = [one.reason for one in plan.unproven if "power" in one.reason]
    assert [reason for reason in missing if "cpu-2u" in reason] == []
