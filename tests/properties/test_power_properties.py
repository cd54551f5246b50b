"""What holds for the power of every site that the design accepts, and how others get there."""

from collections import Counter, defaultdict
from dataclasses import replace

import yaml
from hypothesis import given
from hypothesis import strategies as st

from clusterwright.catalogue.entry import OUTLET_FOR, RATED_AMPS
from clusterwright.design import power
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Outlet
from clusterwright.design.power import Cords
from clusterwright.design.power.circuit import RackCircuit
from clusterwright.design.power.currents import line_amps
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite, load_site
from clusterwright.model.site import Site
from clusterwright.site_folder import find_site
from tests.circuits import circuits_of
from tests.properties.definitions import examples

LAB = load_site(find_site("lab"))
ROUNDS = 5
SERVERS = ["dgx-h100", "dgx-a100", "dgx-b200", "dgx-b300", "hgx-h100-air"]
PDUS = sorted(LAB.catalogue.pdus)


@st.composite
def sites(draw) -> Site:
    """Draw the lab with more or less of everything than its power carries."""
    definition = LAB.site.model_dump(mode="json")
    facility, unit = definition["facility"], definition["compute"][0]
    feeds = draw(st.integers(1, 4))
    limit = draw(st.sampled_from([None, 30, 120]))
    facility["feeds"] = [{"name": letter, "limit_kw": limit} for letter in "ABCD"[:feeds]]
    facility["power"] = {
        "continuous_load": draw(st.sampled_from([0.8, 1.0])),
        "keep": draw(st.sampled_from(["full", "degraded", "none"])),
        "start_up": {"pdu_inrush_amps": draw(st.sampled_from([None, 100]))},
    }
    facility["floor"]["rows"] = [
        {
            "name": "row1",
            "racks": ["r1", "r2"],
            "feed_limit_kw": draw(st.sampled_from([None, 25, 90])),
        }
    ]
    group = facility["racks"][0]
    group["power_limit_kw"] = draw(st.sampled_from([5, 44, 132]))
    group["pdus"] = draw(
        st.none()
        | st.fixed_dictionaries(
            {"model": st.sampled_from(PDUS), "per_feed": st.sampled_from([1, 2])}
        )
    )
    group["feeds"] = draw(st.sampled_from([[], ["A"], ["A", "B"][:feeds]]))
    if draw(st.booleans()):
        group["shelves"] = {"model": "gb200-33kw", "count": draw(st.integers(1, 4))}
    for ordinal, nodes in enumerate(unit["groups"]):
        on_busbar = ["dgx-b300-busbar"] if ordinal else []
        nodes["server"] = draw(st.sampled_from([*SERVERS, *on_busbar]))
        nodes["count"] = draw(st.integers(1, 9))
    definition["fabrics"]["compute"]["racks"] = [draw(st.sampled_from(["r1", "r2"]))]
    return Site.model_validate(definition)


def problems_of(loaded: LoadedSite) -> tuple[Problem, ...]:
    circuits = circuits_of(loaded)
    return power.find_problems(loaded, circuits, power.balance_feeds(loaded, circuits))


def heed(loaded: LoadedSite) -> LoadedSite:
    """Make every change that the problems name."""
    definition = loaded.site.model_dump(mode="json")
    for problem in problems_of(loaded):
        for path, value in problem.remedy:
            place = definition
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = yaml.safe_load(value)
    return replace(loaded, site=Site.model_validate(definition))


def accepted(site: Site) -> LoadedSite:
    loaded = replace(LAB, site=site)
    for _ in range(ROUNDS):
        if not problems_of(loaded):
            break
        loaded = heed(loaded)
    return loaded


@examples(15)
@given(sites())
def test_heeding_all_remedies_ends_in_acceptance_within_five_rounds(site):
    assert [problem.rule for problem in problems_of(accepted(site))] == []


