"""Power as a site's plan shows it."""

from collections import Counter
from dataclasses import replace

import pytest

from clusterwright.design import design
from clusterwright.design.plan import SitePlan, Usage
from clusterwright.design.power.feeding import list_feedings
from clusterwright.load import LoadedSite, load_site
from clusterwright.model.site import Site
from clusterwright.site_folder import PROJECT, SiteFolder, find_site
from tests.sites import without_switches

LAB = without_switches(find_site("lab").definition.read_text())
PDUS = "pdus: {model: rack-pdu-415v-60a, per_feed: 1}"
BUSBAR = [
    ("server: dgx-h100", "server: gb200-compute-tray"),
    ("server: hgx-h100-liquid", "server: gb200-compute-tray"),
    ("model: 48u-750x1200", "model: mgx-48u"),
    (PDUS, f"{PDUS}\n      shelves: {{model: gb200-33kw, count: 2}}"),
    ("mig: 7x1g.10gb", "mig: none"),
    ("racks: [r2]\n        supply", "racks: [r1, r2]\n        supply"),
]


def load(tmp_path, *edits: tuple[str, str]) -> LoadedSite:
    text = LAB
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    folder = SiteFolder(definition=tmp_path / "site.yml")
    folder.definition.write_text(text)
    return load_site(folder)


def planned(tmp_path, *edits: tuple[str, str]) -> SitePlan:
    return design(load(tmp_path, *edits))


def own_inrush(tmp_path, amps: int) -> None:
    """Give the site a DGX H100 whose inrush is known."""
    own = tmp_path / "catalogue/servers/dgx-h100.yml"
    own.parent.mkdir(parents=True)
    text = (PROJECT / "clusterwright/catalogue/servers/dgx-h100.yml").read_text()
    own.write_text(text.replace("cord_m: 1.2", f"cord_m: 1.2, inrush_amps: {amps}"))


def usage(plan: SitePlan, subject: str, limit: str) -> Usage:
    return next(u for u in plan.usages if (u.subject, u.limit) == (subject, limit))


def test_a_rack_of_four_dgx_on_three_feeds_draws_half_from_each_when_one_is_lost():
    plan = design(load_site(find_site("h100-su")))
    load = usage(plan, "PDU r1-pdu-a", "load of the input")
    assert (load.used, load.allowed) == (20.4, 34.5)


@pytest.mark.parametrize(
    ("model", "continuous_load", "limit_va"),
    [
        pytest.param("raritan-px3-5878i2r", 0.8, 34500, id="a rating of 80 % is not derated again"),
        pytest.param("raritan-px3-5878i2r", 1.0, 34500, id="nor is it more than it says"),
        pytest.param("rack-pdu-415v-60a", 0.8, 34502, id="that of the breaker is derated once"),
        pytest.param("rack-pdu-415v-60a", 1.0, 43128, id="under IEC rules it is used in full"),
    ],
)
def test_what_a_pdu_gives_for_hours(tmp_path, model, continuous_load, limit_va):
    power = f"feeds: [A, B, C]\n  power: {{continuous_load: {continuous_load}}}"
    pdus = f"pdus: {{model: {model}, per_feed: 1}}"
    loaded = load(tmp_path, ("feeds: [A, B, C]", power), (PDUS, pdus))
    (feeding,) = list_feedings(loaded).values()
    assert int(feeding.limit_va) == limit_va


def test_cords_are_spread_over_branches_and_phases(tmp_path):
    plan = planned(tmp_path)
    nodes = {node.name for node in plan.nodes}
    for pdu in (pdu for pdu in plan.pdus if pdu.rack == "r2"):
        used = [outlet for outlet in pdu.outlets if outlet.consumer in nodes]
        assert max(Counter(outlet.branch for outlet in used).values()) == 1
        assert set(Counter(outlet.phase for outlet in used)) == {"L1", "L2", "L3"}


def test_a_second_pdu_of_a_feed_leaves_the_first_its_name(tmp_path):
    plan = planned(tmp_path, ("per_feed: 1", "per_feed: 2"))
    names = [pdu.name for pdu in plan.pdus if pdu.rack == "r1"]
    assert names[:2] == ["r1-pdu-a", "r1-pdu-a2"]
    assert {cord.pdu for node in plan.nodes for cord in node.power_supplies} >= set(names)


def test_a_hole_keeps_its_outlets_for_who_comes_back(tmp_path):
    whole = planned(tmp_path)
    holed = planned(tmp_path, ("    groups:", "    holes: [su1-n1]\n    groups:"))
    stay = {node.name: node.power_supplies for node in holed.nodes}
    assert "su1-n1" not in stay
    assert stay == {n.name: n.power_supplies for n in whole.nodes if n.name != "su1-n1"}


def test_racks_use_the_feeds_that_reach_them(tmp_path):
    some = PDUS.replace("per_feed: 1", "per_feed: 2") + "\n      feeds: [A, C]"
    nothing_kept = ("feeds: [A, B, C]", "feeds: [A, B, C]\n  power: {keep: none}")
    plan = planned(tmp_path, nothing_kept, (PDUS, some))
    assert {pdu.feed for pdu in plan.pdus} == {"A", "C"}


