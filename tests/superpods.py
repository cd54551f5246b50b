"""DGX SuperPODs as their reference architectures describe them, as definitions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from clusterwright.design.networks import Networks, find_problems, plan_networks
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats, taken
from clusterwright.design.stores import list_stores
from clusterwright.load import LoadedSite, load_site
from clusterwright.site_folder import SiteFolder

UNITS, UNIT = 4, 32
NODE_PDU, NETWORK_PDU = "raritan-px3-5878i2r", "rack-pdu-415v-32a"
"""Nodes take outlets of type C19, switches C13."""
PDU = """
title: Stand-in for PX3-5747V-V2, whose sheet was not found
source: This test
confidence: assumed
outlet_count: 48
banks: [{type: C13, count: 42}, {type: C19, count: 6}]
"""

MANAGEMENT = tuple(
    f"      - {{host: mgmt{2 * unit - 1}, kind: management, ports: 2, "
    f"shared_with: [mgmt{2 * unit}], unit: su{unit}, cable: hdr-aoc-split-osfp}}\n"
    for unit in (1, 2)
)
"""Two servers at a unit share a cable of two legs to each of its leaves; so there are four."""


def definition(
    units: int = UNITS, *, nodes_per_rack: int = 4, edits: tuple[tuple[str, str], ...] = ()
) -> str:
    """Return DGX SuperPOD H100 RA-11333-001 V11 with so many units, as tables 7 and 8 have it.

    Given are what the tables' text gives: nodes, racks, UFM, management servers, appliances. One
    node makes room for UFM, each two of whose appliances share two splitters. Storage stands in
    two systems, one of them with leaves of its own; management servers have four cables to it.
    """
    racks = [_racks(unit, UNIT // nodes_per_rack) for unit in range(1, units + 1)]
    text = f"""
site: superpod
facility:
  feeds: [A, B, C]
  racks:
    - model: legrand-nvidpd13
      names: [{", ".join(name for names in racks for name in names)}]
      power_limit_kw: 44
      pdus: {{model: raritan-px3-5878i2r, per_feed: 1}}
    - model: legrand-nvidpd13
      names: [m1, m2, m3, m4, m5, m6]
      power_limit_kw: 44
      feeds: [A, B]
      pdus: {{model: management-pdu, per_feed: 1}}
  floor:
    rows:
{"".join(_row(unit, names) for unit, names in enumerate(racks, start=1))}
      - {{name: rowm, racks: [m1, m2, m3, m4, m5, m6]}}
compute:
{"".join(_unit(unit, names) for unit, names in enumerate(racks, start=1))}
management:
  - {{name: mgmt1, server: management-1u, rack: m1}}
  - {{name: mgmt2, server: management-1u, rack: m2}}
  - {{name: mgmt3, server: management-1u, rack: m3}}
  - {{name: mgmt4, server: management-1u, rack: m4}}
  - {{name: ufm1, server: ufm-appliance-ndr, rack: m1}}
  - {{name: ufm2, server: ufm-appliance-ndr, rack: m2}}
  - {{name: ufm3, server: ufm-appliance-ndr, rack: m3}}
  - {{name: ufm4, server: ufm-appliance-ndr, rack: m4}}
storage:
  - {{name: fast, model: storage-nvme-2u, racks: [m5, m6], count: 24, ports: 4, oob_ports: 0}}
  - name: home
    model: storage-hdd-4u
    racks: [m1, m2, m3, m4]
    count: 4
    ports: 0
    inband_ports: 2
    oob_ports: 0
pools:
  training: {{mig: none}}
