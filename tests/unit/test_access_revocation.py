"""The list of revoked certificates: signed by the site's CA, growing, read by OpenSSL."""

import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clusterwright.access.authority import Authority
from clusterwright.access.redfish.tls import trust
from clusterwright.access.revocation import is_revoked, revoke
from clusterwright.access.revocation_list import list_beside
from clusterwright.errors import UsageError


def authority(usage: x509.KeyUsage | None = None) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a site")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
    )
    if usage:
        builder = builder.add_extension(usage, critical=True)
    return Authority(certificate=builder.sign(key, hashes.SHA256()), key=key, valid_days=1)


def test_the_list_grows_and_names_each_once(tmp_path: Path) -> None:
    file, site = tmp_path / "ca.crl.pem", authority()
    assert not is_revoked(file, 7)
    assert [revoke(file, site, serial) for serial in (7, 8, 7)] == [True, True, False]
    listed = x509.load_pem_x509_crl(file.read_bytes())
    assert [one.serial_number for one in listed] == [7, 8]
    assert (is_revoked(file, 8), is_revoked(file, 9)) == (True, False)


def test_another_program_takes_it_for_the_sites_own(tmp_path: Path) -> None:
    file, ca_file, site = tmp_path / "ca.crl.pem", tmp_path / "ca.pem", authority()
    ca_file.write_bytes(site.certificate.public_bytes(serialization.Encoding.PEM))
    revoke(file, site, 7)
    words = ["openssl", "crl", "-in", str(file), "-CAfile", str(ca_file), "-noout"]
    finished = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr.strip()) == (0, "verify OK")


@pytest.mark.parametrize("kind", ["another CA's", "none at all"])
def test_a_list_of_somebody_else_is_left_alone(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "ca.crl.pem"
    if kind == "another CA's":
        revoke(file, authority(), 7)
    else:
        file.write_text("not a list\n")
    before = file.read_bytes()
    with pytest.raises(UsageError) as refused:
        revoke(file, authority(), 8)
    assert str(refused.value) == (
        f"revocation list {file}: is none that the CA in ca.pem has signed; put the right one "
        f"there, or move it away to begin anew"
    )
    assert file.read_bytes() == before


def ca_of(folder: Path, site: Authority) -> Path:
    file = folder / "ca.pem"
    file.write_bytes(site.certificate.public_bytes(serialization.Encoding.PEM))
    return file


def listed_until(site: Authority, until: datetime) -> bytes:
    """A list as a CA outside writes it."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(site.certificate.subject)
        .last_update(until - timedelta(days=30))
        .next_update(until)
    )
    return builder.sign(site.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def test_a_list_is_good_as_long_as_its_ca(tmp_path: Path) -> None:
    """It is written anew only when something is revoked, and must not end before."""
    file, site = tmp_path / "ca.crl.pem", authority()
    revoke(file, site, 7)
    listed = x509.load_pem_x509_crl(file.read_bytes())
    assert listed.next_update_utc == site.certificate.not_valid_after_utc
    assert listed.last_update_utc < datetime.now(UTC) - timedelta(minutes=30)


def test_without_a_list_nothing_is_revoked_and_with_one_everything_is_looked_up(
    tmp_path: Path,
) -> None:
    site = authority()
    ca_file = ca_of(tmp_path, site)
    assert not trust(ca_file).verify_flags & ssl.VERIFY_CRL_CHECK_LEAF
    revoke(list_beside(ca_file), site, 7)
    assert trust(ca_file).verify_flags & ssl.VERIFY_CRL_CHECK_LEAF


@pytest.mark.parametrize("kind", ["another CA's", "none at all", "out of date"])
def test_a_list_that_nobody_can_believe_is_refused_with_its_name(tmp_path: Path, kind: str) -> None:
    site = authority()
    ca_file, file = ca_of(tmp_path, site), tmp_path / "ca.crl.pem"
    yesterday = datetime.now(UTC) - timedelta(days=1)
    sentences = {
        "another CA's": "is none that the CA in ca.pem has signed; put the right one there, or "
        "move it away to begin anew",
        "none at all": "is none that the CA in ca.pem has signed; put the right one there, or "
        "move it away to begin anew",
        "out of date": f"was good until {yesterday:%Y-%m-%d}, and nobody knows what has been "
        "revoked since, so no controller is trusted; put the CA's present list there, as "
        "openssl ca -gencrl writes it",
    }
    written = {
        "another CA's": listed_until(authority(), yesterday + timedelta(days=9)),
        "none at all": b"not a list\n",
        "out of date": listed_until(site, yesterday),
    }
    file.write_bytes(written[kind])
    with pytest.raises(UsageError) as refused:
        trust(ca_file)
    assert str(refused.value) == f"revocation list {file}: {sentences[kind]}"


def test_a_ca_that_may_sign_no_lists_is_told_before_it_signs_one(tmp_path: Path) -> None:
    allowed = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    site = authority(x509.KeyUsage(key_cert_sign=True, **allowed))
    file = tmp_path / "ca.crl.pem"
    with pytest.raises(UsageError) as refused:
        revoke(file, site, 7)
    assert str(refused.value) == (
        f"CA certificate {tmp_path / 'ca.pem'}: may sign no revocation list, as its key usage has "
        "no cRLSign; give it a certificate of the same key that has"
    )
    assert not file.exists()
