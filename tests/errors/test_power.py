"""What an operator can write wrong about power, and the exact sentence each mistake gets."""

from pathlib import Path

import pytest

from clusterwright.design import power
from clusterwright.errors import DefinitionError
from clusterwright.load import load_site
from clusterwright.site_folder import PROJECT, SiteFolder
from tests.circuits import circuits_of
from tests.errors.test_definition import edited, messages
from tests.sites import definition, heed, mistakes_of, own_model, put

PDUS = "pdus: {model: rack-pdu-415v-60a, per_feed: 1}"

CASES = [
    pytest.param(
        [
            (PDUS, "pdus: {model: rack-pdu-415v-32a, per_feed: 1}"),
            ("count: 2, racks: [r1]", "count: 4, racks: [r1]"),
            ("racks: [r1]}\n  inb", "racks: [r2]}\n  inb"),
        ],
        [
            "compute.su1.groups[0].count: 4 × dgx-h100 and 1 other device in rack r1 put 21.2 A "
            "on branch B1 of r1-pdu-a with feed B gone, but its breaker of 20 A carries 16 A for "
            "hours: at most 3 fit",
            "compute.su1.groups[0].count: 4 × dgx-h100 and 1 other device in rack r1 put 35.2 A "
            "on phase L2 of r1-pdu-a with feed B gone, but it may carry 25.6 A: at most 3 fit",
            "compute.su1.groups[0].count: 4 × dgx-h100 and 1 other device in rack r1 draw 21.2 "
            "kVA from r1-pdu-a with feed B gone, but it may give 18.4 kVA: at most 3 fit",
            "compute.su1.groups[1].count: 2 × hgx-h100-liquid and 12 other devices in rack r2 put"
            " 17.8 A on branch B3 of r2-pdu-a with feed B gone, but its breaker of 20 A carries "
            "16 A for hours: at most 0 fit: use 2 × rack-pdu-415v-32a per feed",
            "compute.su1.groups[1].count: 2 × hgx-h100-liquid and 12 other devices in rack r2 put"
            " 32 A on phase L1 of r2-pdu-a with feed B gone, but it may carry 25.6 A: at most 0 "
            "fit: use 2 × rack-pdu-415v-32a per feed",
            "compute.su1.groups[1].count: 2 × hgx-h100-liquid and 12 other devices in rack r2 "
            "draw 20.5 kVA from r2-pdu-a with feed B gone, but it may give 18.4 kVA: at most 1 "
            "fit",
        ],
        id="more than branches, phases and inputs carry",
    ),
    pytest.param(
        [
            (PDUS, "pdus: {model: rack-pdu-24-c19, per_feed: 1}"),
        ],
        [
            "fabrics.compute.racks: 12 × qm9700 in rack r1 have 24 power supplies with C16 "
            "inlets, but the rack's 3 × rack-pdu-24-c19 have 0 C13 outlets: at most 0 fit: use 1 "
            "× rack-pdu-415v-60a per feed",
        ],
        id="outlets of another type",
    ),
    pytest.param(
        [
            (PDUS, "pdus: {model: raritan-px3-5724v, per_feed: 1}"),
            ("count: 2, racks: [r2]", "count: 1, racks: [r2]"),
            ("count: 2, racks: [r1]", "count: 1, racks: [r1]"),
        ],
        [
            "compute.su1.groups[0].count: 1 × dgx-h100 and 13 other devices in rack r1 put 51.6 A"
            " on phase L2 of r1-pdu-a with feed C gone, but it may carry 23.9 A: at most 0 fit: "
            "use 4 × raritan-px3-5724v per feed",
            "compute.su1.groups[0].count: 1 × dgx-h100 and 13 other devices in rack r1 draw 16.2 "
            "kVA from r1-pdu-a with feed B gone, but it may give 8.6 kVA: at most 0 fit: use 4 × "
            "raritan-px3-5724v per feed",
        ],
        id="delta phases and inputs",
    ),
    pytest.param(
        [
            ("power_limit_kw: 44", "power_limit_kw: 99"),
            ("count: 2, racks: [r2]", "count: 13, racks: [r2]"),
        ],
        [
            "compute.su1.groups[1].count: 13 × hgx-h100-liquid in rack r2 draw 132.6 kW, but the "
            "rack's limit is 99 kW: at most 9 fit",
            "compute.su1.groups[1].count: 13 × hgx-h100-liquid in rack r2 have 78 power supplies "
            "with C20 inlets, but the rack's 3 × rack-pdu-415v-60a have 72 C19 outlets: at most "
            "12 fit",
            "compute.su1.groups[1].count: 13 × hgx-h100-liquid in rack r2 put 21.2 A on branch B1"
            " of r2-pdu-a with feed B gone, but its breaker of 20 A carries 16 A for hours: at "
            "most 6 fit",
            "compute.su1.groups[1].count: 13 × hgx-h100-liquid in rack r2 put 85 A on phase L1 of"
            " r2-pdu-a with feed B gone, but it may carry 48 A: at most 6 fit",
            "compute.su1.groups[1].count: 13 × hgx-h100-liquid in rack r2 draw 61.2 kVA from "
            "r2-pdu-a with feed B gone, but it may give 34.5 kVA: at most 6 fit",
        ],
        id="more supplies than outlets",
    ),
    pytest.param(
        [
            ("feeds: [A, B, C]", "feeds: [A]"),
        ],
        [
            "facility.feeds: 1 feed: dgx-h100 keeps full performance on 4 of its 6 power "
            "supplies, but with one feed lost only 0 are fed: use at least 3 feeds",
            "facility.feeds: 1 feed: management-1u keeps full performance on 1 of its 2 power "
            "supplies, but with one feed lost only 0 are fed: use at least 2 feeds",
            "facility.feeds: 1 feed: qm9700 keeps full performance on 1 of its 2 power supplies, "
            "but with one feed lost only 0 are fed: use at least 2 feeds",
            "facility.feeds: 1 feed: hgx-h100-liquid keeps full performance on 4 of its 6 power "
            "supplies, but with one feed lost only 0 are fed: use at least 3 feeds",
        ],
        id="one feed is none when it is lost",
    ),
    pytest.param(
        [
            ("feeds: [A, B, C]", "feeds: [A, B]\n  power: {keep: degraded}"),
        ],
        [
            "facility.feeds: 2 feeds: hgx-h100-liquid keeps full performance on 4 of its 6 power "
            "supplies, but with one feed lost only 3 are fed: use at least 3 feeds",
        ],
        id="a model that knows no degraded mode",
    ),
    pytest.param(
        [
            ("server: dgx-h100", "server: dgx-b200"),
        ],
        [
            "facility.racks[0].keep: 3 feeds: dgx-b200 keeps full performance on 5 of its 6 power"
            " supplies, but with one feed lost only 4 are fed: use at least 6 feeds, or keep: "
            "degraded",
            "compute.su1.groups[0].count: 2 × dgx-b200 in rack r1 draw 28.6 kW, beside 21.4 kW of"
            " other equipment, but the rack's limit is 44 kW: at most 1 fit",
        ],
        id="five of six supplies on three feeds",
    ),
    pytest.param(
        [
            (PDUS, PDUS + "\n      feeds: [A, B]"),
        ],
        [
            "facility.racks[0].feeds: 2 feeds: dgx-h100 keeps full performance on 4 of its 6 "
            "power supplies, but with one feed lost only 3 are fed: use at least 3 feeds",
            "facility.racks[0].feeds: 2 feeds: hgx-h100-liquid keeps full performance on 4 of its"
            " 6 power supplies, but with one feed lost only 3 are fed: use at least 3 feeds",
        ],
        id="racks that too few feeds reach",
    ),
    pytest.param(
        [
            ("feeds: [A, B, C]", "feeds: [{name: A, limit_kw: 28}, B, C]"),
        ],
        [
            "facility.feeds.A.limit_kw: feed A gives 31.5 kW with feed B gone, but it may give 28"
            " kW: at most 1 × dgx-h100 of su1 fit",
        ],
        id="a feed over its limit",
    ),
    pytest.param(
        [
            ("feeds: [A, B, C]", "feeds: [{name: A, breaker_amps: 20, line_volts: 415}, B, C]"),
        ],
        [
            "facility.feeds.A.breaker_amps: feed A gives 31.5 kW with feed B gone, but it may "
            "give 11.5 kW: no number of nodes fits: let it give 31.5 kW",
        ],
        id="a feed over its breaker",
    ),
    pytest.param(
        [
            ("feeds: [A, B, C]", "feeds: [{name: A, breaker_amps: 20}, B, C]"),
        ],
        [
            "facility.feeds.A: feed A must give breaker_amps and line_volts together, because "
            "only both say what power flows: write the other, or limit_kw instead",
        ],
        id="a breaker without volts",
    ),
    pytest.param(
        [
            (
                "  cooling:",
                "  floor: {rows: [{name: row1, racks: [r1, r2], feed_limit_kw: 28}]}\n  cooling:",
            ),
        ],
        [
            "facility.floor.rows.row1.feed_limit_kw: feed A gives 31.5 kW to row row1 with feed B"
            " gone, but it may give 28 kW: at most 1 × dgx-h100 of su1 fit",
            "facility.floor.rows.row1.feed_limit_kw: feed B gives 31.5 kW to row row1 with feed A"
            " gone, but it may give 28 kW: at most 1 × dgx-h100 of su1 fit",
            "facility.floor.rows.row1.feed_limit_kw: feed C gives 30.7 kW to row row1 with feed A"
            " gone, but it may give 28 kW: at most 1 × dgx-h100 of su1 fit",
        ],
        id="a row over its busway",
    ),
    pytest.param(
        [
            ("      pdus: {model: rack-pdu-415v-60a, per_feed: 1}\n", ""),
        ],
        [
            "facility.racks[0]: dgx-h100 in rack r1 hangs on outlets, but the rack has no PDUs: "
            "use 1 × rack-pdu-415v-60a per feed",
            "facility.racks[0]: hgx-h100-liquid in rack r2 hangs on outlets, but the rack has no "
            "PDUs: use 1 × rack-pdu-415v-60a per feed",
        ],
        id="no outlets",
    ),
    pytest.param(
        [
            (
                PDUS,
                PDUS + "\n      shelves: {model: gb200-33kw, count: 2}",
            ),
        ],
        [
            "facility.racks[0].model: the power shelves of rack r1 feed a busbar, but a "
            "48u-750x1200 has none: use a mgx-48u",
            "facility.racks[0].model: the power shelves of rack r2 feed a busbar, but a "
            "48u-750x1200 has none: use a mgx-48u",
        ],
        id="shelves without a busbar",
    ),
    pytest.param(
        [
            ("server: dgx-h100", "server: dgx-b300-busbar"),
            ("model: 48u-750x1200", "model: mgx-48u"),
            ("racks: [r1]}\n  inb", "racks: [r2]}\n  inb"),
        ],
        [
            "facility.racks[0]: dgx-b300-busbar in rack r1 hangs on a busbar, but the rack has no"
            " power shelves: add shelves, such as 2 × gb200-33kw",
        ],
        id="a busbar without shelves",
    ),
    pytest.param(
        [
            ("server: dgx-h100", "server: dgx-b300-busbar"),
            ("model: 48u-750x1200", "model: mgx-48u"),
            (
                PDUS,
                PDUS + "\n      shelves: {model: gb200-33kw, count: 1}",
            ),
            ("racks: [r1]}\n  inb", "racks: [r2]}\n  inb"),
        ],
        [
            "compute.su1.groups[0].count: 2 × dgx-b300-busbar in rack r1 draw 29 kW from the "
            "busbar, but with feed A gone 0 supplies of its 1 × gb200-33kw give 0 kW: at most 0 "
            "fit: use more shelves",
        ],
        id="one shelf on one feed",
    ),
    pytest.param(
        [
            ("server: dgx-h100, count: 2", "server: dgx-b300-busbar, count: 4"),
            ("power_limit_kw: 44", "power_limit_kw: 99"),
            ("model: 48u-750x1200", "model: mgx-48u"),
            (
                PDUS,
                PDUS + "\n      shelves: {model: gb200-33kw, count: 2}",
            ),
            ("racks: [r1]}\n  inb", "racks: [r2]}\n  inb"),
        ],
        [
            "compute.su1.groups[0].count: 4 × dgx-b300-busbar in rack r1 draw 58 kW from the "
            "busbar, but with feed A gone 6 supplies of its 2 × gb200-33kw give 33 kW: at most 2 "
            "fit",
        ],
        id="shelves that carry fewer",
    ),
    pytest.param(
        [
            (PDUS, PDUS + "\n      feeds: [A, D]"),
        ],
        [
            "facility.racks[0].feeds[1]: there is no feed D: choose one of A, B, C",
        ],
        id="a feed that does not exist",
    ),
    pytest.param(
        [
            (
                PDUS,
                PDUS + "\n      shelves: {model: gb200-34kw, count: 2}",
            ),
        ],
        [
            "facility.racks[0].shelves.model: there is no power shelf model gb200-34kw: did you "
            "mean gb200-33kw?",
        ],
        id="a shelf that does not exist",
    ),
    pytest.param(
        [
            ("power_limit_kw: 44", "power_limit_kw: 9"),
            ("racks: [r1]}\n  inb", "racks: [r2]}\n  inb"),
            ("rack: r1}", "rack: r2}"),
        ],
        [
            "compute.su1.groups[0].count: 2 × dgx-h100 in rack r1 draw 20.4 kW, but the rack's "
            "limit is 9 kW: at most 0 fit: use another rack, or let this one draw 20.4 kW",
            "compute.su1.groups[1].count: 2 × hgx-h100-liquid in rack r2 draw 20.4 kW, beside "
            "21.4 kW of other equipment, but the rack's limit is 9 kW: at most 0 fit: use another"
            " rack, or let this one draw 41.8 kW",
        ],
        id="a rack in which not one fits",
    ),
    pytest.param(
        [
            ("feeds: [A, B, C]", "feeds: [A, b]"),
        ],
        [
            "facility.feeds[1].name: 'b' cannot stand here: a feed goes by one capital letter",
        ],
        id="a feed that is no letter",
    ),
    pytest.param(
        [
            ("feeds: [A, B, C]", "feeds: [A, B, C]\n  power: {keep: some}"),
        ],
        [
            "facility.power.keep: 'some' cannot stand here: input should be 'full', 'degraded' or"
            " 'none'",
        ],
        id="a promise that is not known",
    ),
    pytest.param(
        [
            ("feeds: [A, B, C]", "feeds: [A, B, {name: A, limit_kw: 3}]"),
        ],
        [
            "facility.feeds.A: A is named twice, but a name means one thing: give this one another",
        ],
        id="a feed named twice",
    ),
]


