"""A node is drained and leaves for good; what stays is as planned, and the stack forgets it."""

import json
from collections.abc import Callable

import pytest

from clusterwright.model.record import NodeRecord, Record
from clusterwright.record_file import change_record, read_record
from tests.lab.bad_luck import remembered, started
from tests.lab.conftest import Instance

pytestmark = pytest.mark.lab

NODE, OTHER = "su1-n2", "su1-n1"
STEPS = ("drives", "host", "accounts", "certificates", "outlets")
FACILITY = ("--layer", "facility")


@pytest.fixture(scope="module")
def site(make_instance: Callable[[], Instance]) -> Instance:
    """Two nodes in a rack, one in another, in service; hosts are not played."""
    one = make_instance()
    text = one.definition.read_text()
    two = "{server: hgx-h100-liquid, count: 2,"
    assert two in text
    one.definition.write_text(text.replace(two, two.replace("2", "1")))
    for finished in (one.up(), one.command("up", str(one.definition), *FACILITY)):
        assert finished.returncode == 0, finished.stdout + finished.stderr
    change_record(one.lab.folder.record, _in_service)
    return one


def _in_service(record: Record) -> Record:
    states = {name: NodeRecord(state="in-service") for name in (NODE, OTHER)}
    return record.model_copy(update={"nodes": {**record.nodes, **states}})


def resources(site: Instance) -> set[str]:
    """The names in the stack's state."""
    files = site.lab.pulumi_backend.rglob(f"{site.site}.json")
    [state] = [file for file in files if file.parent.parent.name == "stacks"]
    found = json.loads(state.read_text())["checkpoint"]["latest"]["resources"]
    return {one["urn"].rpartition("::")[2] for one in found}


def kill_at(site: Instance, step: str) -> None:
    """Let the command die as it begins a step that is left."""
    words = ("decommission", str(site.definition), NODE, "--yes")
    with started(site, *words) as process:
        assert process.stdout is not None
        said = []
        # The survey before says the same, without the name.
        while not (said and said[-1].startswith(f"{NODE}: {step}: ")):
            said.append(process.stdout.readline())
            assert said[-1], f"it ended before step {step}: {''.join(said)}"


def assert_waits(site: Instance) -> None:
    """Nobody brings it back while it is on its way out."""
    name = str(site.definition)
    for words in (("up", name), ("rack", name, "r1"), ("racks", name)):
        refused = site.command(*words)
        assert (refused.returncode, refused.stderr.strip()) == (
            2,
            f"{NODE}: is being decommissioned, and this would bring it back: let it go first with "
            f"clusterwright decommission {site.site} {NODE}, or keep it with "
            f"clusterwright decommission {site.site} {NODE} --cancel",
        )


def test_a_node_leaves_for_good_and_nothing_drifts(site: Instance) -> None:
    name = str(site.definition)
    busy = site.command("decommission", name, NODE, "--yes")
    assert (busy.returncode, busy.stderr.strip()) == (
        2,
        f"{NODE}: is in service, and jobs may run on it: drain it first: "
        f"clusterwright drain {site.site} {NODE}",
    )

    drained = site.command("drain", name, NODE)
    assert drained.returncode == 0, drained.stdout + drained.stderr
    assert drained.stdout.startswith(f"{NODE}: drained; ")

    told = site.command("decommission", name, NODE, "--dry-run")
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("  drives: erase ") == 10
    unasked = site.command("decommission", name, NODE)
    assert (unasked.returncode, remembered(site, NODE)["erased"]) == (2, {})

    for step in STEPS:
        kill_at(site, step)
    assert_waits(site)
    gone = site.command("decommission", name, NODE, "--yes")
    assert gone.returncode == 0, gone.stdout + gone.stderr
    assert f"{NODE}: has gone" in gone.stdout.splitlines()
    assert len(remembered(site, NODE)["erased"]) == 10
    assert read_record(site.lab.folder.record).holes == (NODE,)
    assert (site.lab.folder.path / "ca.crl.pem").is_file()

    again = site.command("decommission", name, NODE, "--yes")
    assert (again.returncode, again.stdout.startswith(f"{NODE}: has gone already, on ")) == (
        0,
        True,
    )

    before = remembered(site, NODE)
    assert NODE in resources(site)
    for words in (FACILITY, ()):
        up = site.command("up", name, *words)
        assert up.returncode == 0, up.stdout + up.stderr
        assert not [one for one in resources(site) if one.startswith(NODE)]
    assert OTHER in resources(site)
    assert remembered(site, NODE) == before

    drift = site.command("drift", name, "--json")
    assert (drift.returncode, json.loads(drift.stdout)["findings"]) == (0, [])
