"""What the documents show of the lab is there."""

import re

from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.model.site import Site
from clusterwright.site_folder import PROJECT, find_site

ADDRESS = re.compile(r"10\.10[01]\.\d+\.\d+")


def test_addresses_in_the_lab_s_document_are_its_controllers_and_its_store():
    plan = design(load_site(find_site("lab")))
    controllers = {str(one.controller.address) for one in (*plan.nodes, *plan.loops, *plan.pdus)}
    shown = set(ADDRESS.findall((PROJECT / "docs/lab.md").read_text()))
    assert shown & controllers
    stores = {one.image for baseline in plan.firmware for one in baseline.components}
    assert shown - controllers - set(ADDRESS.findall(" ".join(stores))) == set()


def test_the_outlet_that_the_lab_s_document_switches_feeds_a_node():
    plan = design(load_site(find_site("lab")))
    pdu = next(pdu for pdu in plan.pdus if pdu.name == "r2-pdu-a")
    shown = re.findall(r"Outlets/(\d+)/Actions", (PROJECT / "docs/lab.md").read_text())
    nodes = {node.name for node in plan.nodes}
    fed = {outlet.number for outlet in pdu.outlets if outlet.consumer in nodes}
    assert {int(number) for number in shown} <= fed
    assert shown


def test_the_definition_that_is_shown_as_complete_holds(tmp_path):
    text = (PROJECT / "docs/definition.md").read_text()
    shown = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "site.yml").write_text(shown[1])
    plan = design(load_site(find_site(str(tmp_path))))
    assert (plan.site, len(plan.nodes)) == ("small", 2)


def test_every_section_of_a_definition_is_in_its_document():
    text = (PROJECT / "docs/definition.md").read_text()
    sections = set(Site.model_fields) - {"site", "emulated"}
    assert {name for name in sections if f"`{name}`" not in text} == set()