def power_mistakes(text: str, folder: Path) -> list[str]:
    """Return what is said about power; what the same edit means for air or fabric is no matter."""
    definition = folder / "site.yml"
    definition.write_text(text)
    try:
        loaded = load_site(SiteFolder(definition=definition))
    except DefinitionError as error:
        return [f"{mistake.path}: {mistake.rule}" for mistake in error.mistakes]
    circuits = circuits_of(loaded)
    found = power.find_problems(loaded, circuits, power.balance_feeds(loaded, circuits))
    return sorted(f"{loaded.source.spell(problem.path)}: {problem.rule}" for problem in found)


@pytest.mark.parametrize(("edits", "expected"), CASES)
def test_each_mistake_gets_its_sentence(edits, expected, tmp_path):
    assert power_mistakes(edited(edits), tmp_path) == sorted(expected)


def test_what_one_supply_draws_at_first_cannot_be_staggered(tmp_path):
    own = tmp_path / "catalogue/servers/management-1u.yml"
    own.parent.mkdir(parents=True)
    text = (PROJECT / "clusterwright/catalogue/servers/management-1u.yml").read_text()
    own.write_text(text.replace("inlet: C14", "inlet: C14, inrush_amps: 55"))
    limit = "feeds: [A, B, C]\n  power: {start_up: {pdu_inrush_amps: 50}}"
    assert messages(edited([("feeds: [A, B, C]", limit)]), tmp_path) == [
        "facility.power.start_up.pdu_inrush_amps: one supply of management-1u draws 55 A when it "
        "gets power, but the limit is 50 A, and less than one supply cannot start: allow at least "
        "55 A",
    ]