def test_the_balance_of_all_feeds_is_what_the_site_draws_whichever_is_lost(tmp_path):
    plan = planned(tmp_path)
    drawn = sum(rack.power_watts for rack in plan.racks)
    for lost in ("", "A", "B", "C"):
        given = [b.watts for b in plan.feed_balances if b.lost == lost and not b.row]
        assert sum(given) == pytest.approx(drawn, abs=3)


def test_what_nodes_need_comes_on_before_them_and_goes_off_after_them(tmp_path):
    plan = planned(tmp_path)
    groups = {group.name: group for group in plan.start_up}
    assert list(groups) == ["fabrics", "management", "compute"]
    assert [group.power_off_order for group in plan.start_up] == [3, 2, 1]
    switches = {switch.name for switch in plan.switches}
    nodes = {node.name for node in plan.nodes}
    outlets = [outlet for pdu in plan.pdus for outlet in pdu.outlets]
    last = max(o.power_on_delay_s for o in outlets if o.consumer in switches)
    assert last < min(o.power_on_delay_s for o in outlets if o.consumer in nodes)


def test_without_a_figure_for_inrush_outlets_come_on_one_at_a_time(tmp_path):
    rules = "feeds: [A, B, C]\n  power: {start_up: {delay_s: 3, pdu_inrush_amps: 200}}"
    plan = planned(tmp_path, ("feeds: [A, B, C]", rules))
    for pdu in plan.pdus:
        delays = [outlet.power_on_delay_s for outlet in pdu.outlets]
        assert len(set(delays)) == len(delays)
        assert all(delay % 3 == 0 for delay in delays)
    assert [u.subject for u in plan.unproven if "inrush" in u.check] == [
        "dgx-h100",
        "management-1u",
        "qm9700",
        "hgx-h100-liquid",
    ]


def test_as_many_come_on_at_once_as_the_limit_lets(tmp_path):
    own_inrush(tmp_path, 60)
    rules = "feeds: [A, B, C]\n  power: {start_up: {pdu_inrush_amps: 200}}"
    plan = planned(
        tmp_path, ("feeds: [A, B, C]", rules), ("racks: [r1]}\n  inb", "racks: [r2]}\n  inb")
    )
    pdu = next(pdu for pdu in plan.pdus if pdu.name == "r1-pdu-a")
    at_once = Counter(o.power_on_delay_s for o in pdu.outlets if o.consumer.startswith("su1"))
    assert sorted(at_once.values()) == [1, 3]


def test_racks_that_exceed_the_limit_of_their_feed_together_follow_each_other(tmp_path):
    own_inrush(tmp_path, 60)
    rules = "feeds: [A, B, C]\n  power: {start_up: {feed_inrush_amps: 100}}"
    edits = [("feeds: [A, B, C]", rules), ("server: hgx-h100-liquid", "server: dgx-h100")]
    plan = planned(tmp_path, *edits, ("mig: 7x1g.10gb", "mig: none"))
    nodes = {node.name for node in plan.nodes}
    for feed in "ABC":
        on = Counter(
            outlet.power_on_delay_s
            for pdu in plan.pdus
            for outlet in pdu.outlets
            if pdu.feed == feed and outlet.consumer in nodes
        )
        assert max(on.values()) * 60 <= 100


def test_devices_on_a_busbar_have_no_cords_and_share_the_shelves(tmp_path):
    plan = planned(tmp_path, *BUSBAR)
    assert {node.power_supplies for node in plan.nodes} == {()}
    shelves = [shelf for shelf in plan.power_shelves if shelf.mount.rack == "r1"]
    assert [shelf.name for shelf in shelves] == ["r1-shelf1", "r1-shelf2"]
    assert [{r.feed for r in shelf.rectifiers} for shelf in shelves] == [{"A"}, {"B"}]
    load = usage(plan, "rack r1", "what the power shelves give the busbar")
    assert (load.used, load.allowed) == (13.334, 33.0)


def test_a_busbar_rack_has_outlets_beside_its_shelves(tmp_path):
    plan = planned(tmp_path, *BUSBAR)
    (head,) = plan.management_hosts
    assert [cord.pdu for cord in head.power_supplies] == ["r1-pdu-a", "r1-pdu-b"]


def test_a_feed_is_its_letter_or_says_its_limits():
    loaded = load_site(find_site("lab"))
    definition = loaded.site.model_dump(mode="json")
    definition["facility"]["feeds"] = ["A", {"name": "B", "limit_kw": 900}, "C"]
    site = Site.model_validate(definition)
    assert [feed.name for feed in site.facility.feeds] == ["A", "B", "C"]
    feeds = [u.subject for u in design(replace(loaded, site=site)).usages if "feed" in u.subject]
    assert feeds == ["feed B"]


def test_over_ninety_percent_is_a_warning(tmp_path):
    limit = ("feeds: [A, B, C]", "feeds: [{name: A, limit_kw: 33}, B, C]")
    assert [u.subject for u in planned(tmp_path, limit).warnings] == ["rack r1", "feed A"]


def test_what_is_not_known_of_a_pdu_is_not_proven(tmp_path):
    pdus = "pdus: {model: raritan-px3-5878i2r, per_feed: 2}"
    rows = [(u.subject, u.reason) for u in planned(tmp_path, (PDUS, pdus)).unproven]
    assert [row for row in rows if row[0].startswith("PDU")] == [
        ("PDU model raritan-px3-5878i2r", f"the catalogue has no {key} of raritan-px3-5878i2r")
        for key in ("breaker_amps", "phases of outlets")
    ]
