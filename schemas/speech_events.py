"""What the model stages are asked and what they answer. Keys: the window for work, the session for results."""

from schemas.event import Pointer, SessionEvent, Value
from schemas.ids import SpeakerLabel
from schemas.ranges import Range, Ranges


class ChunkRef(Value, frozen=True, kw_only=True):
    """One uploaded chunk as a window needs it: where its bytes are and where they belong on the timeline."""

    seq: int
    sha256: str
    start_ms: int
    duration_ms: int


class WindowReady(SessionEvent, identity=("session_id", "window", "revision")):
    """A window can be worked on.

    It owns [start_ms, end_ms) and hears [hears_from_ms, end_ms). `session_end_ms` is set on the session's last window,
    which may own nothing: it hears what the others left, and the last diarization chunk is padded as a whole-file pass would pad it.
    """

    window: int
    revision: int
    start_ms: int
    end_ms: int
    hears_from_ms: int
    session_end_ms: int | None
    chunks: tuple[ChunkRef, ...]


class WindowResult(SessionEvent, identity=("session_id", "window", "revision")):
    """What a stage made of one revision of a window: an object, or the reason there is none."""

    window: int
    revision: int
    result: Pointer | None
    failed: str | None
    missing: Ranges
    model: str
    work_ms: int


class WindowTranscribed(WindowResult):
    """Words with their evidence (`schemas.objects.TranscribedWords`)."""


class WindowVoiced(WindowResult):
    """Local speaker activity and embeddings on the session's grid (`consumers.voices`)."""


class VoicesComplete(SessionEvent, identity=("session_id", "generation")):
    """Every window of the generation has its voices: cluster them (`schemas.objects.VoicesManifest`)."""

    generation: int
    manifest: Pointer
    hint: int | None


class ProvisionalVoicesComplete(SessionEvent, identity=("session_id", "through")):
    """The phone still records: who is heard in the latest windows before window `through`? (`schemas.objects.VoicesManifest`)."""

    manifest: Pointer
    through: int


class SpeakerSummary(Value, frozen=True, kw_only=True):
    """One speaker of a session: milliseconds of speech, turns, milliseconds over others, spans worth a clip."""

    label: SpeakerLabel
    talk_ms: int
    turns: int
    overlap_ms: int
    clips: tuple[Range, ...]


class SpeakersIdentified(SessionEvent, identity=("session_id", "generation")):
    """Who spoke when, for one generation (`schemas.objects.Turns`)."""

    generation: int
    turns: Pointer
    speakers: tuple[SpeakerSummary, ...]


class ProvisionalSpeakersIdentified(SessionEvent, identity=("session_id", "through")):
    """Who spoke before window `through`, as far as is known (`schemas.objects.Turns`). Labels keep from one answer to the next."""

    turns: Pointer
    speakers: tuple[SpeakerSummary, ...]
    through: int


class ClipOrder(Value, frozen=True, kw_only=True):
    """One clip to cut: whose, which of theirs, the span, and the chunks that hold it."""

    speaker: SpeakerLabel
    ordinal: int
    span: Range
    chunks: tuple[ChunkRef, ...]


class ClipsWanted(SessionEvent, identity=("session_id", "generation")):
    """Clips of a generation's speakers: only the fold that holds the chunks can say where the audio lies."""

    generation: int
    clips: tuple[ClipOrder, ...]


Voices = VoicesComplete | ProvisionalVoicesComplete
Speakers = SpeakersIdentified | ProvisionalSpeakersIdentified
