"""What holds for the cables of every site that can be built."""

from collections import Counter
from math import dist

from hypothesis import given, settings
from hypothesis import strategies as st

from clusterwright.catalogue import load_catalogue
from clusterwright.design.cabling import Cabling, Joint, lay_cables
from clusterwright.design.cabling.route import RACK_UNIT_M
from clusterwright.design.plan import LinkEnd, Mount
from clusterwright.model.cabling import Trays
from tests.racks import rack

CATALOGUE = load_catalogue()
ROWS, PLACES, UNITS = 4, 30, 40
RACKS = {
    one.name: one
    for one in (rack(f"r{r}p{p}", place=p, row=r) for r in range(ROWS) for p in range(PLACES))
}
MODELS = ("hgx-h100-air", "dgx-h100")
DGX_PORTS = tuple(f"OSFP{cage}P{port}" for cage in range(1, 5) for port in (1, 2))
HGX_PORTS = tuple(f"OSFP{n}" for n in range(1, 9))
CAGE = len("OSFP1")
"""A DGX writes the port after the cage."""
CHOICES = (
    "auto",
    "ndr-multimode",
    "ndr-singlemode",
    ("ndr-dac-split-osfp", "ndr-multimode", "ndr-singlemode"),
)


@st.composite
def sites(draw):
    """Draw nodes and leaves anywhere on a floor, trays over it, and which cable is asked for."""
    places = st.tuples(st.integers(0, ROWS - 1), st.integers(0, PLACES - 1), st.integers(1, 33))
    model = draw(st.sampled_from(MODELS))
    nodes = draw(st.lists(places, min_size=1, max_size=6))
    leaves = draw(st.lists(places, min_size=8, max_size=8))
    trays = Trays(
        over_racks_m=draw(st.floats(0, 2)),
        cross_every_m=draw(st.floats(1, 20)),
        slack_m=draw(st.floats(0, 1)),
    )
    mounts = {
        name: Mount(rack=f"r{row}p{place}", lowest_unit=unit, height_units=units)
        for kind, placed, units in (("node", nodes, 8), ("leaf", leaves, 1))
        for name, (row, place, unit) in (
            (f"{kind}{n}", where) for n, where in enumerate(placed, start=1)
        )
    }
    return model, len(nodes), mounts, trays, draw(st.sampled_from(CHOICES))


def joints(model: str, nodes: int, choice) -> list[Joint]:
    """Join port i of each node to leaf i, as rails are."""
    ports = DGX_PORTS if model == "dgx-h100" else HGX_PORTS
    return [
        Joint(
            fabric="compute",
            tier="node-leaf",
            a=LinkEnd(device=f"node{node}", port=port),
            b=LinkEnd(device=f"leaf{rail}", port=f"{(node + 1) // 2}/{2 - node % 2}"),
            cable=choice,
            speed_gbps=400,
        )
        for node in range(1, nodes + 1)
        for rail, port in enumerate(ports, start=1)
    ]


def lay(site) -> Cabling:
    model, nodes, mounts, trays, choice = site
    models = {name: "qm9700" if name.startswith("leaf") else model for name in mounts}
    return lay_cables(
        CATALOGUE,
        trays,
        joints=joints(model, nodes, choice),
        racks=RACKS,
        mounts=mounts,
        models=models,
    )


def apart_m(a: Mount, b: Mount) -> float:
    """Return how far two devices are from each other as the crow flies, middle to middle."""

    def point(mount: Mount) -> tuple[float, float, float]:
        where = RACKS[mount.rack]
        middle = (mount.lowest_unit - 1 + mount.height_units / 2) * RACK_UNIT_M
        return where.x_mm / 1000, where.y_mm / 1000, middle

    return dist(point(a), point(b))


@settings(deadline=None, max_examples=150)
@given(sites())
def test_every_cable_reaches_and_is_within_its_mediums_reach(site):
    cabling, mounts, choice = lay(site), site[2], site[4]
    if choice != "ndr-multimode":
        assert [problem.rule for problem in cabling.problems] == []
    for link in cabling.links:
        cable = CATALOGUE.cables[link.cable]
        optics = [CATALOGUE.transceivers[name] for name in (link.optic_a, link.optic_b) if name]
        assert link.length_m in cable.lengths_m
        assert apart_m(mounts[link.a.device], mounts[link.b.device]) <= link.length_m
        assert link.length_m <= min([max(cable.lengths_m), *(one.reach_m for one in optics)])
        assert len(optics) == (2 if cable.transceivers else 0)


@settings(deadline=None, max_examples=150)
@given(sites())
def test_either_all_is_cabled_or_one_sentence_says_what_is_too_long(site):
    cabling = lay(site)
    wanted = len(joints(*site[:2], site[4]))
    assert (len(cabling.links), len(cabling.problems)) in ((wanted, 0), (0, 1))
    for problem in cabling.problems:
        ((_, value),) = problem.remedy
        assert lay((*site[:4], value)).problems == ()


@settings(deadline=None, max_examples=100)
@given(sites())
def test_pieces_and_their_links_add_up(site):
    cabling = lay(site)
    pieces: dict[str, list] = {}
    for link in cabling.links:
        pieces.setdefault(link.piece, []).append(link)
    for inside in pieces.values():
        assert (
            len({(link.cable, link.length_m, link.optic_a, link.optic_b) for link in inside}) == 1
        )
        assert len(inside) <= CATALOGUE.cables[inside[0].cable].links
    between_racks = [
        inside
        for inside in pieces.values()
        if site[2][inside[0].a.device].rack != site[2][inside[0].b.device].rack
    ]
    assert sum(bundle.pieces for bundle in cabling.bundles) == len(between_racks)
    assert max((bundle.pieces for bundle in cabling.bundles), default=0) <= site[3].bundle_max


@settings(deadline=None, max_examples=100)
@given(sites())
def test_a_cage_holds_one_transceiver(site):
    inside: dict[tuple[str, str], set[str]] = {}
    for link in lay(site).links:
        inside.setdefault((link.a.device, link.a.port[:CAGE]), set()).add(link.optic_a)
        inside.setdefault((link.b.device, link.b.port.split("/")[0]), set()).add(link.optic_b)
    assert max((len(optics) for optics in inside.values()), default=1) == 1


@settings(deadline=None, max_examples=50)
@given(sites())
def test_equal_sites_have_equal_cables(site):
    one, other = lay(site), lay(site)
    assert one == other
    assert Counter(link.piece for link in one.links) == Counter(link.piece for link in other.links)
