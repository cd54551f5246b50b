"""A node in service is interrupted only where the definition allows it: else it is pending."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from clusterwright.model.record import NodeRecord, Record
from clusterwright.record_file import change_record
from tests.lab.bad_luck import ATTRIBUTE, OTHER, PLANNED, change_bios, deploy, remembered
from tests.lab.conftest import Instance

pytestmark = pytest.mark.lab

NODE = "su1-n2"
ALLOWED = "allow: [reset, power-cycle, link-flap, reboot]"
REMEDY = "drain the node, or permit the disruption in maintenance.allow, and run clusterwright up"


@pytest.fixture
def in_service(deployed_site: Instance) -> Iterator[Instance]:
    """A site that allows no disruption, with a BIOS attribute changed on a node in service."""
    folder = deployed_site.lab.folder
    text = folder.definition.read_text()
    assert ALLOWED in text
    change_bios(deployed_site, NODE)
    record = folder.record.read_text()
    change_record(folder.record, _in_service)
    folder.definition.write_text(text.replace(ALLOWED, "allow: []"))
    yield deployed_site
    folder.record.write_text(record)
    folder.definition.write_text(text)
    assert deploy(deployed_site).returncode == 0


def _in_service(record: Record) -> Record:
    return record.model_copy(update={"nodes": {NODE: NodeRecord(state="in-service")}})


def drift_of(site: Instance) -> tuple[int, list[dict[str, Any]]]:
    words = ("drift", str(site.definition), "--layer", "facility", "--json")
    finished = site.command(*words)
    return finished.returncode, json.loads(finished.stdout)["findings"]


def test_what_may_not_be_applied_now_is_pending_until_it_may(in_service: Instance) -> None:
    waiting = deploy(in_service)
    assert waiting.returncode == 0, waiting.stdout + waiting.stderr
    assert waiting.stdout.splitlines()[-1] == (
        f"pending: {NODE}: bios.{ATTRIBUTE} is {OTHER}, planned {PLANNED}: {REMEDY}"
    )
    assert remembered(in_service, NODE)["bios"][ATTRIBUTE] == OTHER

    code, (finding,) = drift_of(in_service)
    assert (code, finding["subject"], finding["pending"]) == (7, NODE, True)
    assert finding["remedy"] == f"{REMEDY} {in_service.site}"

    definition = in_service.lab.folder.definition
    definition.write_text(definition.read_text().replace("allow: []", "allow: [reset]"))
    allowed = deploy(in_service)
    assert allowed.returncode == 0, allowed.stdout + allowed.stderr
    assert "pending" not in allowed.stdout
    assert remembered(in_service, NODE)["bios"][ATTRIBUTE] == PLANNED
    assert drift_of(in_service) == (0, [])
