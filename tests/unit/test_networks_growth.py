"""Growth within what a site is built for: what stands keeps names, addresses, ports and cables."""

import pytest

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from tests.superpods import definition, loaded

STORAGE = "    inband_ports: 2\n    oob_ports: 0\n"
SMALL = (
    ("appliances: {leaves: 4", "appliances: {build_for_ports: 128, leaves: 4"),
    (", ports: 4, oob_ports: 0}", ", build_for: 26, ports: 4}"),
    ("power_limit_kw: 44\n      feeds", "power_limit_kw: 80\n      feeds"),
    ("oversubscription:", "build_for_units: 4\n    oversubscription:"),
    ("cable: ndr-multimode\n    racks", "cable: ndr-multimode\n    build_for_units: 4\n    racks"),
)


def site(tmp_path, *edits, units=2) -> SitePlan:
    text = definition(units, edits=())
    for old, new in (*SMALL, *edits):
        assert old in text, f"the definition no longer says {old}"
        text = text.replace(old, new, 1)
    return design(loaded(text, tmp_path))


def facts(plan: SitePlan) -> set[tuple[str, ...]]:
    """Return everything that must not change: who is called what, is where, has which address."""
    return {
        *(("node", n.name, str(n.address), str(n.controller.address)) for n in plan.nodes),
        *(("host", h.name, str(h.address), str(h.bmc_address)) for h in plan.management_hosts),
        *(("switch", s.name, s.model, s.mount.rack, str(s.address)) for s in plan.switches),
        *(("pdu", p.name, str(p.controller.address)) for p in plan.pdus),
        *(
            ("storage", s.name, s.mount.rack, str(s.address), str(s.controller.address))
            for s in plan.storage_servers
        ),
        *(
            ("link", k.fabric, k.a.device, k.a.port, k.b.device, k.b.port, k.cable)
            for k in plan.links
        ),
    }


MANAGEMENT_RACKS = "m1, m2, m3, m4, m5, m6]"
GROWTH = {
    "a unit is filled up": ([("count: 32\n", "count: 16\n")], []),
    "more storage servers of a system": ([], [("count: 24", "count: 26")]),
    "a further storage system": (
        [],
        [
            (
                STORAGE,
                f"{STORAGE}  - {{name: more, model: storage-nvme-2u, racks: [m6], count: 2, "
                "ports: 2, inband_ports: 2}\n",
            )
        ],
    ),
    "racks at the end": (
        [],
        [
            (f"names: [{MANAGEMENT_RACKS}", "names: [m1, m2, m3, m4, m5, m6, m7, m8]"),
            (f"rowm, racks: [{MANAGEMENT_RACKS}", "rowm, racks: [m1, m2, m3, m4, m5, m6, m7, m8]"),
        ],
    ),
}


@pytest.mark.parametrize(("before", "after"), GROWTH.values(), ids=GROWTH.keys())
def test_growth_moves_nothing_that_stands(before, after, tmp_path):
    old, new = site(tmp_path, *before), site(tmp_path, *after)
    assert facts(old) - facts(new) == set()
    assert facts(new) - facts(old) != set()


def test_a_unit_that_was_built_for_moves_nothing_that_stands(tmp_path):
    """Its racks are named last, or the group of racks is built for them."""
    build_for = ("power_limit_kw: 44", "build_for: 32\n      power_limit_kw: 44")
    old, new = site(tmp_path, build_for), site(tmp_path, build_for, units=3)
    assert facts(old) - facts(new) == set()
