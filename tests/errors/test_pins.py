"""What an operator can write wrong about names and addresses of their choice."""

import json
from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.errors import DefinitionError
from clusterwright.load import load_site
from clusterwright.site_folder import SiteFolder, find_site

LAB = find_site("lab").definition.read_text()

CASES = [
    pytest.param(
        {"addresses": {"su1-n44": "10.101.0.99"}},
        ["pins.addresses.su1-n44: there is no name with an address su1-n44: did you mean su1-n4?"],
        id="address of nothing",
    ),
    pytest.param(
        {"addresses": {"su1-n1": "10.100.0.11"}},
        [
            "pins.addresses.su1-n1: 10.100.0.11 is no address for a host in 10.101.0.0/22, the "
            "in-band network: choose one that is, or write 10.101.0.11, which it has by rule"
        ],
        id="address of another network",
    ),
    pytest.param(
        {"addresses": {"su1-n1-bmc": "10.100.0.1"}},
        [
            "pins.addresses.su1-n1-bmc: 10.100.0.1 is no address for a host in 10.100.0.0/22, the "
            "out-of-band network: choose one that is, or write 10.100.0.11, which it has by rule"
        ],
        id="address of the gateway",
    ),
    pytest.param(
        {"addresses": {"su1-n1": "10.101.3.255"}},
        [
            "pins.addresses.su1-n1: 10.101.3.255 is no address for a host in 10.101.0.0/22, the "
            "in-band network: choose one that is, or write 10.101.0.11, which it has by rule"
        ],
        id="address of all hosts",
    ),
    pytest.param(
        {"addresses": {"su1-n1": "10.101.0.12"}},
        [
            "pins.addresses.su1-n1: 10.101.0.12 is the address of su1-n2, but an address must "
            "mean one thing: choose another one, or write 10.101.0.11, which it has by rule"
        ],
        id="address of another node",
    ),
    pytest.param(
        {"addresses": {"su1-n1": "10.101.0.30"}},
        [
            "pins.addresses.su1-n1: 10.101.0.30 is the address of su1-n20, but an address must "
            "mean one thing: choose another one, or write 10.101.0.11, which it has by rule"
        ],
        id="address kept for a node to come",
    ),
    pytest.param(
        {"addresses": {"su1-n1": "10.101.1.1", "su1-n2": "10.101.1.1"}},
        [
            f"pins.addresses.{name}: 10.101.1.1 is chosen twice, but an address must mean one "
            f"thing: choose another one, or write {usual}, which it has by rule"
            for name, usual in (("su1-n1", "10.101.0.11"), ("su1-n2", "10.101.0.12"))
        ],
        id="address chosen twice",
    ),
    pytest.param(
        {"addresses": {"su1-n1": "10.101.0.300"}},
        [
            "pins.addresses.su1-n1: '10.101.0.300' cannot stand here: input is not a valid IPv4 "
            "address"
        ],
        id="no address",
    ),
    pytest.param(
        {"names": {"su1-n44": "gpu017"}},
        ["pins.names.su1-n44: there is no name by rule su1-n44: did you mean su1-n4?"],
        id="name of nothing",
    ),
    pytest.param(
        {"names": {"su1-n1": "su1-leaf1"}},
        [
            "pins.names.su1-n1: su1-leaf1 is the name of something else, too, but a name means "
            "one thing: choose another one, or write su1-n1, which it has by rule"
        ],
        id="name of a switch",
    ),
    pytest.param(
        {"names": {"su1-n1": "head"}},
        [
            "pins.names.su1-n1: head is the name of something else, too, but a name means one "
            "thing: choose another one, or write su1-n1, which it has by rule"
        ],
        id="name of a host",
    ),
    pytest.param(
        {"names": {"head": "master"}},
        [
            "pins.names.head: head is not named by rule, but in management: rename it there, and "
            "leave this out"
        ],
        id="name that the definition gives",
    ),
    pytest.param(
        {"names": {"su1-n1": "GPU 17"}},
        [
            "pins.names.su1-n1: 'GPU 17' cannot stand here: a name has lower-case letters, digits "
            "and hyphens, begins with a letter, and is no longer than 32"
        ],
        id="no name",
    ),
]


@pytest.mark.parametrize(("pins", "expected"), CASES)
def test_each_mistake_gets_its_sentence(pins, expected, tmp_path: Path):
    definition = tmp_path / "site.yml"
    definition.write_text(f"{LAB}\npins: {json.dumps(pins)}\n")
    with pytest.raises(DefinitionError) as caught:
        design(load_site(SiteFolder(definition=definition)))
    assert [f"{one.path}: {one.rule}" for one in caught.value.mistakes] == expected


def test_heeding_the_remedies_leaves_every_address_by_rule(tmp_path: Path):
    definition = tmp_path / "site.yml"
    wrong = {"addresses": {"su1-n1": "10.101.0.13", "su1-n2": "10.9.9.9"}}
    definition.write_text(f"{LAB}\npins: {json.dumps(wrong)}\n")
    with pytest.raises(DefinitionError) as caught:
        design(load_site(SiteFolder(definition=definition)))
    changes = [change for one in caught.value.mistakes for change in one.remedy]
    assert [(change.path, change.value) for change in changes] == [
        ("pins.addresses.su1-n1", "10.101.0.11"),
        ("pins.addresses.su1-n2", "10.101.0.12"),
    ]
