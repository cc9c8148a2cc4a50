"""Types of ids, and ids that follow from an identity: a retry names the same thing."""

import hashlib
from typing import NewType
from uuid import UUID

from schemas.limits import USER_ID

SessionId = NewType("SessionId", str)
UserId = NewType("UserId", str)
EventId = NewType("EventId", str)
SpeakerLabel = NewType("SpeakerLabel", str)

NOBODY = UserId("")
"""The owner of nothing: guests and erased sessions have it. It changes what no person changed."""
NAMESPACE = UUID("6c616873-7461-4473-8000-000000000001")
"""Of every UUIDv5 here. Another one would give every fact another id."""


def user_id_of(text: object) -> UserId:
    """Return a user's id as it came.

    Raises ValueError for one that is no text, empty or too long, and for one with characters that
    nobody can see. An empty id is NOBODY.
    """
    if not isinstance(text, str) or not USER_ID.holds(len(text)):
        raise ValueError(f"a user's id is text of {USER_ID}")
    if not text.isprintable() or text != text.strip():
        raise ValueError("a user's id has no control characters, and no blanks at its edges")
    return UserId(text)


def label_order(label: SpeakerLabel) -> tuple[int, str]:
    """Return the key by which people expect labels in a list: S2 comes before S10."""
    return len(label), label


def derived_id(kind: str, *identity: object) -> str:
    """Return the UUIDv5 of a kind of thing and of its identity.

    Equal arguments give equal ids in every process. It is `uuid.uuid5` without the objects between:
    an event that passes a fold needs three ids, and they were an eighth of its cost.
    """
    name = "\x1f".join([kind, *map(str, identity)])
    named = NAMESPACE.bytes + name.encode()
    sha1 = hashlib.sha1(named, usedforsecurity=False)
    digest = bytearray(sha1.digest())
    digest[6] = digest[6] & 0x0F | 0x50  # version 5
    digest[8] = digest[8] & 0x3F | 0x80  # the variant of RFC 9562
    text = digest[:16].hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def secret_digest(secret: str) -> str:
    """Return the lower-case sha256 of an invite's or a share link's secret.

    Spaces, dashes and case of the secret do not matter.
    """
    letters = [letter for letter in secret.upper() if letter.isalnum()]
    plain = "".join(letters)
    return hashlib.sha256(plain.encode()).hexdigest()
