"""The state of a session in the sessions fold.

The table has one Session for each session, one ChunkRef for each chunk, and one Bucket for each
minute of the timeline.
"""

from collections.abc import Container
from dataclasses import dataclass

import msgspec

from schemas.audio import BRIDGE_MS
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.ranges import Ranges
from schemas.session_events import Constraint, State
from schemas.speech_events import ChunkRef, SpeakersIdentified
from streams.answers import Answers
from streams.fold import Outputs

BUCKET_MS = 60_000
NOBODY = UserId("")


@dataclass(frozen=True)
class Rules:
    """The settings that the fold depends on. Times are milliseconds.

    `in_flight`: windows of one session that are with the workers at a time. `bridge_ms`: a shorter
    silence between two chunks is no gap. `most_chunks` and `most_ms`: chunks beyond are ignored.
    """

    window_ms: int
    margin_before_ms: int
    in_flight: int
    grace_ms: int
    gap_wait_ms: int
    idle_ms: int
    lexicon: str
    bridge_ms: int = BRIDGE_MS
    most_chunks: int = 5_000
    most_ms: int = 12 * 3600 * 1000


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of a window for one stage, and when its last window ended; milliseconds."""

    window_ms: int = 0
    last_ms: int = 0


class Ahead(msgspec.Struct, frozen=True, kw_only=True):
    """Answers that came before the event that asks for them: topics have no order between them.

    `transcribed` and `voiced` are the newest revision of each window. `identified` are the speakers
    of the newest generation. Each is taken when the session has come that far.
    """

    transcribed: dict[int, int] = {}
    voiced: dict[int, int] = {}
    identified: SpeakersIdentified | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One session. It has no owner before SessionStarted is read.

    `received` and `conflicts` are chunk numbers, `covered` is the timeline in milliseconds,
    `transcribed`, `voiced` and `counted` are windows. `revisions[i]` is the revision of window i.
    `catching_up` are windows whose audio came long after it was recorded.
    `queue` are windows that wait, `in_flight` windows that the workers have. `expected` is the
    number of chunks that the phone made. `lexicon` is chosen by the first generation or a recount.
    `counted_of` and `identified_of` are the generations of `counted` and of `speakers`.
    """

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
    catching_up: Ranges = ()
    in_flight: tuple[int, ...] = ()
    transcribed: Ranges = ()
    voiced: Ranges = ()
    counted: Ranges = ()
    counted_of: int = 0
    identified_of: int = 0
    ahead: Ahead = Ahead()
    generation: int = 0
    total_ms: int = 0
    answers: Answers = Answers()
    speakers: tuple[SpeakerLabel, ...] = ()
    claimed: tuple[SpeakerLabel, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    transcribe_pace: Pace = Pace()
    diarize_pace: Pace = Pace()

    @property
    def is_started(self) -> bool:
        """Whether its SessionStarted was read."""
        return self.owner != NOBODY

    def revision(self, window: int) -> int:
        """Returns the newest revision of a window; 0 for one that is not cut yet."""
        return self.revisions[window] if window < len(self.revisions) else 0

    @property
    def counted_now(self) -> Ranges:
        """The windows of the present generation that are counted."""
        return self.counted if self.counted_of == self.generation else ()

    @property
    def sealed(self) -> bool:
        """Whether the timeline was fixed at least once."""
        return self.generation > 0


def unstarted(session_id: SessionId) -> Session:
    """Returns a session of which only answers of other stages are known."""
    return Session(
        session_id=session_id,
        owner=NOBODY,
        group_id=None,
        time_zone="",
        recorded_at_ms=0,
        hint=None,
    )


Decision = tuple[Session, Outputs]
"""The session after an event, and the events that follow."""


class Bucket(msgspec.Struct, frozen=True):
    """References of the chunks that touch one minute of the timeline."""

    chunks: tuple[ChunkRef, ...] = ()


def session_key(session_id: SessionId) -> str:
    """Returns the table key of a Session."""
    return session_id


def chunk_key(session_id: SessionId, seq: int) -> str:
    """Returns the table key of one chunk's ChunkRef."""
    return f"{session_id}/seq/{seq}"


def bucket_key(session_id: SessionId, bucket: int) -> str:
    """Returns the table key of one minute's Bucket."""
    return f"{session_id}/{bucket}"


def session_of(key: str) -> SessionId | None:
    """Returns the session whose Session is at this key; None for keys of chunks and buckets."""
    return None if "/" in key else SessionId(key)


def without(windows: tuple[int, ...], others: Container[int]) -> tuple[int, ...]:
    """Returns the windows that are not among the others, in their order."""
    return tuple(window for window in windows if window not in others)


def buckets_of(start_ms: int, end_ms: int) -> range:
    """Returns the minutes that [start_ms, end_ms) touches. An empty span touches one."""
    last_ms = max(start_ms, end_ms - 1)
    return range(start_ms // BUCKET_MS, last_ms // BUCKET_MS + 1)
