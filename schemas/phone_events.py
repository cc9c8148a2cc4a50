"""Events of the phone: a session begins, chunks arrive, the session ends."""

from schemas.event import SessionEvent, Value
from schemas.ids import UserId


class Consent(Value, frozen=True, kw_only=True):
    """The owner's word that everyone present agreed: to which text, and when (Unix time)."""

    text_version: str
    agreed_at_ms: int


class SessionStarted(SessionEvent, identity=("session_id", "owner")):
    """A phone began to record. The first one in the log owns the session id.

    `recorded_at_ms` is Unix time: the time of arrival when `clock_corrected`, because the phone's
    clock was impossible. The text expires after `keep_transcript_days`.
    """

    owner: UserId
    time_zone: str
    recorded_at_ms: int
    clock_corrected: bool = False
    consent: Consent
    group_id: str | None = None
    speakers_hint: int | None = None
    keep_transcript_days: int = 30


class ChunkUploaded(SessionEvent, identity=("session_id", "seq", "sha256")):
    """A chunk's object is written.

    `start_ms` counts from the session's start, on the phone's monotonic clock.
    """

    owner: UserId
    seq: int
    sha256: str
    size: int
    content_type: str
    start_ms: int
    duration_ms: int


class SessionEnded(SessionEvent, identity=("session_id", "chunks")):
    """The phone has stopped. It made `chunks` chunks."""

    owner: UserId
    chunks: int
