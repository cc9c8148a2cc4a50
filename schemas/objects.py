"""Objects that events point to: text and turns, which Kafka never carries."""

import msgspec

from schemas.event import Pointer, Value
from schemas.ids import SpeakerLabel
from schemas.session_events import Constraint


class Candidate(Value, frozen=True, kw_only=True):
    """A lexicon word that may have been said where the recogniser wrote something else.

    It may be two lexicon words that were said without a rest, a space between them. It would
    replace this word and the next `words - 1`. `nats` is the log-likelihood of the sentence with
    `spelling` less that of the sentence as written, teacher-forced on the same audio. `distance` is
    between the two sounds: 0 is the same, 1 has nothing in common. `common` says that the written
    words are everyday English, not something spelled by ear.
    """

    spelling: str
    nats: float
    words: int = 1
    distance: float = 0.0
    common: bool = True


class TranscribedWord(Value, frozen=True, kw_only=True):
    """One recognised word.

    Times are milliseconds on the session's timeline. `text` keeps its punctuation. `english` is
    the probability that the speech around it is English, by its sound and by its text.
    """

    text: str
    start_ms: int
    end_ms: int
    probability: float
    candidates: tuple[Candidate, ...] = ()
    english: float = 1.0


class TranscribedWords(Value, frozen=True, kw_only=True):
    """The words that a window owns, in order of time."""

    words: tuple[TranscribedWord, ...]


class AttributedWord(Value, frozen=True, kw_only=True):
    """A transcribed word with its speaker. `rivals` also spoke at that moment."""

    text: str
    start_ms: int
    end_ms: int
    probability: float
    speaker: SpeakerLabel | None
    rivals: tuple[SpeakerLabel, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    english: float = 1.0


class AttributedWords(Value, frozen=True, kw_only=True):
    """The words of one window with their speakers, in order of time.

    `before` and `after` are the words of the windows next to it. They are judged with them, and are
    not counted here. A provisional window is alone.
    """

    words: tuple[AttributedWord, ...]
    before: tuple[AttributedWord, ...] = ()
    after: tuple[AttributedWord, ...] = ()


class Turn(Value, frozen=True, kw_only=True):
    """One speaker speaks in [start_ms, end_ms)."""

    speaker: SpeakerLabel
    start_ms: int
    end_ms: int


class Voiceprint(Value, frozen=True, kw_only=True):
    """Centroid of a speaker's embeddings.

    By it a later clustering gives the same person the same label.
    """

    label: SpeakerLabel
    centroid: tuple[float, ...]


class SplitVoice(Voiceprint, frozen=True, kw_only=True):
    """The voice of a speaker who is two people, as it was before the split of that number.

    `S{next_label}` was the first label that was never used; 0 when that is not known.
    """

    correction: int = 0
    next_label: int = 0


class Turns(Value, frozen=True, kw_only=True):
    """The turns of a session, and the exclusive ones: one speaker at most speaks at a time.

    `S{next_label}` is the first label that was never used. A provisional clustering sees the latest
    windows only: its turns begin at `from_ms`, and `before` is each speaker's talk time (ms) until
    then. `splits` are the voiceprints of speakers who are two people each, as they were before.
    `voiceprints` has both people of a split, and both voices of a merge. The turns obey `hint` and
    `constraints`; those of a former version do not say so: None.
    """

    turns: tuple[Turn, ...]
    exclusive: tuple[Turn, ...]
    voiceprints: tuple[Voiceprint, ...]
    next_label: int
    before: dict[SpeakerLabel, int] = msgspec.field(default_factory=dict)
    from_ms: int = 0
    splits: tuple[SplitVoice, ...] = ()
    hint: int | None = None
    constraints: tuple[Constraint, ...] | None = None


class VoicesManifest(Value, frozen=True, kw_only=True):
    """The input of one clustering: the voices of the windows in order, from window `first`.

    None stands for a window that failed. `former` are the turns of the clustering before.
    """

    total_ms: int
    window_ms: int
    voices: tuple[Pointer | None, ...]
    former: Pointer | None
    first: int = 0
    constraints: tuple[Constraint, ...] = ()
