"""A certificate that is signed by itself, for an installation that has no other yet."""

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.prepare.private_file import is_written, write_private

DAYS = 397
"""Browsers take no certificate for longer."""
CERTIFICATE = "tls.crt"
KEY = "tls.key"
OURS = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lahstats")])
"""Of the authority, which is we ourselves."""


def ensure(folder: Path, names: Sequence[str]) -> Path:
    """Make `tls.crt` and `tls.key` for these names and addresses, and return the folder.

    A pair of ours stays if it has the names and is good for another day. One that somebody else
    has signed always stays.
    """
    if not _is_good(folder / CERTIFICATE, names):
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder, names)
    return folder


def _is_good(file: Path, names: Sequence[str]) -> bool:
    if not is_written(file):
        return False
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    if certificate.issuer != OURS:
        return True
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    lasts = certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1)
    return lasts and set(map(_named, names)) <= set(found)


def _named(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(folder: Path, names: Sequence[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(folder / KEY, private)
    public = _certificate(key, names).public_bytes(serialization.Encoding.PEM)
    write_private(folder / CERTIFICATE, public)


def _certificate(key: ec.EllipticCurvePrivateKey, names: Sequence[str]) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(OURS)
        .issuer_name(OURS)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(list(map(_named, names))), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    return made.sign(key, hashes.SHA256())


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 fingerprint of the certificate, as browsers show it."""
    certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()
