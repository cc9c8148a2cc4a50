"""What the fold remembers of a session: one session, and chunk references in one-minute buckets."""

from dataclasses import dataclass

import msgspec

from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.ranges import Ranges
from schemas.session_events import Constraint, RequestAccepted, State
from schemas.speech_events import ChunkRef
from streams.answers import Answers

BUCKET_MS = 60_000


@dataclass(frozen=True)
class Rules:
    """The settings that the fold depends on, milliseconds; `in_flight` is windows of one session at a time."""

    window_ms: int
    margin_before_ms: int
    in_flight: int
    grace_ms: int
    gap_wait_ms: int
    idle_ms: int
    lexicon: str
    bridge_ms: int = 250
    most_chunks: int = 5_000
    most_ms: int = 12 * 3600 * 1000


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """What a window costs one stage now, and when it ended the last one; milliseconds."""

    window_ms: int = 0
    last_ms: int = 0


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One session. `revisions[i]` is the revision of window i; `lexicon` counts it from its first generation to a re-count."""

    session_id: SessionId
    owner: UserId
    group_id: str | None
    time_zone: str
    recorded_at_ms: int
    hint: int | None
    keep_transcript_days: int = 30
    is_text_gone: bool = False
    lexicon: str = ""
    state: State = State.RECORDING
    received: Ranges = ()
    covered: Ranges = ()
    conflicts: tuple[int, ...] = ()
    newest_ms: int = 0
    last_arrival_ms: int = 0
    expected: int | None = None
    ended_at_ms: int | None = None
    revisions: tuple[int, ...] = ()
    queue: tuple[int, ...] = ()
    flying: tuple[int, ...] = ()
    transcribed: Ranges = ()
    voiced: Ranges = ()
    counted: Ranges = ()
    generation: int = 0
    total_ms: int = 0
    answers: Answers[RequestAccepted] = Answers()
    speakers: tuple[SpeakerLabel, ...] = ()
    claimed: tuple[SpeakerLabel, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    hearing: Pace = Pace()
    voicing: Pace = Pace()

    @property
    def sealed(self) -> bool:
        """Whether the timeline was fixed at least once."""
        return self.generation > 0


class Bucket(msgspec.Struct, frozen=True):
    """References of the chunks that touch one minute of the timeline."""

    chunks: tuple[ChunkRef, ...] = ()


def session_key(session_id: str) -> str:
    """Table key of a session's session."""
    return session_id


def seq_key(session_id: str, seq: int) -> str:
    """Table key of one chunk, by its number."""
    return f"{session_id}/seq/{seq}"


def bucket_key(session_id: str, bucket: int) -> str:
    """Table key of one minute's chunks."""
    return f"{session_id}/{bucket}"


def buckets_of(start_ms: int, end_ms: int) -> range:
    """Minutes that [start_ms, end_ms) touches."""
    return range(start_ms // BUCKET_MS, max(start_ms, end_ms - 1) // BUCKET_MS + 1)
