"""Secrets and certificates: whole or not there, and those of somebody else stay."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.compose import env_file
from deploy.prepare import certificates, credentials
from deploy.prepare.private_file import write_private


def their_pair() -> tuple[bytes, bytes]:
    """A key and its certificate, of another authority and for another name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "talk.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(hours=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    return private, made.public_bytes(pem)


def test_a_file_is_replaced_whole_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    for body in (b"a longer one", b"short"):
        write_private(file, body)
        assert file.read_bytes() == body
        assert file.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["secret"]


@pytest.mark.parametrize("name", [*credentials.NAMES, "jwks.json"])
def test_a_secret_that_a_lost_power_left_empty_is_made_again(tmp_path: Path, name: str) -> None:
    """Before, it stayed empty for ever, and nobody could sign in."""
    credentials.ensure(tmp_path)
    others = {one.name: one.read_bytes() for one in (tmp_path / "secrets").iterdir()}
    (tmp_path / "secrets" / name).write_bytes(b"")
    credentials.ensure(tmp_path)
    assert (tmp_path / "secrets" / name).read_bytes()
    for kept in set(credentials.NAMES) - {name}:
        assert (tmp_path / "secrets" / kept).read_bytes() == others[kept]


def test_public_keys_of_somebody_else_stay(tmp_path: Path) -> None:
    """It is not ours to change, whose tokens are taken."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "jwks.json").write_text('{"keys": []}')
    credentials.ensure(tmp_path)
    assert (secrets / "jwks.json").read_text() == '{"keys": []}'


def test_a_certificate_that_a_lost_power_left_empty_is_made_again(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, ["localhost"])
    (tmp_path / certificates.CERTIFICATE).write_bytes(b"")
    certificates.ensure(tmp_path, ["localhost"])
    assert certificates.fingerprint(tmp_path)


def test_a_certificate_of_somebody_else_stays(tmp_path: Path) -> None:
    """Before, to make the file of secrets once more wrote over the operator's own pair."""
    env_file.write(tmp_path)
    pair = {name: tmp_path / "tls" / name for name in (certificates.KEY, certificates.CERTIFICATE)}
    for file, body in zip(pair.values(), their_pair(), strict=True):
        file.write_bytes(body)
    theirs = {name: file.read_bytes() for name, file in pair.items()}
    env_file.write(tmp_path)
    assert {name: file.read_bytes() for name, file in pair.items()} == theirs
