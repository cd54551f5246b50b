"""NetBox: columns that its forms know, and nothing refers to what was not imported before."""

from csv import DictReader
from dataclasses import replace

import pytest

from clusterwright.design import design
from clusterwright.design.plan import LinkEnd
from clusterwright.load import load_site
from clusterwright.render.netbox import render_netbox
from clusterwright.site_folder import find_site

# The fields of dcim/forms/bulk_import.py and ipam/forms/bulk_import.py, NetBox 4.2.
FIELDS = {
    "manufacturers": "name slug description tags",
    "device-roles": "name slug color vm_role config_template description tags",
    "sites": "name slug status region group tenant facility time_zone description comments tags",
    "racks": "site location name facility_id tenant status role form_factor serial asset_tag width "
    "u_height desc_units outer_width outer_depth outer_unit mounting_depth airflow weight "
    "max_weight weight_unit description comments tags",
    "device-types": "manufacturer default_platform model slug part_number u_height "
    "exclude_from_utilization is_full_depth subdevice_role airflow description weight weight_unit",
    "devices": "name role tenant manufacturer device_type platform serial asset_tag status site "
    "location rack position face parent device_bay airflow description comments tags",
    "power-panels": "site location name description comments tags",
    "power-feeds": "site power_panel location rack name status type mark_connected supply phase "
    "voltage amperage max_utilization tenant description comments tags",
    "power-ports": "device name label type mark_connected maximum_draw allocated_draw description",
    "power-outlets": "device name label type color mark_connected power_port feed_leg description",
    "interfaces": "device name label parent bridge lag type speed duplex enabled mark_connected "
    "wwn vdcs mtu mgmt_only description mode vrf tags",
    "prefixes": "prefix vrf tenant vlan_group vlan_site vlan status role scope_type scope_id "
    "is_pool mark_utilized description comments tags",
    "ip-addresses": "address vrf tenant status role device virtual_machine interface fhrp_group "
    "is_primary is_oob dns_name description comments tags",
    "cables": "side_a_device side_a_type side_a_name side_b_device side_b_type side_b_name type "
    "status tenant label color length length_unit description comments tags",
}
INTERFACE_TYPES = {
    "lag",
    "other",
    "1000base-t",
    "1000base-x-sfp",
    "10gbase-t",
    "10gbase-x-sfpp",
    "25gbase-x-sfp28",
    "100gbase-x-qsfp28",
    "200gbase-x-qsfp56",
    "400gbase-x-osfp",
    "800gbase-x-osfp",
    "infiniband-edr",
    "infiniband-hdr",
    "infiniband-ndr",
    "infiniband-xdr",
}
TERMINATIONS = {
    "dcim.interface": "interfaces",
    "dcim.powerport": "power-ports",
    "dcim.poweroutlet": "power-outlets",
}


def plan_of(site):
    return design(load_site(find_site(site)))


def tables_of(plan):
    """Return rows by kind of object, in the order of import."""
    return {
        path.partition("-")[2].removesuffix(".csv"): list(DictReader(text.splitlines()))
        for path, text in sorted(render_netbox(plan).items())
    }


@pytest.fixture(scope="module", params=["lab", "h100-su"])
def plan(request):
    return plan_of(request.param)


@pytest.fixture(scope="module")
def tables(plan):
    return tables_of(plan)


def named(tables, kind, key="name"):
    return {row[key] for row in tables[kind]}


def test_every_column_is_a_field_of_its_form(plan):
    for path, text in render_netbox(plan).items():
        kind = path.partition("-")[2].removesuffix(".csv")
        columns = set(text.splitlines()[0].split(","))
        assert columns <= set(FIELDS[kind].split()), kind


def test_what_a_device_refers_to_is_there(tables):
    types = {(row["manufacturer"], row["model"]) for row in tables["device-types"]}
    for row in tables["devices"]:
        assert row["role"] in named(tables, "device-roles")
        assert (row["manufacturer"], row["device_type"]) in types
        assert row["rack"] in named(tables, "racks") | {""}
        assert row["face"] in {"front", "rear", ""}


def test_names_and_slugs_are_there_once(tables):
    for kind in ("manufacturers", "device-roles", "device-types", "racks", "devices"):
        key = "model" if kind == "device-types" else "name"
        assert len(named(tables, kind, key)) == len(tables[kind]), kind
    for kind in ("interfaces", "power-ports", "power-outlets"):
        ports = [(row["device"], row["name"]) for row in tables[kind]]
        assert len(set(ports)) == len(ports), kind


def test_every_port_is_of_a_device(tables):
    devices = named(tables, "devices")
    for kind in ("interfaces", "power-ports", "power-outlets"):
        assert {row["device"] for row in tables[kind]} <= devices, kind
    assert {row["type"] for row in tables["interfaces"]} <= INTERFACE_TYPES


def test_every_termination_of_a_cable_is_a_port_and_is_used_once(tables):
    ports = {
        (kind, row["device"], row["name"]) for kind in TERMINATIONS.values() for row in tables[kind]
    }
    ends = [
        (
            TERMINATIONS[row[f"side_{side}_type"]],
            row[f"side_{side}_device"],
            row[f"side_{side}_name"],
        )
        for row in tables["cables"]
        for side in "ab"
    ]
    assert set(ends) <= ports
    assert len(set(ends)) == len(ends)


def test_every_link_and_cord_is_a_cable(plan, tables):
    cords = sum(len(pdu.outlets) for pdu in plan.pdus)
    assert len(tables["cables"]) == len(plan.links) + cords


def test_every_address_is_on_an_interface_and_a_device_has_one_primary(tables):
    interfaces = {(row["device"], row["name"]) for row in tables["interfaces"]}
    primaries = [row["device"] for row in tables["ip-addresses"] if row["is_primary"] == "true"]
    assert len(set(primaries)) == len(primaries)
    for row in tables["ip-addresses"]:
        assert (row["device"], row["interface"]) in interfaces


def test_infiniband_ports_are_infiniband(tables):
    types = {row["type"] for row in tables["interfaces"] if row["name"].startswith("OSFP")}
    assert types == {"infiniband-ndr"}


def test_two_cables_in_band_are_a_bond_that_has_the_address():
    plan = plan_of("lab")
    first = plan.links[0]
    pair = tuple(
        replace(
            first,
            fabric="inband",
            a=LinkEnd(device="su1-n1", port=f"slot{n}"),
            b=LinkEnd(device=f"su1-leaf{n}", port="64/2"),
        )
        for n in (1, 2)
    )
    tables = tables_of(replace(plan, links=(*plan.links, *pair)))
    found = {row["name"]: row for row in tables["interfaces"] if row["device"] == "su1-n1"}
    assert found["bond0"]["type"] == "lag"
    assert [found[f"slot{n}"]["lag"] for n in (1, 2)] == ["bond0", "bond0"]
    on = {row["dns_name"]: row["interface"] for row in tables["ip-addresses"]}
    assert on["su1-n1.lab.internal"] == "bond0"
    names = [row["name"] for row in tables["interfaces"]]
    assert names.index("bond0") < names.index("slot1")
