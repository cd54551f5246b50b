"""The lab's certificate authority."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509

from clusterwright.lab.authority import issue, make_ca


def test_a_ca_is_made_once(tmp_path: Path) -> None:
    first = make_ca(tmp_path).read_bytes()
    assert make_ca(tmp_path).read_bytes() == first


def test_a_certificate_is_kept_while_it_fits(tmp_path: Path) -> None:
    make_ca(tmp_path)
    certificate, _ = issue(tmp_path, "cdu1", "127.0.0.2")
    first = certificate.read_bytes()
    issue(tmp_path, "cdu1", "127.0.0.2")
    assert certificate.read_bytes() == first


def test_another_address_needs_another_certificate(tmp_path: Path) -> None:
    make_ca(tmp_path)
    certificate, _ = issue(tmp_path, "cdu1", "127.0.0.2")
    issue(tmp_path, "cdu1", "127.0.0.3")
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(a) for a in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.3"]


def test_another_ca_signs_anew(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    for ca in ("one", "two"):
        make_ca(tmp_path / ca, name=ca)
        certificate, _ = issue(tmp_path / ca, "cdu1", "127.0.0.2", into=folder)
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    assert found.issuer.rfc4514_string() == "CN=two"


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    make_ca(tmp_path)
    issue(tmp_path, "cdu1", "127.0.0.2")
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("*.key")}
    assert modes == {"ca.key": 0o600, "cdu1.key": 0o600}


@pytest.mark.parametrize(
    ("signer", "address", "problem"),
    [
        pytest.param("site", "127.0.0.2", "", id="its own"),
        pytest.param("other", "127.0.0.2", "unable to get local issuer", id="another site's"),
        pytest.param("site", "127.0.0.9", "IP address mismatch", id="another address"),
    ],
)
def test_a_strict_client_trusts_only_the_sites_ca_and_the_planned_address(
    tmp_path: Path, signer: str, address: str, problem: str
) -> None:
    for name in ("site", "other"):
        make_ca(tmp_path / name, name=f"CA of {name}")
    files = issue(tmp_path / signer, "cdu1", address)
    trust = ssl.create_default_context(cafile=tmp_path / "site" / "ca.pem")
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    found = ""
    try:
        _handshake(trust, files)
    except ssl.SSLCertVerificationError as error:
        found = error.verify_message
    assert problem in found
    assert bool(problem) == bool(found)


def _handshake(trust: ssl.SSLContext, files: tuple[Path, Path]) -> None:
    """Let a client and a server talk through memory until the client is content."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*files)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trust.wrap_bio(down, up, server_hostname="127.0.0.2")
    server = serving.wrap_bio(up, down, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
