"""Codes for invites and links: made from the request that asks for one, so that a retry gets the same; only digests are written down."""

import base64
import hashlib
import hmac

from pydantic import SecretStr

GOOD_FOR_MS = 7 * 24 * 3600 * 1000
LENGTH, PART = 12, 4
"""60 random bits, in parts that people can read to each other."""


class Invites:
    """Every gateway that knows the secret makes the same code for a request."""

    def __init__(self, secret: SecretStr) -> None:
        self._secret = secret.get_secret_value().encode()

    def code(self, request_id: str) -> str:
        """Such as `K7QM-2XPA-9LTZ`."""
        found = hmac.new(self._secret, f"invite:{request_id}".encode(), hashlib.sha256).digest()
        letters = base64.b32encode(found).decode()[:LENGTH]
        return "-".join(letters[n : n + PART] for n in range(0, LENGTH, PART))

    def link(self, request_id: str) -> str:
        """The secret part of a link: 130 bits, for machines."""
        return base64.b32encode(hmac.new(self._secret, f"link:{request_id}".encode(), hashlib.sha256).digest()).decode()[:26].lower()


def digest(code: str) -> str:
    """sha256 of a code as it is kept; spaces, dashes and case do not matter."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
