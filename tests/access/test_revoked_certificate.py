"""A certificate that the site's CA has revoked is trusted by nobody here, and that is said."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from clusterwright.access import certificate
from clusterwright.access.authority import Authority
from clusterwright.access.certificate_request import Names
from clusterwright.access.first_contact import Contact, meet
from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.tls import trust
from clusterwright.access.revocation import revoke
from clusterwright.access.vault import Login
from clusterwright.errors import DeviceUntrusted
from tests.access.facility_rig import PASSWORD, USERNAME, Rig, rig

BMC, OTHER = "su1-n1", "su1-n2"
LOGIN = Login(username=USERNAME, password=PASSWORD)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A site whose CA is asked whom it still trusts; `ca_file` is its own copy."""

    lab: Rig
    ca_file: Path

    def address(self, subject: str) -> str:
        return self.lab.url(subject).removeprefix("https://")

    def client(self, subject: str) -> Redfish:
        return Redfish(
            address=self.address(subject), login=LOGIN, ca_file=self.ca_file, name=subject
        )

    async def shown(self, subject: str) -> certificate.CertificateState:
        return await certificate.read(subject, self.address(subject), self.ca_file)

    def revoke(self, serial: int) -> None:
        key = serialization.load_pem_private_key(
            (self.lab.authority / "ca.key").read_bytes(), password=None
        )
        authority = Authority(
            certificate=x509.load_pem_x509_certificate(self.ca_file.read_bytes()),
            key=key,  # type: ignore[arg-type]
            valid_days=1,
        )
        assert revoke(self.ca_file.with_name("ca.crl.pem"), authority, serial)

    def contact(self, subject: str, fingerprint: str = "") -> Contact:
        controller = self.lab.running.endpoints[subject].controller
        return Contact(
            name=subject,
            address=self.address(subject),
            login=LOGIN,
            ca_file=self.ca_file,
            names=Names(common=controller.name, address=controller.address),
            fingerprint=fingerprint,
        )


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[Sent]:
    async with rig(folder / "state") as lab:
        ca_file = folder / "site/ca.pem"
        ca_file.parent.mkdir()
        ca_file.write_bytes(lab.ca_file.read_bytes())
        yield Sent(lab=lab, ca_file=ca_file)


@pytest.mark.asyncio
async def test_whoever_shows_a_revoked_certificate_is_refused_with_a_sentence_and_nobody_else(
    tmp_path: Path,
) -> None:
    async with site(tmp_path) as one:
        before = await one.shown(BMC)
        assert (before.trusted, before.revoked) == (True, False)
        async with one.client(BMC) as redfish:
            assert (await redfish.root())["RedfishVersion"]
        one.revoke(before.serial)

        after = await one.shown(BMC)
        assert (after.trusted, after.revoked, after.ours) == (False, True, True)
        [found] = certificate.differences(after, needed_until=datetime.now(UTC))
        who = "CN=Clusterwright lab CA, which has revoked it"
        assert found.actual == f"{who} ({after.fingerprint})"
        with pytest.raises(DeviceUntrusted) as refused:
            async with one.client(BMC) as redfish:
                await redfish.root()
        assert str(refused.value) == (
            f"su1-n1 ({one.address(BMC)}): GET /redfish/v1/: its certificate is one that the "
            "site's CA has revoked (ca.crl.pem): this device was taken out or replaced, and no "
            "password was sent; follow the cable, or reset its controller and read its manifest "
            "in again"
        )
        async with one.client(OTHER) as redfish:
            assert (await redfish.root())["RedfishVersion"]


@pytest.mark.asyncio
@pytest.mark.parametrize("taken_over", [True, False])
async def test_first_contact_pins_no_revoked_certificate(
    tmp_path: Path, *, taken_over: bool
) -> None:
    async with site(tmp_path) as one:
        shown = await one.shown(BMC)
        one.revoke(shown.serial)
        said: list[str] = []
        for fingerprint in ("", shown.fingerprint):
            with pytest.raises(DeviceUntrusted, match="no password was sent: its certificate"):
                await meet(one.contact(BMC, fingerprint), said.append, taken_over=taken_over)
        assert said == []


@pytest.mark.asyncio
async def test_a_list_that_grows_counts_at_once(tmp_path: Path) -> None:
    async with site(tmp_path) as one:
        one.revoke((await one.shown(OTHER)).serial)
        assert trust(one.ca_file) is trust(one.ca_file)
        assert (await one.shown(BMC)).trusted
        one.revoke((await one.shown(BMC)).serial)
        assert not (await one.shown(BMC)).trusted
