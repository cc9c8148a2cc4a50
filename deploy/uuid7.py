"""Time-ordered ids (RFC 9562, section 5.7), as phones make them for their sessions."""

import secrets
import time
from uuid import UUID

from schemas.ids import SessionId

RANDOM_BITS = 80
"""The 48 bits before them are the time. Six of them are fixed: version and variant."""
VERSION = 0x7 << 76
VARIANT = 0x2 << 62
FIXED_BITS = 0xF << 76 | 0x3 << 62


def uuid7(unix_ms: int | None = None, random_bits: int | None = None) -> UUID:
    """Return a UUIDv7 of now, or of `unix_ms`; `random_bits` (80 of them) make it repeatable."""
    if unix_ms is None:
        unix_ms = time.time_ns() // 1_000_000
    if random_bits is None:
        random_bits = secrets.randbits(RANDOM_BITS)
    time_bits = unix_ms << RANDOM_BITS
    free_bits = random_bits & ~FIXED_BITS
    return UUID(int=time_bits | free_bits | VERSION | VARIANT)


def new_session_id() -> SessionId:
    """An id for a new session, as a phone makes it."""
    return SessionId(str(uuid7()))
