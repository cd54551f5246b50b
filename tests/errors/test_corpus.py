"""How many wrong definitions there are, each with the exact sentences that it gets."""

import pytest

from tests.errors import (
    test_cabling,
    test_cooling,
    test_definition,
    test_fabric,
    test_networks,
    test_own_models,
    test_pins,
    test_power,
    test_space,
)

FEWEST = 180
MODULES = {
    "cabling": test_cabling,
    "cooling": test_cooling,
    "definition": test_definition,
    "fabric": test_fabric,
    "networks": test_networks,
    "own models": test_own_models,
    "pins": test_pins,
    "power": test_power,
    "space": test_space,
}


def test_at_least_180_wrong_definitions_are_written_down():
    assert sum(len(module.CASES) for module in MODULES.values()) >= FEWEST


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_each_has_a_name_of_its_own(module):
    names = [case.id for case in module.CASES]
    assert None not in names
    assert len(set(names)) == len(names)
