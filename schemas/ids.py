"""Identities derived from what a thing is about, so that a retry names the same thing."""

import hashlib
from typing import NewType
from uuid import UUID, uuid5

SessionId = NewType("SessionId", str)
UserId = NewType("UserId", str)
EventId = NewType("EventId", str)
SpeakerLabel = NewType("SpeakerLabel", str)

NAMESPACE = UUID("6c616873-7461-4473-8000-000000000001")


def event_id(kind: str, *identity: object) -> EventId:
    """UUIDv5 of the event's kind and of what it is about; equal arguments give equal ids in every process."""
    return EventId(str(uuid5(NAMESPACE, "\x1f".join([kind, *map(str, identity)]))))


def chunk_key(session_id: str, seq: int, sha256: str) -> str:
    """Object key of one chunk's bytes. The digest is part of the name, so other bytes can never overwrite it."""
    return f"{chunk_prefix(session_id, seq)}{sha256}"


def chunk_prefix(session_id: str, seq: int) -> str:
    """Prefix shared by every version of one chunk: listing it tells whether other bytes came before."""
    return f"audio/{session_id}/{seq:06d}-"


def clip_key(session_id: str, generation: int, speaker: str, ordinal: int) -> str:
    """Object key of one short clip of a speaker, derived so that api and consumer agree without asking."""
    return f"clips/{session_id}/{generation:06d}-{speaker}-{ordinal}.flac"


def session_prefixes(session_id: str) -> tuple[str, ...]:
    """Where every object of a session lies."""
    return tuple(f"{kind}/{session_id}/" for kind in ("audio", "clips", "arrays", "sessions"))


def words_prefix(session_id: str) -> str:
    """Where the text of a session lies."""
    return f"sessions/{session_id}/words/"


def expired_key(session_id: str) -> str:
    """Object that says: the words of this session were removed, as its owner chose."""
    return f"expired/{session_id}"


def erased_key(session_id: str) -> str:
    """Object that says: this session was erased, write nothing of it."""
    return f"erased/{session_id}"


def secret_digest(secret: str) -> str:
    """sha256 of an invite's or a link's secret as it is kept, lower-case hexadecimal; spaces, dashes and case do not matter."""
    plain = "".join(letter for letter in secret.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
