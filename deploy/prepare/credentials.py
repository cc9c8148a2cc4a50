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
from deploy.prepare.private_file import is_written, make_private, write_private

PUBLIC_KEYS = "jwks.json"
NAMES = tuple(f"lahstats_{name}" for name in SECRETS)


def ensure(data_dir: Path) -> None:
    """Create what is missing under `<data_dir>/secrets`.

    Public keys of somebody else, whose signing key is not here, stay.
    """
    folder = data_dir / "secrets"
    make_private(folder)
    for name in NAMES:
        if not is_written(folder / name):
            write_private(folder / name, secrets.token_hex(32).encode())
    if not is_written(folder / PUBLIC_KEYS):
        _write_keys(folder)


def _write_keys(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    jwks = {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": ALGORITHM}]}
    write_private(folder / SIGNING_KEY, pem)
    write_private(folder / PUBLIC_KEYS, json.dumps(jwks).encode())  # last: with them both are there
