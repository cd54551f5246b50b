"""Switches, transceivers and cables fit one another."""

import pytest

from clusterwright.catalogue import load_catalogue

CATALOGUE = load_catalogue()
SWITCHES, CABLES, TRANSCEIVERS = CATALOGUE.switches, CATALOGUE.cables, CATALOGUE.transceivers

PORTS = {
    "qm8700": (40, 200),
    "qm8790": (40, 200),
    "qm9700": (64, 400),
    "qm9790": (64, 400),
    "q3400-ra": (144, 800),
    "sn2201": (48, 1),
    "sn3700": (32, 200),
    "sn4600": (64, 200),
    "sn4600c": (64, 100),
    "sn5400": (64, 400),
    "sn5600": (64, 800),
    "sn5610": (64, 800),
}
SPLIT = {
    "qm9700": {400: 64, 200: 128},
    "sn4600c": {100: 64, 50: 128},
    "sn5400": {400: 64, 200: 128, 100: 256},
    "sn5600": {800: 64, 400: 128, 200: 256},
    "sn5610": {800: 64, 400: 128, 200: 256},
}
"""Ports by Gb/s when every cage is split alike (NVIDIA's manuals)."""


def test_switches_have_the_ports_of_their_data_sheets():
    assert {name: (s.ports, s.speed_gbps) for name, s in SWITCHES.items()} == PORTS


@pytest.mark.parametrize("name", SPLIT)
def test_a_switch_splits_into_the_ports_of_its_manual(name):
    switch = SWITCHES[name]
    assert {b.speed_gbps: b.ports * switch.cages for b in switch.breakouts} == SPLIT[name]


@pytest.mark.parametrize("name", SWITCHES)
def test_a_cage_can_be_used_whole_and_split(name):
    switch = SWITCHES[name]
    groups = [(switch.ports_per_cage, switch.speed_gbps, switch.breakouts)]
    groups += [(g.ports_per_cage, g.speed_gbps, g.breakouts) for g in switch.further_cages]
    for ports, speed, breakouts in groups:
        whole = [(b.ports, b.speed_gbps) for b in breakouts][:1]
        assert whole in ([(ports, speed)], [])
        splits = [b.ports for b in breakouts]
        assert splits == sorted(set(splits))
        assert all(b.ports * b.speed_gbps <= ports * speed for b in breakouts)
    assert switch.breakouts


@pytest.mark.parametrize("name", SWITCHES)
def test_no_split_gives_more_ports_than_the_switch_has(name):
    switch = SWITCHES[name]
    if switch.ports_max:
        assert max(b.ports for b in switch.breakouts) * switch.cages <= switch.ports_max


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_draws_more_with_transceivers_than_without(name):
    switch = SWITCHES[name]
    if switch.power_max_watts and switch.power_typical_watts:
        optics = switch.cages * (switch.cage_power_max_watts or 0)
        assert switch.power_typical_watts < switch.power_max_watts
        assert switch.power_max_watts <= switch.power_typical_watts + max(optics, 1200)


def test_switches_without_a_figure_for_power_say_so():
    unknown = {name: s.unknown for name, s in SWITCHES.items() if s.unknown}
    assert unknown == {
        "q3400-ra": ("power_max_watts", "power_supplies"),
        **dict.fromkeys(("qm8700", "qm8790", "sn2201", "sn3700"), ("power_max_watts",)),
        **dict.fromkeys(("sn4600", "sn4600c", "sn5400"), ("power_max_watts",)),
    }


@pytest.mark.parametrize("name", TRANSCEIVERS)
def test_a_transceiver_sits_where_it_fits(name):
    optic = TRANSCEIVERS[name]
    assert (optic.ports == 2) == (optic.cage == "osfp-twin")
    assert optic.cage == "osfp-twin" or "switch" not in optic.fits or optic.speed_gbps <= 200, (
        "single-port OSFP never goes into a switch"
    )
    if optic.top and "switch" in optic.fits:
        assert optic.top == "finned"
    if optic.reach_m and optic.splitter_reach_m:
        assert optic.splitter_reach_m <= optic.reach_m


@pytest.mark.parametrize("name", TRANSCEIVERS)
def test_every_transceiver_has_a_fibre(name):
    assert [cable for cable in CABLES.values() if name in cable.transceivers]


@pytest.mark.parametrize("name", CABLES)
def test_fibre_has_transceivers_and_other_cables_have_plugs(name):
    cable = CABLES[name]
    assert bool(cable.transceivers) == cable.medium.endswith("fibre")
    plugs = {end.connector for end in (cable.a, cable.b)}
    assert (plugs <= {"mpo-12-apc", "lc"}) == cable.medium.endswith("fibre")


@pytest.mark.parametrize("name", CABLES)
def test_the_transceivers_of_a_fibre_fit_it(name):
    cable = CABLES[name]
    for optic in (TRANSCEIVERS[one] for one in cable.transceivers):
        assert optic.fibre_connector == cable.a.connector
        assert cable.medium == f"{optic.fibre}-fibre"
        apiece = (optic.speed_gbps, *optic.lower_gbps)
        assert (
            cable.speed_gbps in apiece if cable.fibres == 1 or optic.ports == 1 else joined(optic)
        )
        assert set(cable.protocols) <= set(optic.protocols)


def joined(optic) -> bool:
    """Whether all ports of a transceiver together are as fast as their link."""
    return optic.joined_gbps == optic.ports * optic.speed_gbps


@pytest.mark.parametrize("name", [name for name, cable in CABLES.items() if cable.transceivers])
def test_some_pair_of_transceivers_reaches_as_far_as_a_fibre_is_sold(name):
    cable = CABLES[name]
    split = cable.b.count > 1
    optics = [TRANSCEIVERS[one] for one in cable.transceivers]
    reaches = [o.splitter_reach_m if split else o.reach_m for o in optics]
    if None not in reaches:
        assert max(cable.lengths_m) <= max(reaches)
        assert cable.reach_max_m is None or max(cable.lengths_m) <= cable.reach_max_m


@pytest.mark.parametrize("name", CABLES)
def test_a_splitter_carries_a_link_on_each_of_its_ends(name):
    cable = CABLES[name]
    assert cable.a.count == 1
    assert cable.links in (cable.b.count, 2 * cable.b.count)
    assert cable.links == cable.b.count or cable.b.connector == "osfp-twin"
    assert list(cable.lengths_m) == sorted(set(cable.lengths_m))


def test_copper_is_as_short_as_its_part_allows():
    """LinkX lists; a switch-to-switch DAC ends at 2 m, splitters at 3 m, active copper at 5 m."""
    longest = {name: max(c.lengths_m) for name, c in CABLES.items() if c.part_number or c.a}
    assert longest["ndr-dac-twin"] == 2
    assert longest["ndr-dac-split-osfp"] == longest["ndr-dac-split-qsfp112"] == 3
    assert longest["ndr-acc-split-osfp"] == 5
    assert longest["ndr-multimode"] == 50


def test_xdr_has_neither_multimode_nor_passive_copper():
    xdr = [c for c in CABLES.values() if c.speed_gbps == 800 and "infiniband" in c.protocols]
    media = {cable.medium for cable in xdr}
    assert media == {"singlemode-fibre", "copper-active"}


@pytest.mark.parametrize("name", SWITCHES)
def test_every_cage_finds_a_cable(name):
    connector = SWITCHES[name].connector
    plugs = {end.connector for cable in CABLES.values() for end in (cable.a, cable.b)}
    cages = {optic.cage for optic in TRANSCEIVERS.values()}
    assert connector in plugs | cages | {"qsfp-dd"}, "no QSFP-DD cable is known yet"
