"""Codes of invites and secrets of links.

They follow from the request that asks for one and from who asks, so that a retry gets the same and
nobody gets another user's. Only digests are written down.
"""

import base64
import hashlib
import hmac

from pydantic import SecretStr

from schemas.ids import UserId
from schemas.limits import DAY_MS

GOOD_FOR_MS = 7 * DAY_MS
CODE_LETTERS = 12
"""60 random bits."""
PART_LETTERS = 4
"""Letters between dashes: people read a code to each other."""
LINK_LETTERS = 26
"""130 random bits: machines read a link."""


class Invites:
    """Every gateway that has the secret makes the same code for a request. Does not block."""

    def __init__(self, secret: SecretStr) -> None:
        self._secret = secret.get_secret_value().encode()

    def code(self, request_id: str, by: UserId) -> str:
        """An invite code, such as `K7QM-2XPA-9LTZ`."""
        letters = self._letters("invite", request_id, by)
        starts = range(0, CODE_LETTERS, PART_LETTERS)
        parts = [letters[start : start + PART_LETTERS] for start in starts]
        return "-".join(parts)

    def link(self, request_id: str, by: UserId) -> str:
        """The secret part of a link."""
        letters = self._letters("link", request_id, by)
        return letters[:LINK_LETTERS].lower()

    def _letters(self, purpose: str, request_id: str, by: UserId) -> str:
        """Letters and digits 2 to 7."""
        message = f"{purpose}:{request_id}:{by}"
        mac = hmac.new(self._secret, message.encode(), hashlib.sha256)
        letters = base64.b32encode(mac.digest())
        return letters.decode()
