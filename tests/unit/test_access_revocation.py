"""The list of revoked certificates: signed by the site's CA, growing, read by OpenSSL."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clusterwright.access.authority import Authority
from clusterwright.access.revocation import is_revoked, revoke
from clusterwright.errors import UsageError


def authority() -> Authority:
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
