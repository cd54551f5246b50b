"""Growth of whole sites, case by case; tests/properties draws them at large."""

from ipaddress import IPv4Address, IPv4Network

import pytest
import yaml

from clusterwright.design.fabric import compute_fabric, find_open
from clusterwright.design.newcomers import take_turns
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats
from clusterwright.design.zones import OOB_ZONES, number_all
from clusterwright.load import load_site
from clusterwright.site_folder import SiteFolder, find_site
from tests.sites import plan_of, put
from tests.standing import changed

H100 = find_site("h100-su").definition.read_text()
HOST = {"name": "head3", "server": "management-1u"}
MORE_STORAGE = {
    "name": "more",
    "model": "storage-nvme-2u",
    "racks": ["net2"],
    "count": 2,
    "ports": 4,
}
RACKS = ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"]


def unit(**changes):
    """Return the H100 unit with other values."""
    site = yaml.safe_load(H100)
    for path, value in changes.items():
        put(site, path, value)
    return site


ROOM_FOR_STORAGE = {"fabrics.storage.appliances.build_for_ports": 64}
GROUP = "compute.su1.groups[0]"
NO_MORE_RACKS = {"facility.racks[3].build_for": 1}
MANY_HOSTS = [
    *unit()["management"],
    *({**HOST, "name": f"more{n}", "rack": RACKS[n // 2]} for n in range(7)),
]
GROWTH = {
    "racks of a group": (
        unit(**{f"{GROUP}.count": 12, f"{GROUP}.racks": RACKS[:4]}),
        unit(),
    ),
    "racks of a group that has few nodes yet": (
        unit(**{f"{GROUP}.count": 3, f"{GROUP}.racks": RACKS[:2]}),
        unit(**{f"{GROUP}.count": 9, f"{GROUP}.racks": RACKS[:3]}),
    ),
    "hosts beside nodes": (
        unit(),
        unit(management=[*unit()["management"], {**HOST, "rack": "r2"}]),
    ),
    "hosts beside switches and the panel": (
        unit(),
        unit(management=[*unit()["management"], {**HOST, "rack": "net1"}]),
    ),
    "storage beside a host": (
        unit(management=[*unit()["management"], {**HOST, "rack": "net2"}], **ROOM_FOR_STORAGE),
        unit(
            management=[*unit()["management"], {**HOST, "rack": "net2"}],
            storage=[*unit()["storage"], MORE_STORAGE],
            **ROOM_FOR_STORAGE,
        ),
    ),
    "the first host": (unit(management=[]), unit(management=[{**HOST, "rack": "r5"}])),
    "more hosts than a management switch has ports": (
        unit(),
        unit(
            management=[
                *unit()["management"],
                *({**HOST, "name": f"more-{rack}", "rack": rack} for rack in RACKS[:4]),
            ]
        ),
    ),
    "more hosts than are reserved for, where racks are built for": (
        unit(**NO_MORE_RACKS),
        unit(management=MANY_HOSTS, **NO_MORE_RACKS),
    ),
    "storage servers and a further system": (
        unit(**{"fabrics.storage.appliances.build_for_ports": 64}),
        unit(
            **{
                "fabrics.storage.appliances.build_for_ports": 64,
                "storage.fast.count": 8,
                "storage": [*unit()["storage"], MORE_STORAGE],
            }
        ),
    ),
}


@pytest.mark.parametrize(("before", "after"), GROWTH.values(), ids=GROWTH.keys())
def test_what_comes_changes_nothing_of_what_stands(before, after, tmp_path):
    assert changed(plan_of(tmp_path, before), plan_of(tmp_path, after)) == {}


def test_many_hosts_move_racks_behind_them_where_nobody_kept_ports(tmp_path):
    """Which is what `build_for` of racks, and `reserved_ports`, are for."""
    moved = changed(plan_of(tmp_path, unit()), plan_of(tmp_path, unit(management=MANY_HOSTS)))
    assert "r5-oob" in moved
    reserved = {"fabrics.oob.reserved_ports": 9}
    after = unit(management=MANY_HOSTS, **reserved)
    assert changed(plan_of(tmp_path, unit(**reserved)), plan_of(tmp_path, after)) == {}


COPPER_REACHES = {
    "fabrics.compute.cable": "auto",
    "facility.trays": {"over_racks_m": 0.05, "slack_m": 0.1},
    f"{GROUP}.server": "hgx-h100-air",
}


def test_a_cable_is_chosen_for_who_comes_beside_it(tmp_path):
    """Three nodes to a rack: the second cage of each leaf serves two racks, one of them far."""
    asked = {f"{GROUP}.racks": ["r4", "r1"], f"{GROUP}.build_for": 6, f"{GROUP}.count": 6}
    full = unit(**COPPER_REACHES, **asked)
    before = plan_of(tmp_path, unit(**COPPER_REACHES, **asked, **{"compute.su1.holes": ["su1-n4"]}))
    assert changed(before, plan_of(tmp_path, full)) == {}
    assert media_of(before, "su1-n1") == {"copper-active"}
    assert media_of(before, "su1-n3") == {"multimode-fibre"}


def media_of(plan, node):
    return {one.medium for one in plan.links if one.a.device == node and one.fabric == "compute"}


def test_a_stranger_may_come_to_a_cage_from_anywhere(tmp_path):
    """Nobody says where the fourth node will stand, and it shares cages with the third one."""
    asked = {**COPPER_REACHES, "facility.racks[0].power_limit_kw": 35}
    three = unit(**asked, **{f"{GROUP}.count": 3, f"{GROUP}.racks": ["r4"]})
    four = unit(**asked, **{f"{GROUP}.count": 4, f"{GROUP}.racks": ["r4", "r8"]})
    before, after = plan_of(tmp_path, three), plan_of(tmp_path, four)
    assert changed(before, after) == {}
    assert media_of(before, "su1-n1") == {"copper-active"}
    assert media_of(before, "su1-n3") == {"multimode-fibre"}
    assert open_nodes(tmp_path, three) == {"su1-n3"}
    assert open_nodes(tmp_path, four) == {"su1-n3", "su1-n4"}


def open_nodes(folder, site):
    """Return who shares a cage of the compute fabric with somebody whose place nobody knows."""
    (folder / "site.yml").write_text(yaml.safe_dump(site))
    loaded = load_site(SiteFolder(definition=folder / "site.yml"))
    return find_open(compute_fabric(loaded), list_seats(loaded, list_racks(loaded)))


@pytest.mark.parametrize("length", range(16, 29))
def test_no_address_of_a_large_prefix_ends_in_0_or_255(length):
    prefix = IPv4Network((IPv4Address("10.0.0.0"), length))
    places = {
        kind: [f"{kind} {n}" for n in range(len(zone.places(prefix)) // 2)]
        for zone in OOB_ZONES
        for kind in (zone.up, zone.down)
    }
    used = number_all(prefix, OOB_ZONES, places).values()
    assert len(used) == len(set(used)) == sum(map(len, places.values()))
    assert all(one in prefix and prefix[0] < one < prefix[-1] for one in used)
    assert length > 23 or {int(one) % 256 for one in used} & {0, 255} == set()


@pytest.mark.parametrize("room", range(25))
def test_hosts_and_storage_meet_only_where_a_row_is_full(room):
    turns = take_turns(room, 9)
    assert sorted(turns.hosts) == sorted(turns.stores) == list(range(room))
    for hosts in range(room + 1):
        assert not set(turns.hosts[:hosts]) & set(turns.stores[: room - hosts])