@examples(12)
@given(sites())
def test_every_cord_has_an_outlet_of_its_type_and_no_outlet_has_two(site):
    loaded = accepted(site)
    circuits = circuits_of(loaded)
    cords = power.plug_in(circuits, power.stagger(loaded, circuits))
    for one in circuits.values():
        for device in one.inside:
            if device.supplies and device.present:
                assert len(cords.by_device[device.name]) == device.supplies.count
    taken = Counter((pdu, o.number) for pdu, used in cords.by_pdu.items() for o in used)
    assert [outlet for outlet, count in taken.items() if count > 1] == []
    inlets = {
        device.name: device.supplies.inlet
        for one in circuits.values()
        for device in one.inside
        if device.supplies
    }
    wrong = [
        (outlet.consumer, outlet.type)
        for used in cords.by_pdu.values()
        for outlet in used
        if outlet.type and OUTLET_FOR.get(inlets[outlet.consumer], outlet.type) != outlet.type
    ]
    assert wrong == []


@examples(12)
@given(sites())
def test_no_breaker_is_over_its_limit_with_any_one_feed_gone(site):
    """Work it out again from the cords of the plan alone."""
    loaded = accepted(site)
    circuits = circuits_of(loaded)
    cords = power.plug_in(circuits, power.stagger(loaded, circuits))
    for one in circuits.values():
        for lost in one.feeding.promised:
            check_rack(one, cords, lost)


def check_rack(one: RackCircuit, cords: Cords, lost: str) -> None:
    drawn = {
        device.name: each_draws(device, len(fed))
        for device in one.inside
        if device.supplies and device.present
        for fed in [[c for c in cords.by_device[device.name] if c.feed != lost]]
    }
    pdu, names = one.feeding.pdu, one.feeding.pdu_names(one.rack.name)
    for name, feed in zip(names, one.feeding.pdu_feeds, strict=True):
        if feed != lost and pdu and pdu.outlet_volts:
            check_pdu(pdu, cords.by_pdu.get(name, ()), drawn, one.feeding.continuous_load)


def each_draws(device: Occupant, fed: int) -> float:
    """Share the load; on fewer supplies than it needs, a device slows down to what they give."""
    most = device.supplies.capacity_watts or device.power_watts
    return min(device.power_watts / fed, most) if fed else 0.0


def check_pdu(pdu, outlets: tuple[Outlet, ...], drawn, continuous_load: float) -> None:
    branches: defaultdict[str, float] = defaultdict(float)
    phases: defaultdict[str, float] = defaultdict(float)
    for outlet in outlets:
        amps = drawn[outlet.consumer] / pdu.outlet_volts
        branches[outlet.branch] += amps
        phases[outlet.phase] += amps
        assert amps <= RATED_AMPS[outlet.type] + 1e-6
    for bank in pdu.banks:
        if bank.branch and bank.breaker_amps:
            assert branches[bank.branch] <= bank.breaker_amps * continuous_load + 1e-6
    if pdu.phases == 3 and all(bank.phase for bank in pdu.banks):
        assert max(line_amps(phases).values()) <= pdu.input_amps * continuous_load + 1e-6
    if pdu.rated_va:
        allowed = pdu.rated_va * (1 if pdu.rating_is_continuous else continuous_load)
        assert sum(phases.values()) * pdu.outlet_volts <= allowed + 1e-6


@examples(12)
@given(sites())
def test_every_feed_stays_within_its_limit_with_any_other_gone(site):
    loaded = accepted(site)
    balances = power.balance_feeds(loaded, circuits_of(loaded))
    over = [b for b in balances if b.limit_watts is not None and b.watts > b.limit_watts]
    assert over == []


@examples(12)
@given(sites(), st.integers(1, 4))
def test_nodes_that_are_added_last_move_no_cord(site, more):
    loaded = accepted(site)
    definition = loaded.site.model_dump(mode="json")
    definition["compute"][0]["groups"][-1]["count"] += more
    grown = replace(loaded, site=Site.model_validate(definition))
    before, after = (
        power.plug_in(circuits, power.stagger(loaded, circuits)).by_device
        for circuits in (circuits_of(loaded), circuits_of(grown))
    )
    # Nodes get their outlets first; where none is left for others, that is a mistake.
    without = {name for name, cords in before.items() if cords and not after[name]}
    assert not without or problems_of(grown)
    stay = before.keys() - without
    assert {name: after[name] for name in stay} == {name: before[name] for name in stay}
