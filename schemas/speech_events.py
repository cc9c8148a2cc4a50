"""Work for the model stages and their results."""

from schemas.event import Pointer, SessionEvent, Value
from schemas.ids import SpeakerLabel
from schemas.ranges import Range, Ranges


class ChunkRef(Value, frozen=True, kw_only=True):
    """One chunk as a window needs it: its number, its digest, and its place on the timeline."""

    seq: int
    sha256: str
    start_ms: int
    duration_ms: int


class WindowReady(SessionEvent, identity=("session_id", "window", "revision")):
    """A window can be worked on.

    It owns [start_ms, end_ms). Its audio, with the margin, is [audio_from_ms, end_ms). Only the
    last window of a session has `session_end_ms`. It may own nothing: then it finishes the audio
    that the others left, and the last chunk of the grid is padded as in a pass over the whole file.
    """

    window: int
    revision: int
    start_ms: int
    end_ms: int
    audio_from_ms: int
    session_end_ms: int | None
    chunks: tuple[ChunkRef, ...]


class BacklogWindowReady(WindowReady):
    """The same of a window that catches up: its audio came long after it was recorded."""


class WindowResult(SessionEvent, identity=("session_id", "window", "revision")):
    """The result of one stage for one revision of a window: an object, or the reason for none.

    `missing` are the spans that could not be worked on. `work_ms` is the time that it took.
    """

    window: int
    revision: int
    result: Pointer | None
    failed: str | None
    missing: Ranges
    model: str
    work_ms: int


class WindowTranscribed(WindowResult):
    """The words of a window (`schemas.objects.TranscribedWords`)."""


class WindowVoiced(WindowResult):
    """The voices of a window on the session's grid: activity and embeddings."""


class VoicesComplete(SessionEvent, identity=("session_id", "generation")):
    """Every window of the generation has its voices: cluster them.

    `manifest` is a `schemas.objects.VoicesManifest`. `hint` is the number of people, if known.
    """

    generation: int
    manifest: Pointer
    hint: int | None


class ProvisionalVoicesComplete(SessionEvent, identity=("session_id", "through")):
    """The phone still records: cluster the latest windows before window `through`.

    `manifest` is a `schemas.objects.VoicesManifest`.
    """

    manifest: Pointer
    through: int


class SpeakerSummary(Value, frozen=True, kw_only=True):
    """One speaker of a session.

    `overlap_ms` is the part of `talk_ms` in which others speak as well.
    `clips` are spans worth a clip.
    """

    label: SpeakerLabel
    talk_ms: int
    turns: int
    overlap_ms: int
    clips: tuple[Range, ...]


class PossibleHint(Value, frozen=True, kw_only=True):
    """A number of people who may have talked, and how likely that is, from 0 to 1."""

    speakers: int
    probability: float


class SpeakersIdentified(SessionEvent, identity=("session_id", "generation")):
    """The turns of one generation (`schemas.objects.Turns`), and its speakers.

    `possible_hints`: the likeliest first, when it is unclear how many people talked; a hint answers
    the question. `faint`: speakers so quiet that words of theirs may be missing.
    """

    generation: int
    turns: Pointer
    speakers: tuple[SpeakerSummary, ...]
    possible_hints: tuple[PossibleHint, ...] = ()
    faint: tuple[SpeakerLabel, ...] = ()


class ProvisionalSpeakersIdentified(SessionEvent, identity=("session_id", "through")):
    """The turns before window `through` (`schemas.objects.Turns`), as far as they are known.

    A speaker keeps the label from one such event to the next.
    """

    turns: Pointer
    speakers: tuple[SpeakerSummary, ...]
    through: int


class ClipOrder(Value, frozen=True, kw_only=True):
    """One clip to cut: the speaker's clip number `ordinal`, its span, and the chunks under it."""

    speaker: SpeakerLabel
    ordinal: int
    span: Range
    chunks: tuple[ChunkRef, ...]


class ClipsWanted(SessionEvent, identity=("session_id", "generation")):
    """Clips of a generation's speakers are to be cut.

    Only the fold that knows the chunks can say where the audio is.
    """

    generation: int
    clips: tuple[ClipOrder, ...]


Voices = VoicesComplete | ProvisionalVoicesComplete
Speakers = SpeakersIdentified | ProvisionalSpeakersIdentified
