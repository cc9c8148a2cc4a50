"""Codes for invites and links: made from the request that asks for one, so that a retry gets the same; only digests are written down."""

import base64
import hashlib
import hmac

from pydantic import SecretStr

GOOD_FOR_MS = 7 * 24 * 3600 * 1000
LENGTH, PART, LINK_LENGTH = 12, 4, 26
"""60 random bits, in parts that people can read to each other; letters of a link."""


class Invites:
    """Every gateway that knows the secret makes the same code for a request."""

    def __init__(self, secret: SecretStr) -> None:
        self._secret = secret.get_secret_value().encode()

    def code(self, request_id: str) -> str:
        """Such as `K7QM-2XPA-9LTZ`."""
        letters = self._letters("invite", request_id)[:LENGTH]
        return "-".join(letters[n : n + PART] for n in range(0, LENGTH, PART))

    def link(self, request_id: str) -> str:
        """The secret part of a link: 130 bits, for machines."""
        return self._letters("link", request_id)[:LINK_LENGTH].lower()

    def _letters(self, purpose: str, request_id: str) -> str:
        found = hmac.new(self._secret, f"{purpose}:{request_id}".encode(), hashlib.sha256).digest()
        return base64.b32encode(found).decode()
