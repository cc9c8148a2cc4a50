"""Secrets of one installation: made at its first start, and never defaults.

Only their owner can read the files.
"""

import json
import secrets
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.http.signing import ALGORITHM, KEY_ID, SIGNING_KEY
from adapters.settings import SECRETS

NAMES = tuple(f"lahstats_{name}" for name in SECRETS)


def ensure(data_dir: Path) -> None:
    """Create what is missing under `<data_dir>/secrets`."""
    folder = data_dir / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in NAMES:
        if not (folder / name).exists():
            _write(folder / name, secrets.token_hex(32).encode())
    if not (folder / SIGNING_KEY).exists():
        _write_keys(folder)


def _write_keys(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    jwks = {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": ALGORITHM}]}
    _write(folder / "jwks.json", json.dumps(jwks).encode())
    _write(folder / SIGNING_KEY, pem)


def _write(path: Path, body: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(body)
