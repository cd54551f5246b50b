"""Manifests as vendors write them, for a site that is the lab's but not emulated."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.errors import UsageError
from clusterwright.load import load_site
from clusterwright.model.record import Record
from clusterwright.operate.intake.outcome import Outcome
from clusterwright.operate.intake.take_in import Manifest, take_in
from clusterwright.record_file import read_record, write_record
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import VARIABLE, Secrets, read_vault
from tests.sites import LAB

REAL = LAB.replace("emulated: true\n", "").replace("site: lab\n", "site: real\n")
HEADER = "Serial Number,Model,Rack,U,BMC MAC,Username,Password\n"
NODES = (
    "MK1,DGX H100,r1,1,00:00:5E:00:53:01,admin,one\n"
    "MK2,DGX H100,r1,9,00-00-5E-00-53-02,admin,two\n"
    "HG1,HGX-H100-Liquid,r2,5,00005e005303,admin,three\n"
    "HG2,HGX-H100-Liquid,r2,U9,0000.5e00.5304,admin,four\n"
)


@dataclass(frozen=True)
class Dock:
    """A site and the manifests that come for it."""

    folder: SiteFolder
    plan: SitePlan

    def manifest(self, text: str, **options) -> Manifest:
        file = self.folder.path / "delivery.csv"
        file.write_text(text)
        return Manifest(file=file, **options)

    def take(self, text: str, *, partial: bool = False, **options) -> Outcome:
        return take_in(self.folder, self.plan, self.manifest(text, **options), partial=partial)

    def refusal(self, text: str, **options) -> list[str]:
        """Return what is said of a manifest that is refused, without the name of the file."""
        manifest = self.manifest(text, **options)
        before = self.bytes()
        with pytest.raises(UsageError) as caught:
            take_in(self.folder, self.plan, manifest)
        assert self.bytes() == before
        assert manifest.file.read_text() == text
        return str(caught.value).replace(str(manifest.file), "FILE").splitlines()

    def bytes(self) -> tuple[bytes | None, bytes | None]:
        record, vault = self.folder.record, self.folder.vault
        return tuple(file.read_bytes() if file.is_file() else None for file in (record, vault))

    def knows(self, record: Record) -> None:
        self.folder.record.write_text(write_record(record))

    @property
    def record(self) -> Record:
        return read_record(self.folder.record)

    @property
    def serials(self) -> dict[str, str]:
        return {name: device.serial for name, device in self.record.devices.items()}

    @property
    def secrets(self) -> Secrets:
        return read_vault(self.folder.vault)

    @property
    def file(self) -> str:
        return (self.folder.path / "delivery.csv").read_text()


def make_dock(
    folder: Path, monkeypatch: pytest.MonkeyPatch, plan: SitePlan | None = None, text: str = REAL
) -> Dock:
    """Return a dock whose vault can be opened and is empty."""
    passphrase = folder / "passphrase"
    passphrase.write_text("not a real secret")
    monkeypatch.setenv(VARIABLE, str(passphrase))
    site = SiteFolder(definition=folder / "site.yml")
    site.definition.write_text(text)
    return Dock(folder=site, plan=plan or design(load_site(site)))
