"""What intake has taken in is all that a rack needs: its logins, and who its devices are."""

from pathlib import Path

import pytest

from clusterwright.catalogue import load_catalogue
from clusterwright.lab.manifest import write_manifest
from clusterwright.operate.intake.take_in import Manifest, take_in
from clusterwright.operate.rack.verdict import Verdict
from tests.access.facility_rig import PASSWORD, USERNAME
from tests.rack.dock import dock

OF_RACK = {
    "r1": {"bmc/su1-n1", "bmc/su1-n2", "pdu/r1-pdu-a"},
    "r2": {"bmc/su1-n3", "hgx/su1-n3", "dpu1/su1-n4", "pdu/r2-pdu-a", "cdu/cdu1"},
}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("rack", "last", "server"),
    [
        pytest.param("r1", 3, "su1-n1", id="a rack"),
        pytest.param("r2", 5, "su1-n3", id="a rack on a loop, with controllers on its boards"),
    ],
)
async def test_a_rack_is_opened_with_the_factory_passwords_of_its_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rack: str, last: int, server: str
) -> None:
    async with dock(tmp_path, monkeypatch, new=True) as site:
        site.folder.vault.unlink()
        site.write(devices={})
        credentials = {c.secret: (USERNAME, PASSWORD) for c in site.lab.controllers}
        file = tmp_path / "delivery.csv"
        plan = site.lab.plan
        file.write_text(write_manifest(plan, load_catalogue(), credentials, site.lab.authority))
        take_in(site.folder, plan, Manifest(file=file))
        assert set(site.logins().values()) == {PASSWORD}

        outcome = (await site.bring_up(rack, last=last))[0]

        assert [gate.name for gate in outcome.gates if gate.verdict is Verdict.FAIL] == []
        logins = site.logins()
        ours = {name for name in logins if not name.startswith("factory/")}
        assert ours >= OF_RACK[rack]
        assert PASSWORD not in {logins[name] for name in ours}
        assert logins[f"factory/{server}"] == PASSWORD
