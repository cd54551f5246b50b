"""What the documents show of the lab is there."""

import re

from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.site_folder import PROJECT, find_site

ADDRESS = re.compile(r"10\.10[01]\.\d+\.\d+")


def test_addresses_in_the_lab_s_document_are_its_controllers_and_what_serves_its_files():
    plan = design(load_site(find_site("lab")))
    controllers = {str(one.controller.address) for one in (*plan.nodes, *plan.loops, *plan.pdus)}
    shown = set(ADDRESS.findall((PROJECT / "docs/lab.md").read_text()))
    assert shown
    assert shown - controllers == {str(plan.inband.gateway)}


def test_the_outlet_that_the_lab_s_document_switches_feeds_a_node():
    plan = design(load_site(find_site("lab")))
    pdu = next(pdu for pdu in plan.pdus if pdu.name == "r2-pdu-a")
    shown = re.findall(r"Outlets/(\d+)/Actions", (PROJECT / "docs/lab.md").read_text())
    nodes = {node.name for node in plan.nodes}
    fed = {outlet.number for outlet in pdu.outlets if outlet.consumer in nodes}
    assert {int(number) for number in shown} <= fed
    assert shown
