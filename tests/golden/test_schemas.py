"""The published schemas are current, and say what the loader says."""

import json
from functools import cache

import pytest
import yaml
from jsonschema import Draft202012Validator

from clusterwright.render.schemas import render_schemas
from clusterwright.site_folder import PROJECT

SCHEMAS = PROJECT / "schemas"
SITES = sorted(file.parent for file in PROJECT.glob("inventory/*/site.yml"))
CATALOGUE = sorted(PROJECT.glob("clusterwright/catalogue/*/*.yml"))


@cache
def validator(name):
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def mistakes(name, tree):
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(tree)]


def test_schemas_are_current():
    written = {
        str(file.relative_to(SCHEMAS)): file.read_text()
        for file in SCHEMAS.rglob("*")
        if file.is_file()
    }
    assert written == render_schemas()


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_definition_and_plan_of_every_site_follow_their_schemas(site):
    assert mistakes("site", yaml.safe_load((site / "site.yml").read_text())) == []
    assert mistakes("plan", json.loads((site / "generated/plan.json").read_text())) == []


@pytest.mark.parametrize("file", CATALOGUE, ids=lambda file: file.stem)
def test_every_model_of_the_catalogue_follows_the_schema_of_its_kind(file):
    assert mistakes(f"catalogue/{file.parent.name}", yaml.safe_load(file.read_text())) == []


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_editors_find_the_schema_of_every_definition(site):
    line = (site / "site.yml").read_text().splitlines()[0]
    path = line.removeprefix("# yaml-language-server: $schema=")
    assert (site / path).resolve() == SCHEMAS / "site.schema.json"


def test_a_misspelt_key_is_shown_by_the_schema():
    tree = yaml.safe_load((PROJECT / "inventory/lab/site.yml").read_text())
    tree["fabrics"]["compute"]["oversubscribtion"] = 2
    assert mistakes("site", tree) == [
        "$.fabrics.compute: Additional properties are not allowed "
        "('oversubscribtion' was unexpected)"
    ]


def test_a_ratio_may_be_written_as_in_the_documentation():
    tree = yaml.safe_load((PROJECT / "inventory/lab/site.yml").read_text())
    tree["fabrics"]["compute"]["oversubscription"] = "3:2"
    assert mistakes("site", tree) == []


@pytest.mark.parametrize(
    ("kind", "field", "start"),
    [
        pytest.param("Maintenance", None, "Which disruptions nodes in service", id="type"),
        pytest.param("Node", "address", "On the in-band network.", id="field"),
    ],
)
def test_types_and_fields_of_the_plan_are_described(kind, field, start):
    part = validator("plan").schema["$defs"][kind]
    shown = part["properties"][field] if field else part
    assert shown["description"].startswith(start)
