"""First contact by fingerprint, then only the site's CA counts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clusterwright.access import certificate
from clusterwright.access.certificate import differences, read
from clusterwright.access.certificate_request import Names
from clusterwright.access.first_contact import Contact, take_over
from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Login
from clusterwright.errors import DeviceRefused, DeviceTooOld, DeviceUntrusted, UsageError
from clusterwright.lab.authority import issue, make_ca, sign_request
from tests.access.facility_rig import PASSWORD, ROOT, SYSTEM, USERNAME, Rig, rig
from tests.faults.operator import broken, client

BMC = "su1-n1"
SOON = datetime.now(UTC) + timedelta(days=30)


@asynccontextmanager
async def delivered(folder: Path) -> AsyncIterator[tuple[Rig, Contact]]:
    """A BMC with a certificate of its maker, and what is known of it."""
    async with rig(folder) as lab:
        controller = lab.running.endpoints[BMC].controller
        maker = folder / "maker"
        make_ca(maker, name="A maker of servers")
        shown = issue(maker, controller.name, controller.address)
        lab.running.endpoints[BMC].listener.open(shown)
        yield (
            lab,
            Contact(
                name=BMC,
                address=lab.url(BMC).removeprefix("https://"),
                login=Login(username=USERNAME, password=PASSWORD),
                ca_file=lab.ca_file,
                names=Names(common=controller.name, address=controller.address),
            ),
        )


class Ca:
    """The site's CA, and what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, 0
        self.said: list[str] = []

    async def sign(self, request: str, _: Names) -> str:
        self.asked += 1
        return sign_request(self.folder, request)


@pytest.mark.asyncio
async def test_the_first_certificate_is_shown_and_then_only_the_sites_ca_counts(
    tmp_path: Path,
) -> None:
    async with delivered(tmp_path) as (lab, contact):
        ca = Ca(lab.authority)
        before = await read(BMC, contact.address, contact.ca_file)
        assert (before.trusted, before.issuer) == (False, "CN=A maker of servers")
        (found,) = differences(before, needed_until=SOON)
        assert before.fingerprint in found.actual

        after = await take_over(contact, ca.sign, ca.said.append)
        assert (after.trusted, differences(after, needed_until=SOON)) == (True, ())
        (said,) = ca.said
        assert before.fingerprint in said
        async with client(lab, BMC) as redfish:
            await redfish.get(SYSTEM)

        assert await take_over(contact, ca.sign, ca.said.append) == after
        assert (ca.asked, len(ca.said)) == (1, 1)


@pytest.mark.asyncio
async def test_a_known_fingerprint_needs_no_word_and_a_wrong_one_sends_no_password(
    tmp_path: Path,
) -> None:
    async with delivered(tmp_path) as (lab, contact):
        ca = Ca(lab.authority)
        wrong = replace(contact, fingerprint="AB" * 32)
        with pytest.raises(DeviceUntrusted, match="somebody else may answer here"):
            await take_over(wrong, ca.sign, ca.said.append)
        with pytest.raises(UsageError, match="is no SHA-256"):
            await take_over(replace(contact, fingerprint="AB"), ca.sign, ca.said.append)
        assert ca.asked == 0
        shown = (await read(BMC, contact.address, contact.ca_file)).fingerprint
        right = ":".join(shown[at : at + 2].upper() for at in range(0, len(shown), 2))
        await take_over(replace(contact, fingerprint=right), ca.sign, ca.said.append)
        assert (ca.asked, ca.said) == (1, [])


@pytest.mark.asyncio
async def test_another_certificate_than_the_pinned_one_is_not_spoken_to(tmp_path: Path) -> None:
    async with delivered(tmp_path) as (lab, contact):
        async with Redfish(
            address=contact.address,
            login=contact.login,
            ca_file=contact.ca_file,
            name=BMC,
            pin="ab" * 32,
        ) as redfish:
            with pytest.raises(DeviceUntrusted, match=f"but {'ab' * 32} is pinned"):
                await redfish.get(ROOT)
        assert lab.running.site.nodes[BMC].service.sessions._by_token == {}


@pytest.mark.asyncio
async def test_a_certificate_is_renewed_before_it_ends(tmp_path: Path) -> None:
    async with delivered(tmp_path) as (lab, contact):
        ca = Ca(lab.authority)
        first = await take_over(contact, ca.sign, ca.said.append)
        (found,) = differences(first, needed_until=first.ends + timedelta(days=1))
        assert found.path == "ends"
        second = await take_over(contact, ca.sign, ca.said.append, renew=True)
        assert second.trusted
        assert second.fingerprint != first.fingerprint
        assert len(ca.said) == 1


@pytest.mark.asyncio
async def test_a_certificate_for_another_key_is_not_installed(tmp_path: Path) -> None:
    async with delivered(tmp_path) as (lab, contact):
        other = issue(lab.authority, "other", "127.0.0.1", into=tmp_path)[0].read_text()

        async def sign(_: str, __: Names) -> str:
            return other

        with pytest.raises(DeviceRefused, match="signed another key than the device's"):
            await take_over(contact, sign, lambda _: None)
        assert not (await read(BMC, contact.address, contact.ca_file)).trusted


@pytest.mark.asyncio
async def test_a_certificate_of_another_ca_is_told_from_success(tmp_path: Path) -> None:
    async with delivered(tmp_path) as (_, contact):
        ca = Ca(tmp_path / "maker")
        with pytest.raises(DeviceUntrusted, match="is not one of the site's CA for this address"):
            await take_over(contact, ca.sign, ca.said.append, deadline_s=0.3)


@pytest.mark.asyncio
async def test_a_device_that_asks_for_somebody_elses_name_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with delivered(tmp_path) as (lab, contact):
        store = lab.running.site.nodes[BMC].service.store
        ask = store.request
        monkeypatch.setattr(
            store, "request", lambda body: ask({**body, "AlternativeNames": ["10.0.0.1"]})
        )
        ca = Ca(lab.authority)
        with pytest.raises(DeviceRefused, match=r"is for 10\.0\.0\.1, but must be for"):
            await take_over(contact, ca.sign, ca.said.append)
        assert ca.asked == 0


@pytest.mark.asyncio
async def test_a_certificate_of_another_site_is_seen_without_a_login(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        address = lab.url(BMC).removeprefix("https://")
        async with broken(lab, "foreign-certificate", BMC):
            state = await certificate.read(BMC, address, lab.ca_file)
        assert (state.trusted, state.issuer) == (False, "CN=CA of another site")
        assert (await certificate.read(BMC, address, lab.ca_file)).trusted


@pytest.mark.asyncio
async def test_a_tls_that_is_too_old_shows_nothing(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        address = lab.url(BMC).removeprefix("https://")
        async with broken(lab, "tls-too-old", BMC):
            with pytest.raises(DeviceTooOld, match=r"shows no certificate over TLS 1\.2"):
                await certificate.read(BMC, address, lab.ca_file)
