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

from clusterwright.site_folder import PROJECT, find_site
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
from tests.installations import INSTALLATION
from tests.sites import heed, mistakes_of
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


ROUNDS = 5
LEFT_OUT = {
    "unknown key": "a key is to be called otherwise, which a person does in an editor",
    "duplicate key": "a parsed file has a key once",
    "too many units for any tiers": "the remedy ends in 256 units, which take a minute",
    "too many units for three tiers": "the same",
    "too many units for two tiers": "test_fabric_remedies heeds it, without designing the rest",
    "more pairs than two tiers join": "test_network_remedies does",
    "more pairs than any cores join": "test_network_remedies does",
}
SERVERS = frozenset({"compute.su1.groups[0].server", "compute.su1.groups[1].server"})
UNCOVERED: Mapping[str, frozenset[str]] = {
    "fabric: a speed that adapters do not know": SERVERS,
    "fabric: ports that do not split": SERVERS,
    "fabric: too many units for spines of another model": frozenset(
        {
            "compute.su1.groups[0].count",
            "compute.su2.groups[0].count",
            "fabrics.compute.spine_racks",
        }
    ),
    "fabric: switches of an earlier generation": frozenset({"fabrics.compute.cable"}),
    "networks: split that there is not": frozenset({"fabrics.inband.cable"}),
    "networks: storage in the way": frozenset({"storage.fast.count"}),
    "XDR over fibre that it does not run over": frozenset({"fabrics.compute.cable"}),
}
"""What a later step of the design finds that could not be seen before, and no change mends."""
H100 = find_site("h100-su").definition.read_text()
CATALOGUE = PROJECT / "clusterwright/catalogue"
HOST = (CATALOGUE / "servers/management-1u.yml").read_text()
PDU_415V = (CATALOGUE / "pdus/rack-pdu-415v-60a.yml").read_text()
XDR = (CATALOGUE / "cables/xdr-singlemode.yml").read_text()
START_UP = "{start_up: {pdu_inrush_amps: 50}}"
XFS = ("disk: {size: smallest}", "disk: {size: smallest}, filesystem: xfs")
OTHERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "holes where no node is": (
        edited([("build_for: 32", "holes: [su1-n1, su1-n5, su1-n1]\n    build_for: 32")]),
        {},
    ),
    "one supply that draws more than may start at once": (
        edited(
            [("feeds: [A, B, C]", "feeds: [A, B, C]\n  power: {start_up: {pdu_inrush_amps: 50}}")]
        ),
        {"servers/management-1u": HOST.replace("inlet: C14", "inlet: C14, inrush_amps: 55")},
    ),
    "outlets of another voltage": (
        H100,
        {"pdus/raritan-px3-5878i2r": PDU_415V.replace("outlet_volts: 240", "outlet_volts: 277")},
    ),
    "a filesystem that an installer does not make": (
        f"{LAB.partition(chr(10) + 'installation:')[0]}{INSTALLATION.replace(*XFS)}",
        {},
    ),
    "XDR over fibre that it does not run over": (
        H100.replace("server: dgx-h100", "server: dgx-b300").replace(
            "switch: qm9700, cable: ndr-multimode", "switch: q3400-ra, cable: own"
        ),
        {"cables/own": XDR.replace("medium: singlemode", "medium: multimode")},
    ),
}


def _cases() -> Iterator[Any]:
    for kind, (module, write) in WRITTEN.items():
        for case in module.CASES:
            if case.id not in LEFT_OUT:
                text, cable = write(case.values[0])
                own = {"cables/own": cable} if cable else {}
                yield _case(f"{kind}: {case.id}", text, own)
    for name, (text, own) in OTHERS.items():
        yield _case(name, text, own)


def _case(name: str, text: str, own: Mapping[str, str]) -> Any:
    return pytest.param(text, own, UNCOVERED.get(name, frozenset()), id=name)


def test_every_case_that_uncovers_a_mistake_is_one():
    assert UNCOVERED.keys() - {case.id for case in _cases()} == set()


@pytest.mark.parametrize(("text", "own", "uncovered"), list(_cases()))
def test_heeding_all_remedies_leaves_only_mistakes_without_one(
    text, own, uncovered, tmp_path: Path
):
    """And those were there before: heeding adds none, of form or otherwise."""
    for name, model in {"pdus/management-pdu": PDU, **own}.items():
        path = tmp_path / f"catalogue/{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(model)
    site = yaml.safe_load(text)
    mistakes = first = mistakes_of(tmp_path, site)
    rounds = 0
    while any(one.remedy for one in mistakes) and rounds < ROUNDS:
        heed(site, mistakes)
        mistakes = mistakes_of(tmp_path, site)
        rounds += 1
    assert first != ()
    assert [str(one) for one in mistakes if one.remedy] == []
    before = {(one.path, one.rule) for one in first}
    added = [one for one in mistakes if (one.path, one.rule) not in before]
    assert {one.path for one in added} == uncovered, [str(one) for one in added]
