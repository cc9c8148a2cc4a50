"""Types of ids, and ids that follow from an identity: a retry names the same thing."""

import hashlib
from typing import NewType
from uuid import UUID, uuid5

SessionId = NewType("SessionId", str)
UserId = NewType("UserId", str)
EventId = NewType("EventId", str)
SpeakerLabel = NewType("SpeakerLabel", str)

NAMESPACE = UUID("6c616873-7461-4473-8000-000000000001")
"""Of every UUIDv5 here. Another one would give every fact another id."""


def derived_id(kind: str, *identity: object) -> str:
    """Return the UUIDv5 of a kind of thing and of its identity.

    Equal arguments give equal ids in every process.
    """
    name = [kind, *(str(value) for value in identity)]
    return str(uuid5(NAMESPACE, "\x1f".join(name)))


def secret_digest(secret: str) -> str:
    """Return the lower-case sha256 of an invite's or a share link's secret.

    Spaces, dashes and case of the secret do not matter.
    """
    letters = [letter for letter in secret.upper() if letter.isalnum()]
    plain = "".join(letters)
    return hashlib.sha256(plain.encode()).hexdigest()
