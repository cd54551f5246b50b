"""What an operator can write wrong, and the exact sentence each mistake gets."""

from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.errors import DefinitionError
from clusterwright.load import load_site
from clusterwright.site_folder import SiteFolder
from tests.sites import LAB

GROUP = "{server: dgx-h100, count: 2, racks: [r1], pool: training}"

CASES = [
    pytest.param(
        [("power_limit_kw: 44", "power_limit_kv: 44")],
        [
            "facility.racks[0].power_limit_kw: power_limit_kw is missing: write it",
            "facility.racks[0].power_limit_kv: power_limit_kv is no key that is known here: "
            "did you mean power_limit_kw?",
        ],
        id="unknown key",
    ),
    pytest.param(
        [("count: 2, racks: [r1]", "count: many, racks: [r1]")],
        [
            "compute.su1.groups[0].count: 'many' cannot stand here: a whole number is wanted "
            "here, without a unit: that stands in the key's name",
        ],
        id="wrong type",
    ),
    pytest.param(
        [("pool: training}", "pool: trainig}"), ("server: hgx-h100-liquid", "server: hgx-h100")],
        [
            "compute.su1.groups[0].pool: there is no pool trainig: did you mean training?",
            "compute.su1.groups[1].server: there is no GPU server model hgx-h100: "
            "did you mean dgx-h100?",
        ],
        id="reference to nothing",
    ),
    pytest.param(
        [("names: [r1, r2]", "names: [r1, r1]")],
        [
            "facility.racks[0].names[1]: r1 is named twice, but a name means one thing: "
            "give this one another",
            "facility.cooling.loops.tcs1.racks[0]: there is no rack r2: choose one of r1",
            "compute.su1.groups[1].racks[0]: there is no rack r2: choose one of r1",
        ],
        id="duplicate name",
    ),
    pytest.param(
        [("emulated: true", "emulated: true\nemulated: true")],
        ["emulated: emulated is written twice, first in line 4: keep one"],
        id="duplicate key",
    ),
    pytest.param(
        [
            ("count: 2, racks: [r1]", "count: 6, racks: [r1]"),
            ("racks: [r1]}\n  inb", "racks: [r2]}\n  inb"),
        ],
        [
            "compute.su1.groups[0].count: 6 × dgx-h100 in rack r1 take 48 rack units, beside 1 "
            "taken by other equipment, but the rack has 48: at most 5 fit",
            "compute.su1.groups[0].count: 6 × dgx-h100 in rack r1 draw 61.2 kW, beside 0.8 kW of "
            "other equipment, but the rack's limit is 44 kW: at most 4 fit",
        ],
        id="more nodes than a rack holds",
    ),
    pytest.param(
        [("prefix: 10.100.0.0/22", "prefix: 10.100.0.0/27")],
        [
            "fabrics.oob.prefix: 10.100.0.0/27 has 3 addresses for hosts, "
            "but the site as built for needs 42: use a /23 or larger",
        ],
        id="prefix too small for its hosts",
    ),
    pytest.param(
        [("prefix: 10.100.0.0/22", "prefix: 10.101.0.0/22")],
        [
            "fabrics.oob.prefix: 10.101.0.0/22 overlaps 10.101.0.0/22 of the in-band network: an "
            "address must mean one thing: choose another prefix",
        ],
        id="prefixes overlap",
    ),
    pytest.param(
        [("feeds: [A, B, C]", "feeds: [A, B]")],
        [
            "facility.feeds: 2 feeds: dgx-h100 keeps full performance on 4 of its 6 power "
            "supplies, but with one feed lost only 3 are fed: use at least 3 feeds",
            "facility.feeds: 2 feeds: hgx-h100-liquid keeps full performance on 4 of its 6 power "
            "supplies, but with one feed lost only 3 are fed: use at least 3 feeds",
        ],
        id="too few feeds",
    ),
    pytest.param(
        [("mig: 7x1g.10gb", "mig: 2x3g.40gb + 1x1g.10gb")],
        [
            "pools.inference.mig: 2x3g.40gb + 1x1g.10gb does not fit on NVIDIA H100 SXM 80 GB: its "
            "8 memory slices hold only the first 2 of these 3 instances: ask for fewer or smaller "
            "ones",
        ],
        id="MIG layout that does not fit",
    ),
    pytest.param(
        [("mig: 7x1g.10gb", "mig: 7x1g.18gb")],
        [
            "pools.inference.mig: NVIDIA H100 SXM 80 GB has no MIG profile 1g.18gb: choose from "
            "1g.10gb, 1g.10gb+me, 1g.20gb, 2g.20gb, 3g.40gb, 4g.40gb, 7g.80gb",
        ],
        id="MIG profile of another GPU",
    ),
    pytest.param(
        [("supply_temperature_c: 32", "supply_temperature_c: 52")],
        [
            "facility.cooling.loops.tcs1.supply_temperature_c: 52 °C is beyond an "
            "in-rack-cdu-200kw, which holds 18 to 45 °C: write 45",
        ],
        id="set point beyond the CDU",
    ),
    pytest.param(
        [("racks: [r2]\n        supply", "racks: [r1]\n        supply")],
        [
            "compute.su1.groups[1].racks: hgx-h100-liquid in rack r2 is cooled by liquid, but no "
            "loop reaches that rack: add the rack to a loop, or use a rack that has one",
        ],
        id="liquid-cooled nodes without a loop",
    ),
    pytest.param(
        [("        differential_pressure_kpa: 150\n", "")],
        [
            "facility.cooling.loops.tcs1: loop tcs1 must give either differential_pressure_kpa or "
            "flow_lpm, because a CDU holds one of the two: write one of them",
        ],
        id="no way to hold the flow",
    ),
    pytest.param(
        [("build_for: 32", "build_for: 33")],
        [
            "compute.su1.build_for: 33 nodes share a set of leaves, but a qm9700 has 32 ports for "
            "nodes: at most 32 to a unit",
        ],
        id="unit larger than its leaves",
    ),
    pytest.param(
        [("build_for: 32", "build_for: 3")],
        [
            "compute.su1.build_for: the unit is built for 3 nodes, but its groups ask for 4: "
            "build for at least 4",
        ],
        id="more nodes than the unit is built for",
    ),
    pytest.param(
        [("feeds: [A, B, C]", "feeds: [A, B, B]")],
        ["facility.feeds[2]: B is named twice, but a name means one thing: give this one another"],
        id="feed named twice",
    ),
    pytest.param(
        [("feeds: [A, B, C]", "feeds: [A, B, utility]")],
        ["facility.feeds[2].name: 'utility' cannot stand here: a feed goes by one capital letter"],
        id="feed that is no letter",
    ),
    pytest.param(
        [("  - name: su1\n", "  - name: cdu1\n")],
        [
            "compute.cdu1.name: cdu1 is named twice, but a name means one thing: give this one "
            "another"
        ],
        id="unit and CDU of one name",
    ),
    pytest.param(
        [("server: management-1u, rack: r1", "server: management-1u, rack: r9")],
        ["management.head.rack: there is no rack r9: choose one of r1, r2"],
        id="management host in no rack",
    ),
    pytest.param(
        [("gpu_driver: 580.178.04", "gpu_driver: 580.178.05")],
        ["software.gpu_driver: there is no driver release 580.178.05: did you mean 580.178.04?"],
        id="driver release that is not known",
    ),
    pytest.param(
        [("at_once: 2", "at_once: 0")],
        ["maintenance.at_once: 0 cannot stand here: input should be greater than 0"],
        id="nothing that may be disrupted",
    ),
    pytest.param(
        [("allow: [reset,", "allow: [resett,")],
        [
            "maintenance.allow[0]: 'resett' cannot stand here: input should be 'reset', "
            "'power-cycle', 'link-flap' or 'reboot'"
        ],
        id="disruption that is not known",
    ),
    pytest.param(
        [("time_servers: [10.101.0.2]", "time_servers: []")],
        ["software.time_servers: [] cannot stand here: at least one is needed"],
        id="no time server",
    ),
    pytest.param(
        [("site: lab\n", "site: Lab\n")],
        [
            "site: 'Lab' cannot stand here: a name has lower-case letters, digits and hyphens, "
            "begins with a letter, and is no longer than 32"
        ],
        id="name in capitals",
    ),
    pytest.param(
        [("power_limit_kw: 44", "power_limit_kw: 44 kW")],
        [
            "facility.racks[0].power_limit_kw: '44 kW' cannot stand here: a number is wanted here, "
            "without a unit: that stands in the key's name"
        ],
        id="number with a unit",
    ),
    pytest.param(
        [("time_servers: [10.101.0.2]", "time_servers: 10.101.0.2")],
        [
            "software.time_servers: '10.101.0.2' cannot stand here: a list is wanted here, also of "
            "one: write [ ] around it"
        ],
        id="one where a list is wanted",
    ),
    pytest.param(
        [("prefix: 10.101.0.0/22", "prefix: 10.101.0.1/22")],
        [
            "fabrics.inband.prefix: 10.101.0.1/22 is an address in 10.101.0.0/22, but a prefix "
            "is wanted: write 10.101.0.0/22"
        ],
        id="prefix with bits of a host",
    ),
    pytest.param(
        [("mig: 7x1g.10gb", "mig: seven")],
        [
            "pools.inference.mig: 'seven' cannot stand here: write none, or how many "
            "instances of which profile: 7x1g.10gb, or 1x3g.40gb + 4x1g.10gb"
        ],
        id="MIG layout that cannot be read",
    ),
    pytest.param(
        [("pools:\n  training: {mig: none}\n  inference: {mig: 7x1g.10gb}\n", "")],
        ["pools: pools is missing: write it"],
        id="section that is missing",
    ),
    pytest.param(
        [("switch: qm9700", "switch: qm970")],
        ["fabrics.compute.switch: there is no switch model qm970: did you mean qm9790?"],
        id="switch model that is not known",
    ),
    pytest.param(
        [("pdus: {model: ", "pdus: {model: x")],
        [
            "facility.racks[0].pdus.model: there is no PDU model xrack-pdu-415v-60a: did you "
            "mean rack-pdu-415v-60a?"
        ],
        id="PDU model that is not known",
    ),
    pytest.param(
        [("model: 48u-750x1200", "model: 49u-750x1200")],
        [
            "facility.racks[0].model: there is no rack model 49u-750x1200: did you mean "
            "48u-750x1200?"
        ],
        id="rack model that is not known",
    ),
    pytest.param(
        [("names: [r1, r2]", "names: []")],
        ["facility.racks[0].names: [] cannot stand here: at least one is needed"],
        id="no rack",
    ),
]


