"""The in-band network and Ethernet storage of sites that two tiers cannot join."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import chain

import pytest
import yaml

from benchmarks.definitions import definition, write_site
from clusterwright.design.cabling import Joint
from clusterwright.design.networks import Networks, find_problems, list_all_joints, plan_networks
from clusterwright.design.networks.pair_tree import size_pairs
from clusterwright.design.networks.pairs import Pairs, PairsAsk
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats, taken
from clusterwright.design.stores import list_stores
from clusterwright.load import load_site

NODES = 16384
SN4600C = PairsAsk(
    ports=64,
    core_ports=64,
    uplink_cages=0,
    split=1,
    cage_ports=1,
    peer_links=2,
    nodes=0,
    switches=0,
    hosts=9,
    storage=0,
    handover=4,
)
Links = list[Joint]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> tuple[Networks, Links]:
    """Return the networks of 16,384 nodes with all their links but those of the compute fabric."""
    folder = write_site(tmp_path_factory.mktemp("site"), NODES)
    tree = definition(NODES)
    racks = tree["fabrics"]["compute"]["racks"]
    tree["storage"] = [
        {"name": "fast", "model": "storage-nvme-2u", "racks": racks[:64], "count": 256, "ports": 4}
    ]
    tree["fabrics"] |= {
        "inband": {
            "kind": "ethernet",
            "prefix": "10.64.0.0/14",
            "switch": "sn4600c",
            "cable": "auto",
            "oversubscription": 4,
            "racks": racks,
            "uplinks": {"rack": racks[0], "links": 8, "cable": "auto"},
        },
        "oob": {"kind": "ethernet", "prefix": "10.0.0.0/13", "switch": "sn2201", "cable": "auto"},
        "storage": {
            "kind": "ethernet",
            "switch": "sn5600",
            "breakout": 2,
            "cable": "auto",
            "oversubscription": "4:3",
            "racks": racks,
        },
    }
    folder.definition.write_text(yaml.safe_dump(tree))
    loaded = load_site(folder)
    seats, stores = list_seats(loaded, list_racks(loaded)), list_stores(loaded)
    networks = plan_networks(loaded, seats, stores)
    assert list(find_problems(loaded, networks, taken(seats), stores)) == []
    others = replace(networks, compute=replace(networks.compute, size=None))
    return networks, list(list_all_joints(loaded, others, taken(seats)))


def of(links: Links, fabric: str) -> Links:
    return [link for link in links if link.fabric == fabric]


def ends(links: Iterable[Joint]) -> Counter:
    return Counter(chain.from_iterable((link.a, link.b) for link in links))


def reached(links: Links) -> set[str]:
    """Return every device that the first one reaches."""
    beside = defaultdict(set)
    for link in links:
        beside[link.a.device].add(link.b.device)
        beside[link.b.device].add(link.a.device)
    found, todo = {links[0].a.device}, [links[0].a.device]
    while todo:
        fresh = beside[todo.pop()] - found
        found |= fresh
        todo += fresh
    return found


@pytest.mark.parametrize("fabric", ["inband", "storage"])
def test_every_one_of_16384_nodes_reaches_every_other_over_three_tiers(site, fabric):
    links = of(site[1], fabric)
    assert {"leaf-spine", "spine-core"} <= {link.tier for link in links}
    nodes = {link.a.device for link in links if link.tier == "node-leaf"}
    assert len(nodes) == NODES
    devices = {end.device for end in ends(links)}
    assert reached(links) == devices


def test_no_port_takes_two_cables(site):
    assert [end for end, count in ends(site[1]).items() if count > 1] == []


def test_a_bond_ends_at_equal_ports_of_both_leaves_of_a_pair(site):
    bonds = defaultdict(list)
    for link in of(site[1], "inband"):
        if link.tier == "node-leaf":
            bonds[link.a.device].append(link.b)
    assert {len(bond) for bond in bonds.values()} == {2}
    for one, other in bonds.values():
        numbers = [int(end.device.removeprefix("inband-leaf")) for end in (one, other)]
        assert (numbers[0] % 2, numbers[1] - numbers[0]) == (1, 1)
        assert one.port == other.port


def test_no_switch_is_oversubscribed_beyond_what_was_asked(site):
    """A leaf 4 to 1, a spine not at all; both have equally many links to all above them."""
    down, up, pairs = Counter(), Counter(), Counter()
    for link in site[1]:
        above = link.tier in ("leaf-spine", "spine-core")
        if above:
            up[link.a.device] += 1
            pairs[link.a.device, link.b.device] += 1
        if link.fabric == "inband" and (above or link.tier in ("node-leaf", "host-leaf")):
            down[link.b.device] += 1
    ratios = defaultdict(set)
    for switch, count in up.items():
        if switch.startswith("inband-"):
            ratios["spine" in switch].add(Fraction(down[switch], count))
    assert max(ratios[False]) <= 4
    assert max(ratios[True]) <= 1
    assert all(
        len({n for (one, _), n in pairs.items() if one == switch}) == 1 for switch in list(up)[:50]
    )


def test_all_switches_of_a_link_are_planned(site):
    networks, links = site
    planned = {place.name: place.ports for place in networks.switches if place.present}
    used = Counter(end.device for end in ends(of(links, "inband")))
    switches = {name: n for name, n in used.items() if name.startswith("inband-")}
    assert switches.keys() <= planned.keys()
    assert [name for name, n in switches.items() if n > planned[name]] == []


def test_equal_links_lead_out_of_the_site_from_cores(site):
    out = [link for link in of(site[1], "inband") if link.tier == "uplink"]
    assert len(out) == 8
    assert {link.a.device.rstrip("0123456789") for link in out} == {"inband-core"}


@pytest.mark.parametrize(
    ("nodes", "tiers"),
    [
        pytest.param(50, 2, id="a pair"),
        pytest.param(1700, 2, id="as many as four cores join"),
        pytest.param(1900, 3, id="more than four cores join"),
        pytest.param(50000, 3, id="1024 pairs"),
    ],
)
def test_a_third_tier_comes_only_where_two_do_not_do(nodes, tiers):
    size = size_pairs(replace(SN4600C, nodes=nodes))
    assert isinstance(size, Pairs)
    assert (3 if size.tree else 2) == tiers


def test_whoever_says_how_many_tiers_or_cores_gets_no_others():
    many = replace(SN4600C, nodes=3000)
    assert size_pairs(replace(many, tiers=2)) is None
    assert size_pairs(replace(many, cores=4)) is None
    assert size_pairs(replace(SN4600C, nodes=50, tiers=3)).tree
    assert size_pairs(replace(SN4600C, nodes=70000)) is None
