"""What intake has taken in is all that a rack needs: its logins, and who its devices are."""

from pathlib import Path

import pytest

from clusterwright.catalogue import load_catalogue
from clusterwright.lab.manifest import write_manifest
from clusterwright.operate.intake.take_in import Manifest, take_in
from clusterwright.operate.rack.verdict import Verdict
from tests.access.facility_rig import PASSWORD, USERNAME
from tests.rack.dock import dock


@pytest.mark.asyncio
async def test_a_rack_is_opened_with_the_factory_passwords_of_its_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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

        outcome = (await site.bring_up("r1", last=3))[0]

        assert [gate.name for gate in outcome.gates if gate.verdict is Verdict.FAIL] == []
        logins = site.logins()
        ours = {name for name in logins if name.startswith(("bmc/", "pdu/r1"))}
        assert ours >= {"bmc/su1-n1", "bmc/su1-n2", "pdu/r1-pdu-a"}
        assert PASSWORD not in {logins[name] for name in ours}
        assert logins["factory/su1-n1"] == PASSWORD
