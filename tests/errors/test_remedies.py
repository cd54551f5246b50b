"""What every wrong definition of these tests is told to change helps, as far as it can be helped.

Space and cooling heed theirs beside their sentences; `tests/properties/test_remedies.py` draws
mistakes at large.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.errors import (
    test_cabling,
    test_definition,
    test_fabric,
    test_networks,
    test_pins,
    test_power,
    test_servers,
)
from tests.errors.test_definition import edited
from tests.sites import heal, mistakes_of
from tests.superpods import PDU

LAB = test_pins.LAB
Written = tuple[str, str]
"""A definition, and the text of a cable of the site's own."""


def _replaced(change: tuple[str, str]) -> Written:
    return LAB.replace(*change, 1), ""


WRITTEN: Mapping[str, tuple[Any, Callable[[Any], Written]]] = {
    "cabling": (test_cabling, lambda written: written),
    "definition": (test_definition, lambda edits: (edited(edits), "")),
    "fabric": (test_fabric, lambda text: (text, "")),
    "networks": (test_networks, lambda text: (text, "")),
    "pins": (test_pins, lambda pins: (f"{LAB}\npins: {json.dumps(pins)}\n", "")),
    "power": (test_power, lambda edits: (edited(edits), "")),
    "servers": (test_servers, _replaced),
}


def _cases() -> Iterator[Any]:
    for kind, (module, write) in WRITTEN.items():
        for case in module.CASES:
            yield pytest.param(*write(case.values[0]), id=f"{kind}: {case.id}")


@pytest.mark.parametrize(("text", "cable"), list(_cases()))
def test_heeding_all_remedies_leaves_only_mistakes_without_one(text, cable, tmp_path: Path):
    """Mistakes of form, which no plan can be made of, have none."""
    for name, model in {"pdus/management-pdu": PDU, "cables/own": cable}.items():
        path = tmp_path / f"catalogue/{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        if model:
            path.write_text(model)
    site = yaml.safe_load(text)
    assert mistakes_of(tmp_path, site) != ()
    assert [str(one) for one in heal(tmp_path, site) if one.remedy] == []
