"""Units that come within what spines are built for re-cable nothing, on any switch we know."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from clusterwright.catalogue import load_catalogue
from clusterwright.design.fabric.ask import FabricAsk, PoolAsk
from clusterwright.design.fabric.size import size_fabric
from tests.fabrics import ask_for, cables

UNITS = 4
SWITCHES = load_catalogue().switches
SHAPES = list(
    product((2, 3), ("rail-optimised", "node-aligned"), (Fraction(1), Fraction(3, 2)), (0, 24))
)


def full(switch: str, split: int) -> list[FabricAsk]:
    """Return fabrics of that switch in every shape, as large as it can carry."""
    known = SWITCHES[switch]
    asked = (
        ask_for(
            UNITS,
            build_for=build_for,
            build_for_units=UNITS,
            rails=4,
            ports=known.ports,
            cage_ports=known.ports_per_cage,
            split=split,
            tiers=tiers,
            shape=shape,
            oversubscription=ratio,
            pool=PoolAsk(ports=pool) if pool else None,
        )
        for build_for in (6, 18)
        for tiers, shape, ratio, pool in SHAPES
    )
    return [ask for ask in asked if size_fabric(ask)]


SPLITS = [
    (name, breakout.ports // switch.ports_per_cage)
    for name, switch in SWITCHES.items()
    for breakout in switch.breakouts
]


@pytest.mark.parametrize(("switch", "split"), SPLITS)
def test_units_that_come_leave_every_cable_where_it_is(switch, split):
    fabrics = full(switch, split)
    assert fabrics
    for ask in fabrics:
        all_cables = set(cables(ask))
        for units in (1, UNITS - 1):
            lost = set(cables(replace(ask, units=ask.units[:units]))) - all_cables
            assert lost == set()
