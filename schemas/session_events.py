"""A session in the hands of the fold `sessions`: its state and its decisions."""

from enum import StrEnum

from schemas.event import SessionEvent, Value
from schemas.ids import EventId, SpeakerLabel, UserId
from schemas.phone_events import ChunkUploaded, SessionEnded, SessionStarted
from schemas.ranges import Ranges
from schemas.rejections import Reason
from schemas.session_requests import (
    CorrectionUndoRequested,
    EraseRequested,
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
    SplitRequested,
)
from schemas.stage_names import StageName


class State(StrEnum):
    """State of a session."""

    RECORDING = "recording"
    PROCESSING = "processing"
    READY = "ready_for_claiming"
    COMPLETED = "completed"
    FAILED = "failed"
    ERASED = "erased"


FINAL = frozenset({State.READY, State.COMPLETED, State.FAILED, State.ERASED})
"""Nothing is worked on any more. A late chunk or a request may open the session again."""
COMPLETE = frozenset({State.READY, State.COMPLETED})
"""The newest generation is complete: its speakers and its counts are known."""


class Failure(StrEnum):
    """The result that a failed session lacks. The watchdog asked for it again and again."""

    SPEAKERS_NOT_IDENTIFIED = "speakers_not_identified"
    WORDS_NOT_COUNTED = "words_not_counted"


class Cause(StrEnum):
    """The cause of a generation."""

    SEALED = "sealed"
    LATE_CHUNK = "late_chunk"
    HINT = "hint"
    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"
    RECOUNT = "recount"
    REPLAY = "replay"
    RETRY = "retry"


class Tick(SessionEvent, identity=("session_id", "now_ms")):
    """A timer found the session due.

    Timers write no state: the event only carries times (Unix). Nothing that follows from before
    `handled_until_ms` is on its way to the session any more; None while nobody knows.
    """

    now_ms: int
    handled_until_ms: int | None = None


class WorkFailed(SessionEvent, identity=("session_id", "generation", "stage", "window", "reason")):
    """A stage gave something of a generation up, for this reason: nothing will come of it.

    `window`: the window whose words or voices cannot be read; None when it is not known or not one.
    """

    generation: int
    stage: StageName
    reason: Reason
    window: int | None = None


class SessionSealed(SessionEvent, identity=("session_id", "generation")):
    """The timeline of one generation is fixed. `windows[i]` is the revision of window i.

    `recorded_at_ms` is Unix time; all other times are on the session's timeline.
    """

    owner: UserId
    group_id: str | None
    generation: int
    cause: Cause
    windows: tuple[int, ...]
    window_ms: int
    total_ms: int
    gaps: Ranges
    hint: int | None
    lexicon: str
    time_zone: str
    recorded_at_ms: int


class ConstrainedSessionSealed(SessionSealed):
    """A generation that obeys constraints, which are sent before it."""


class ConstraintKind(StrEnum):
    """A fact from people that every later clustering obeys."""

    MERGE = "merge"
    SPLIT = "split"


class Constraint(Value, frozen=True, kw_only=True):
    """`merge`: `other` is the same person as `speaker`, whose label stays.

    `split`: `speaker` is two people. `correction` is the number by which it can be undone.
    `agreed`: both voices of a merge were claimed, and the people who had them asked for it.
    """

    kind: ConstraintKind
    speaker: SpeakerLabel
    other: SpeakerLabel | None = None
    correction: int = 0
    agreed: bool = False


class SpeakersConstrained(SessionEvent, identity=("session_id", "generation")):
    """All constraints of a generation, in the order of the requests.

    It is sent before the generation's ConstrainedSessionSealed.
    """

    generation: int
    constraints: tuple[Constraint, ...]


class VoicesCorrected(SessionEvent, identity=("session_id", "correction", "is_undone")):
    """People said something of the voices, or took it back: `by` did.

    Corrections of a session are numbered from 1. One without a `constraint` is a hint of `speakers`
    people.
    """

    correction: int
    is_undone: bool
    by: UserId
    constraint: Constraint | None
    speakers: int | None


class SessionReady(SessionEvent, identity=("caused_by",)):
    """Every window of the generation is counted and somebody spoke: speakers can be claimed."""

    caused_by: EventId
    generation: int
    speakers: tuple[SpeakerLabel, ...]


class SessionCompleted(SessionEvent, identity=("caused_by",)):
    """Nothing is left to do: every speaker is claimed, or nobody spoke."""

    caused_by: EventId
    generation: int
    speakers: tuple[SpeakerLabel, ...]


class SessionFailed(SessionEvent, identity=("caused_by",)):
    """The generation lacks something that nobody can get: the session is over without counts.

    `fault` is the reason that a stage gave last; None when no stage answered. A late chunk, a late
    answer or a request opens the session again.
    """

    caused_by: EventId
    generation: int
    failure: Failure
    fault: Reason | None


class SessionErased(SessionEvent, identity=("caused_by",)):
    """The session is erased. Nothing of it may be written again.

    It is sent once more when a chunk arrives afterwards. `recorded_at_ms` (Unix time) and
    `audio_ms` say on which days the session has rows.
    """

    caused_by: EventId
    request_id: str
    recorded_at_ms: int
    audio_ms: int


class ErasureSettled(SessionEvent, identity=("session_id",)):
    """Nothing of an erased session can come any more: its marks leave the tables of the folds."""


class TextExpired(SessionEvent, identity=("session_id",)):
    """The owner's days are over: the words are removed, the counts stay.

    Nothing of the session is counted or clustered again.
    """


class RequestAccepted(SessionEvent, identity=("session_id", "request_id")):
    """A request took effect in `generation`."""

    request_id: str
    generation: int


class RequestRejected(SessionEvent, identity=("session_id", "request_id")):
    """A request had no effect, and why."""

    request_id: str
    reason: str


Inbound = (
    SessionStarted
    | ChunkUploaded
    | SessionEnded
    | HintRequested
    | MergeRequested
    | SplitRequested
    | CorrectionUndoRequested
    | RecountRequested
    | EraseRequested
    | ReplayRequested
    | Tick
)
Seal = SessionSealed | ConstrainedSessionSealed
"""As folds keep it: each is read back as what it was."""
Decided = (
    SpeakersConstrained
    | SessionSealed
    | ConstrainedSessionSealed
    | RequestAccepted
    | RequestRejected
    | VoicesCorrected
    | SessionReady
    | SessionCompleted
    | SessionFailed
    | SessionErased
    | ErasureSettled
    | TextExpired
)
