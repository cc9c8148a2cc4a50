"""Documents in the object store that events point to: text and turns, which Kafka never carries. JSON, msgspec."""

import msgspec

from schemas.event import Pointer, Value
from schemas.ids import SpeakerLabel
from schemas.session_events import Constraint


class Candidate(Value, frozen=True, kw_only=True):
    """A lexicon word that may have been said where this word and the next `words - 1` are written; evidence for counting.

    `nats`: log-likelihood of the sentence with `spelling`, teacher-forced on the same audio, less that of the sentence
    as written. `distance` of the two sounds: 0 is the same, 1 is nothing alike. `common`: what is written is everyday
    English, not something that the recogniser spelled by ear.
    """

    spelling: str
    nats: float
    words: int = 1
    distance: float = 0.0
    common: bool = True


class TranscribedWord(Value, frozen=True, kw_only=True):
    """One recognised word. Times are milliseconds on the session's timeline; `text` keeps its punctuation."""

    text: str
    start_ms: int
    end_ms: int
    probability: float
    candidates: tuple[Candidate, ...] = ()


class TranscribedWords(Value, frozen=True, kw_only=True):
    """The words a window owns, in order of time."""

    words: tuple[TranscribedWord, ...]


class AttributedWord(Value, frozen=True, kw_only=True):
    """A heard word with its speaker; `rivals` are others who spoke at that moment (overlap)."""

    text: str
    start_ms: int
    end_ms: int
    probability: float
    speaker: SpeakerLabel | None
    rivals: tuple[SpeakerLabel, ...] = ()
    candidates: tuple[Candidate, ...] = ()


class AttributedWords(Value, frozen=True, kw_only=True):
    """The words of one window with their speakers, in order of time."""

    words: tuple[AttributedWord, ...]


class Turn(Value, frozen=True, kw_only=True):
    """One speaker speaks in [start_ms, end_ms)."""

    speaker: SpeakerLabel
    start_ms: int
    end_ms: int


class Voiceprint(Value, frozen=True, kw_only=True):
    """Centroid of a speaker's embeddings, kept so that a later clustering gives the same person the same label."""

    label: SpeakerLabel
    centroid: tuple[float, ...]


class Turns(Value, frozen=True, kw_only=True):
    """Who spoke when: `turns` may overlap, `exclusive` never do. `next_label` is the first label never used.

    While a session is recorded only the latest windows are clustered: then `before` has the milliseconds that each speaker
    talked before `from_ms`, where `turns` begin. `splits` are the voices, as they were, that somebody said are two people each;
    `voiceprints` know those two, and they know both of two voices that somebody said are one.
    """

    turns: tuple[Turn, ...]
    exclusive: tuple[Turn, ...]
    voiceprints: tuple[Voiceprint, ...]
    next_label: int
    before: dict[SpeakerLabel, int] = msgspec.field(default_factory=dict)
    from_ms: int = 0
    splits: tuple[Voiceprint, ...] = ()


class VoicesManifest(Value, frozen=True, kw_only=True):
    """What one clustering needs: the voices of windows in order, from window `first` (None: that window failed), and who was before."""

    total_ms: int
    window_ms: int
    voices: tuple[Pointer | None, ...]
    former: Pointer | None
    first: int = 0
    constraints: tuple[Constraint, ...] = ()