def messages(text: str, folder: Path) -> list[str]:
    definition = folder / "site.yml"
    definition.write_text(text)
    with pytest.raises(DefinitionError) as caught:
        design(load_site(SiteFolder(definition=definition)))
    return [f"{mistake.path}: {mistake.rule}" for mistake in caught.value.mistakes]


def edited(edits: list[tuple[str, str]]) -> str:
    text = LAB
    for old, new in edits:
        assert text.count(old) >= 1, f"the lab's definition no longer says {old}"
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize(("edits", "expected"), CASES)
def test_each_mistake_gets_its_sentence(edits, expected, tmp_path):
    assert messages(edited(edits), tmp_path) == expected


def test_a_mistake_names_its_file_and_line(tmp_path):
    definition = tmp_path / "site.yml"
    definition.write_text(edited([("count: 2, racks: [r1]", "count: 0, racks: [r1]")]))
    with pytest.raises(DefinitionError) as caught:
        load_site(SiteFolder(definition=definition))
    line = LAB.splitlines().index(f"      - {GROUP}") + 1
    assert str(caught.value).startswith(f"{definition}:{line}: compute.su1.groups[0].count: ")


def test_a_definition_that_is_a_list_is_refused(tmp_path):
    (message,) = messages("- a\n- b\n", tmp_path)
    assert message.startswith("(top level): ['a', 'b'] cannot stand here: ")


def test_broken_yaml_is_a_mistake_with_a_line(tmp_path):
    (message,) = messages("site: lab\nfacility: [", tmp_path)
    assert message.startswith("(top level): no YAML: ")


def test_a_remedy_is_an_edit_that_helps(tmp_path):
    definition = tmp_path / "site.yml"
    definition.write_text(edited([("prefix: 10.100.0.0/22", "prefix: 10.100.0.0/27")]))
    with pytest.raises(DefinitionError) as caught:
        design(load_site(SiteFolder(definition=definition)))
    (change,) = caught.value.mistakes[0].remedy
    assert change.path == "fabrics.oob.prefix"
    definition.write_text(edited([("prefix: 10.100.0.0/22", f"prefix: {change.value}")]))
    assert design(load_site(SiteFolder(definition=definition))).oob.prefix.prefixlen == 23
