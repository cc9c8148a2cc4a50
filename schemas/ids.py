"""Identities derived from what a thing is about, so that a retry names the same thing."""

import hashlib
from typing import NewType
from uuid import UUID, uuid5

SessionId = NewType("SessionId", str)
UserId = NewType("UserId", str)
EventId = NewType("EventId", str)
SpeakerLabel = NewType("SpeakerLabel", str)

NAMESPACE = UUID("6c616873-7461-4473-8000-000000000001")


def derived_id(kind: str, *identity: object) -> str:
    """Return the UUIDv5 of a kind of thing and of its identity. Equal arguments give equal ids in every process."""
    return str(uuid5(NAMESPACE, "\x1f".join([kind, *map(str, identity)])))


def secret_digest(secret: str) -> str:
    """sha256 of an invite's or a link's secret as it is kept, lower-case hexadecimal; spaces, dashes and case do not matter."""
    plain = "".join(letter for letter in secret.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
