"""What was taken out for good is in no plan, and whatever stays keeps its name and its address."""

from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.load import load_site
from clusterwright.model.record import Record
from clusterwright.record_file import write_record
from clusterwright.render import LIVE, render
from clusterwright.site_folder import SiteFolder, find_site
from tests.sites import LAB

PDU, CDU = "r2-pdu-a", "cdu1"


def planned(folder: Path, holes: tuple[str, ...], *, standing: tuple[str, ...] = ()) -> SitePlan:
    site = SiteFolder(definition=folder / "site.yml")
    site.definition.write_text(LAB)
    site.record.write_text(write_record(Record(holes=holes)))
    return design(load_site(site, standing=standing))


def addresses(plan: SitePlan) -> dict[str, str]:
    groups = (plan.nodes, plan.pdus, plan.power_shelves)
    found = {one.name: str(one.controller.address) for group in groups for one in group}
    return found | {loop.cdu: str(loop.controller.address) for loop in plan.loops}


@pytest.mark.parametrize("name", [PDU, CDU])
def test_what_stays_is_where_it_was(tmp_path: Path, name: str) -> None:
    before, after = planned(tmp_path, ()), planned(tmp_path, (name,))
    left = {other: one for other, one in addresses(before).items() if other != name}
    assert addresses(after) == left
    assert planned(tmp_path, (name,), standing=(name,)) == before
    assert planned(tmp_path, ("nobody",)) == before


def test_no_cord_goes_to_a_pdu_that_has_gone(tmp_path: Path) -> None:
    before, after = planned(tmp_path, ()), planned(tmp_path, (PDU,))
    counted = [(len(node.power_supplies), node.power_supplies_needed) for node in before.nodes]
    kept = [(len(node.power_supplies), node.power_supplies_needed) for node in after.nodes]
    assert (counted, kept) == ([(6, 4)] * 4, [(6, 4)] * 2 + [(4, 4)] * 2)
    assert not [one for one in after.nodes for cord in one.power_supplies if cord.pdu == PDU]


def test_no_cable_goes_to_a_switch_that_has_gone(tmp_path: Path) -> None:
    site = SiteFolder(definition=tmp_path / "site.yml")
    site.definition.write_text(find_site("lab").definition.read_text())
    before = design(load_site(site))
    name = before.switches[0].name
    site.record.write_text(write_record(Record(holes=(name,))))
    after = design(load_site(site))
    assert [one for one in before.switches if one.name != name] == list(after.switches)
    lost = [link for link in before.links if name in (link.a.device, link.b.device)]
    assert lost
    assert set(after.links) == set(before.links) - set(lost)
    assert not [out for pdu in after.pdus for out in pdu.outlets if out.consumer == name]


@pytest.mark.parametrize("name", [PDU, CDU, "su1-leaf1"])
def test_everything_is_rendered_without_it(tmp_path: Path, name: str) -> None:
    site = SiteFolder(definition=tmp_path / "site.yml")
    site.definition.write_text(find_site("lab").definition.read_text())
    assert name in str(design(load_site(site)))
    site.record.write_text(write_record(Record(holes=(name,))))
    assert render(design(load_site(site)), LIVE)
