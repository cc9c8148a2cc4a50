"""What happens to a session: asked for on `session.inbound`, decided on `session.decided`."""

from enum import StrEnum

from schemas.event import SessionEvent, Value
from schemas.ids import EventId, SpeakerLabel, UserId
from schemas.ranges import Ranges
from schemas.session_requests import (
    EraseRequested,
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
    SplitRequested,
)


class State(StrEnum):
    """Life of a session (design section 4, Sessions)."""

    RECORDING = "recording"
    PROCESSING = "processing"
    READY = "ready_for_claiming"
    COMPLETED = "completed"
    ERASED = "erased"


FINAL = frozenset({State.READY, State.COMPLETED, State.ERASED})
"""Nothing is worked on any more; a claim, a hint or a late chunk may still open the session again."""


class Cause(StrEnum):
    """Why a generation was opened."""

    SEALED = "sealed"
    LATE_CHUNK = "late_chunk"
    HINT = "hint"
    MERGE = "merge"
    SPLIT = "split"
    RECOUNT = "recount"
    REPLAY = "replay"


class Consent(Value, frozen=True, kw_only=True):
    """The owner's word that everyone present agreed: which text, and when."""

    text_version: str
    agreed_at_ms: int


class SessionStarted(SessionEvent, identity=("session_id", "owner")):
    """A phone began to record. The first one in the log owns the session id."""

    owner: UserId
    time_zone: str
    recorded_at_ms: int
    consent: Consent
    group_id: str | None = None
    speakers_hint: int | None = None
    keep_transcript_days: int = 30


class ChunkUploaded(SessionEvent, identity=("session_id", "seq", "sha256")):
    """A chunk's object is written. `start_ms` counts from the session's start on the phone's monotonic clock."""

    owner: UserId
    seq: int
    sha256: str
    size: int
    content_type: str
    start_ms: int
    duration_ms: int


class SessionEnded(SessionEvent, identity=("session_id", "chunks")):
    """The phone is done and says how many chunks it made."""

    owner: UserId
    chunks: int


class Tick(SessionEvent, identity=("session_id", "now_ms")):
    """A timer found this session due. Timers write no state; they only say what time it is."""

    now_ms: int


class SessionSealed(SessionEvent, identity=("session_id", "generation")):
    """The session's timeline is fixed for this generation: `windows[i]` is the revision of window i."""

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


class ConstraintKind(StrEnum):
    """What people know about voices that no clustering may forget."""

    MERGE = "merge"
    SPLIT = "split"


class Constraint(Value, frozen=True, kw_only=True):
    """merge: `other` is the same person as `speaker`, who keeps the label. split: `speaker` is two people."""

    kind: ConstraintKind
    speaker: SpeakerLabel
    other: SpeakerLabel | None = None


class SpeakersConstrained(SessionEvent, identity=("session_id", "generation")):
    """All constraints of `generation`, in the order in which they were asked for; sent before its SessionSealed."""

    generation: int
    constraints: tuple[Constraint, ...]


class SessionReady(SessionEvent, identity=("caused_by",)):
    """Every window of the generation is counted and somebody spoke: voices can be claimed."""

    caused_by: EventId
    generation: int
    speakers: tuple[SpeakerLabel, ...]


class SessionCompleted(SessionEvent, identity=("caused_by",)):
    """Nothing is left to do: all voices are claimed, or nobody spoke."""

    caused_by: EventId
    generation: int
    speakers: tuple[SpeakerLabel, ...]


class SessionErased(SessionEvent, identity=("caused_by",)):
    """The session is gone; nothing about it may be written again. Sent once more when something was written meanwhile.

    When it was recorded, and how long it was, say where its rows are to be looked for.
    """

    caused_by: EventId
    request_id: str
    recorded_at_ms: int
    audio_ms: int


class TextExpired(SessionEvent, identity=("session_id",)):
    """The time for which the owner let the words be kept is over: they go, the counts stand. Nothing is counted or clustered again."""


class RequestAccepted(SessionEvent, identity=("session_id", "request_id")):
    """A request about the session took effect in `generation`."""

    request_id: str
    generation: int


class RequestRejected(SessionEvent, identity=("session_id", "request_id")):
    """A request about the session was refused, and why."""

    request_id: str
    reason: str


class SessionListing(SessionEvent, identity=("caused_by",)):
    """The directory's row: what every gateway and the warehouse need to know of a session (compacted topic)."""

    caused_by: EventId
    owner: UserId
    group_id: str | None
    state: State
    generation: int
    recorded_at_ms: int
    time_zone: str
    audio_ms: int
    received: Ranges
    conflicts: tuple[int, ...]
    expected: int | None


class SessionProgress(SessionEvent, identity=("caused_by",)):
    """How far the windows of a session are; provisional, never a total."""

    caused_by: EventId
    state: State
    windows: int
    transcribed: int
    voiced: int
    counted: int
    audio_ms: int


class SessionEta(SessionEvent, identity=("caused_by",)):
    """How long the windows that are left will take, at the pace of the latest ones; only once the phone has stopped."""

    caused_by: EventId
    eta_ms: int


Inbound = (
    SessionStarted | ChunkUploaded | SessionEnded | HintRequested | MergeRequested | SplitRequested
    | RecountRequested | EraseRequested | ReplayRequested | Tick
)  # fmt: skip
Decided = (
    SpeakersConstrained | SessionSealed | RequestAccepted | RequestRejected | SessionReady | SessionCompleted
    | SessionErased | TextExpired
)  # fmt: skip