def test_a_rack_bought_whole_is_to_have_more_feeds_not_more_shelves(tmp_path):
    """A GB200 NVL72 that draws as much as a GB300: with one of two feeds, four of eight shelves."""
    hungry = {"power_max_watts": 142_000, "power_design_watts": None}
    own_model(tmp_path, "rack_systems/gb200-nvl72", **hungry)
    site = definition()
    rack = {"system": "gb200-nvl72", "names": ["n1"], "power_limit_kw": 150, "feeds": ["A", "B"]}
    for path, value in {
        "facility.racks[1]": rack,
        "compute.su1.groups": [{"racks": ["n1"], "pool": "training"}],
        "facility.cooling.loops.tcs1.racks": ["n1"],
        "facility.cooling.loops.tcs1.cdu.rack": "r2",
        "pools": {"training": {"mig": "none"}},
    }.items():
        put(site, path, value)
    found = {one.rule: one.remedy for one in mistakes_of(tmp_path, site)}
    (rule,) = (rule for rule in found if "busbar" in rule)
    assert rule == (
        "18 × gb200-compute-tray and 11 other devices in rack n1 draw 142 kW from the busbar, but "
        "with feed A gone 24 supplies of its 8 × gb200-33kw give 132 kW: at most 16 fit: feed them "
        "from at least 3 feeds"
    )
    assert [(one.path, one.value) for one in found[rule]] == [
        ("facility.racks[1].feeds", "[A, B, C]")
    ]
    heed(site, mistakes_of(tmp_path, site))
    assert [one.rule for one in mistakes_of(tmp_path, site) if "busbar" in one.rule] == []


def test_a_rack_bought_whole_makes_no_way_for_what_is_attached(tmp_path):
    site = definition()
    for path, value in {
        "facility.racks[1]": {"system": "gb200-nvl72", "names": ["n1"], "power_limit_kw": 150},
        "compute.su1.build_for": 18,
        "compute.su1.groups": [{"racks": ["n1"], "pool": "training"}],
        "facility.cooling.loops.tcs1.racks": ["n1"],
        "facility.cooling.loops.tcs1.cdu.rack": "r1",
        "pools": {"training": {"mig": "none"}},
        "fabrics.compute.attached": [{"host": "head", "kind": "gateway", "ports": 80}],
    }.items():
        put(site, path, value)
    (found,) = (one for one in mistakes_of(tmp_path, site) if "attached" in one.rule)
    assert (found.path, found.remedy[0].path) == 2 * ("fabrics.compute.attached[0].ports",)
    heed(site, mistakes_of(tmp_path, site))
    assert [one.rule for one in mistakes_of(tmp_path, site) if "attached" in one.rule] == []
