"""Sealed cookies: a browser keeps them, and only this side reads and writes them.

They hold what renews a session, and what waits while somebody is at the identity provider. So
every api process can go on where another one began, and none stores anything.
"""

import base64
from typing import TypeVar

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from schemas.ids import UserId


class KeptSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that somebody signed in with at `since_ms` (Unix time).

    `refresh_token` is the provider's; it is empty when the provider gave none, and in development.
    One that no cookie holds was left out at `left_out_ms`, when the provider had just given it.
    `name` is suggested to somebody who has no profile yet.
    """

    user: UserId
    since_ms: int
    refresh_token: str = ""
    left_out_ms: int = 0
    name: str = ""


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is at the provider: what has to come back, and where to go then."""

    state: str
    nonce: str
    verifier: str
    after: str


Sealable = TypeVar("Sealable", KeptSignIn, Begun)


class Seal:
    """Encrypts and authenticates by the installation's secret. Not blocking."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(
            SHA256(),
            length=32,
            salt=None,
            info=b"lahstats sealed cookies",
        )
        key = derived.derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def closed(self, value: KeptSignIn | Begun, now_s: int) -> str:
        """The value, sealed at `now_s` (Unix time)."""
        plain = msgspec.json.encode(value)
        return self._fernet.encrypt_at_time(plain, now_s).decode()

    def opened(
        self, sealed: str, kind: type[Sealable], most_age_s: int, now_s: int
    ) -> Sealable | None:
        """The value; None for a seal that is not ours, that is too old, or of another kind."""
        try:
            plain = self._fernet.decrypt_at_time(sealed.encode(), most_age_s, now_s)
            return msgspec.json.decode(plain, type=kind)
        except (InvalidToken, msgspec.DecodeError, ValueError):
            return None
