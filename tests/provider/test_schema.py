"""The schema says what Check accepts."""

import json

import pytest

from clusterwright.provider.kinds import KINDS
from clusterwright.provider.schema import schema


@pytest.fixture(scope="module")
def package():
    return json.loads(schema(KINDS, "0.1.0"))


def test_every_kind_is_in_the_schema(package):
    assert package["resources"].keys() == KINDS.keys()


@pytest.mark.parametrize("type_name", KINDS)
def test_inputs_and_required_inputs_are_those_of_the_model(package, type_name):
    resource, fields = package["resources"][type_name], KINDS[type_name].model.model_fields
    assert resource["inputProperties"].keys() == {field.alias for field in fields.values()}
    assert set(resource["requiredInputs"]) == {
        field.alias for field in fields.values() if field.is_required()
    }


def test_what_waits_is_an_output_of_every_kind(package):
    assert all("pending" in resource["required"] for resource in package["resources"].values())


def test_a_nested_input_refers_to_its_type(package):
    boot = package["resources"]["clusterwright:facility:Node"]["inputProperties"]["boot"]
    assert boot["$ref"] == "#/types/clusterwright:facility:Boot"
    assert package["types"]["clusterwright:facility:Boot"]["required"] == [
        "target",
        "enabled",
        "mode",
    ]
