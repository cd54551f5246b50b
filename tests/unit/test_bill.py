"""What is to be bought, and what it costs."""

import pytest

from clusterwright.design import design
from clusterwright.design.bill.price import count_spares
from clusterwright.design.plan import Bill, BillLine
from clusterwright.render.bill import render_bill_table
from tests.superpods import compute_superpod, loaded

PRICES = {
    "currency": "EUR",
    "items": {
        "dgx-h100": 300000,
        "MMA4Z00-NS": 1000.5,
        "ndr-multimode": 10,
        "ndr-multimode 20 m": 99,
    },
    "spares_percent": {"transceiver": 1, "switch": 1},
}


@pytest.fixture(scope="module")
def definition():
    return compute_superpod("dgx-h100", nodes_per_rack=4, prices=PRICES)


@pytest.fixture(scope="module")
def plan(definition, tmp_path_factory):
    return design(loaded(definition, tmp_path_factory.mktemp("site")))


def lines(bill: Bill, model: str) -> list[BillLine]:
    return [line for line in bill.lines if line.model == model]


def test_everything_that_stands_in_a_rack_is_on_the_bill(plan):
    counts = {(line.kind, line.model): line.count for line in plan.bill.lines if not line.length_m}
    assert (
        counts.items()
        >= {
            ("node", "dgx-h100"): 127,
            ("server", "ufm-appliance-ndr"): 2,
            ("switch", "qm9700"): 48,
            ("rack", "legrand-nvidpd13"): 38,
            ("blanking-panel", "blanking panel 1 U"): 38 * 48 - 127 * 8 - 48 - 2,
            ("pdu", "raritan-px3-5878i2r"): 32 * 3 * 2,
            ("pdu", "rack-pdu-415v-32a"): 6 * 3 * 2,
        }.items()
    )


def test_cords_are_bought_where_a_device_brings_none(plan):
    """A DGX brings its six, two UFM appliances and 48 switches do not."""
    cords = {line.model: line.count for line in plan.bill.lines if line.kind == "power-cord"}
    assert cords == {"cord C14-C13": 4, "cord C14-C15": 96}


def test_pieces_of_cable_are_counted_by_length(plan):
    counted = {
        (line.model, line.length_m): line.count for line in plan.bill.lines if line.kind == "cable"
    }
    assert sum(counted.values()) == len({link.piece for link in plan.links})
    assert counted.keys() == {(link.cable, link.length_m) for link in plan.links}


@pytest.mark.parametrize(
    ("count", "percent", "spares"),
    [(100, 2, 2), (101, 2, 3), (3, 2, 1), (100, 7, 7), (5, 0, 0), (4, 100, 4)],
)
def test_spares_are_rounded_up(count, percent, spares):
    assert count_spares(count, percent) == spares


def test_a_line_costs_its_spares_too(plan):
    (optic,) = lines(plan.bill, "mma4z00-ns")
    assert (optic.count, optic.spares, optic.ordered) == (1536, 16, 1552)
    assert optic.cost == pytest.approx(1552 * 1000.5)


def test_kinds_that_are_not_named_have_no_spares(plan):
    spared = {line.kind for line in plan.bill.lines if line.spares}
    assert spared == {"transceiver", "switch"}


def test_the_most_exact_price_counts(plan):
    prices = {line.length_m: line.unit_price for line in lines(plan.bill, "ndr-multimode")}
    assert prices.pop(20.0) == 99
    assert set(prices.values()) == {10}


def test_the_total_is_of_what_has_a_price_and_the_rest_is_named(plan):
    bill = plan.bill
    priced = [line for line in bill.lines if line not in bill.unpriced]
    assert bill.total == pytest.approx(sum(line.cost for line in priced))
    assert {line.model for line in priced} == {"dgx-h100", "mma4z00-ns", "ndr-multimode"}
    text = render_bill_table(plan)
    assert f"Total of what has a price: {bill.total:.2f} EUR." in text
    assert "Without a price, and in no sum: ufm-appliance-ndr, qm9700," in text


def test_without_prices_nothing_is_summed(definition, tmp_path):
    bare = {key: value for key, value in definition.items() if key != "prices"}
    plan = design(loaded(bare, tmp_path))
    assert plan.bill.unpriced == plan.bill.lines
    assert "Total" not in render_bill_table(plan)


def test_uses_add_up_to_what_is_built_in(plan):
    for line in plan.bill.lines:
        assert sum(use.count for use in line.uses) == line.count


def test_a_rack_bought_whole_is_one_item_with_all_that_comes_in_it(definition, tmp_path):
    network = definition["facility"]["racks"][1] | {"names": ["m1"]}
    loop = {
        "name": "tcs1",
        "cdu": {"name": "cdu1", "model": "vertiv-coolchip-1350"},
        "racks": ["nvl1"],
        "supply_temperature_c": 30,
        "flow_lpm": 500,
    }
    compute = definition["fabrics"]["compute"] | {"racks": ["m1"], "attached": []}
    whole = definition | {
        "facility": {
            "feeds": ["A", "B", "C"],
            "racks": [
                {"system": "gb200-nvl72", "names": ["nvl1"], "power_limit_kw": 140},
                network,
            ],
            "cooling": {"loops": [loop]},
        },
        "compute": [
            {"name": "su1", "build_for": 18, "groups": [{"racks": ["nvl1"], "pool": "training"}]}
        ],
        "management": [],
        "fabrics": definition["fabrics"] | {"compute": compute},
    }
    plan = design(loaded(whole, tmp_path))
    counts = {(line.kind, line.model): line.count for line in plan.bill.lines if not line.length_m}
    assert len(plan.nodes) == 18
    assert counts == {
        ("switch", "qm9700"): 6,
        ("rack-system", "gb200-nvl72"): 1,
        ("rack", "legrand-nvidpd13"): 1,
        ("pdu", "rack-pdu-415v-32a"): 6,
        ("cdu", "vertiv-coolchip-1350"): 1,
        ("transceiver", "mma4z00-ns"): 108,
        ("transceiver", "mma4z00-ns400"): 72,
        ("power-cord", "cord C14-C15"): 12,
        ("blanking-panel", "blanking panel 1 U"): 42,
    }