fabrics:
  compute:
    kind: infiniband
    switch: qm9700
    cable: ndr-multimode
    racks: [m1, m2, m3, m4, m5, m6]
    attached:
      - {{host: ufm1, kind: ufm, ports: 2, shared_with: [ufm2], cable: ndr-multimode-splitter}}
  storage:
    kind: infiniband
    switch: qm9700
    cable: ndr-multimode
    racks: [m1, m2, m3, m4, m5, m6]
    oversubscription: "4:3"
    appliances: {{leaves: 4, cable: hdr-aoc-split-osfp}}
    attached:
      - {{host: ufm3, kind: ufm, ports: 2, shared_with: [ufm4], cable: ndr-multimode-splitter}}
{"".join(MANAGEMENT[:units])}  inband:
    kind: ethernet
    prefix: 10.1.0.0/22
    switch: sn4600c
    cable: hdr-aoc
    uplink_cable: aoc-100g
    racks: [m1, m2, m3, m4, m5, m6]
    uplinks: {{rack: m1, links: 4, cable: lc-singlemode-100g}}
  oob:
    kind: ethernet
    prefix: 10.0.0.0/22
    switch: sn2201
    cable: cat6
    uplink_cable: aoc-100g
    racks: [m1, m2, m3, m4, m5, m6]
    back_to_back: [[ufm1, ufm2], [ufm3, ufm4]]
software:
  package_sources:
    - {{name: cuda, uri: "https://example.org", suites: [/], key_url: "https://example.org/k"}}
  gpu_driver: 580.178.04
  time_servers: [10.1.0.2]
"""
    for old, new in edits:
        assert text.count(old) >= 1, f"the definition no longer says {old}"
        text = text.replace(old, new)
    return text


def compute_superpod(
    server: str, *, nodes_per_rack: int, feeds: str = "ABC", **more: Any
) -> dict[str, Any]:
    """Return four units whose compute fabric is planned, and nobody's other switches."""
    site: dict[str, Any] = yaml.safe_load(definition(nodes_per_rack=nodes_per_rack))
    nodes, network = site["facility"]["racks"]
    site["facility"]["feeds"] = list(feeds)
    nodes["pdus"] = {"model": NODE_PDU, "per_feed": 2}
    network |= {"feeds": list(feeds), "pdus": {"model": NETWORK_PDU, "per_feed": 2}}
    for unit in site["compute"]:
        unit["groups"][0]["server"] = server
    fabrics = site["fabrics"]
    del site["storage"], fabrics["storage"]
    fabrics["inband"] = {"kind": "ethernet", "prefix": "10.112.0.0/22"}
    fabrics["oob"] = {"kind": "ethernet", "prefix": "10.120.0.0/20"}
    site["management"] = [one for one in site["management"] if one["name"] in ("ufm1", "ufm2")]
    return site | more


def _racks(unit: int, racks: int) -> list[str]:
    return [f"u{unit}r{n}" for n in range(1, racks + 1)]


def _row(unit: int, names: list[str]) -> str:
    return f"      - {{name: row{unit}, racks: [{', '.join(names)}]}}\n"


def _unit(unit: int, names: list[str]) -> str:
    nodes = 31 if unit == 1 else 32
    return f"""  - name: su{unit}
    build_for: 32
    groups:
      - server: dgx-h100
        count: {nodes}
        build_for: 32
        racks: [{", ".join(names)}]
        pool: training
"""


def loaded(
    definition: str | dict[str, Any], folder: Path, own: Mapping[str, str | dict[str, Any]] = {}
) -> LoadedSite:
    """Write a definition and models of its own, by kind and name, and load it as an operator's."""
    file = folder / "site.yml"
    file.write_text(_text(definition))
    for name, model in {"pdus/management-pdu": PDU, **own}.items():
        path = folder / f"catalogue/{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(model))
    return load_site(SiteFolder(definition=file))


def _text(written: str | dict[str, Any]) -> str:
    return written if isinstance(written, str) else yaml.safe_dump(written, sort_keys=False)


def networks_of(site: LoadedSite) -> tuple[Networks, list[str]]:
    """Return the networks of a site and what is wrong with them, whatever its power."""
    seats = list_seats(site, list_racks(site))
    stores = list_stores(site)
    networks = plan_networks(site, seats, stores)
    problems = find_problems(site, networks, taken(seats), stores)
    return networks, [f"{site.source.spell(one.path)}: {one.rule}" for one in problems]
