"""Answers of the read side, as far as the demo and the benchmarks read them.

Structs of our own, not the models of `api`: a client must be able to read what it is sent.
"""

import msgspec

from schemas.ids import SessionId, SpeakerLabel
from schemas.session_events import State


class Progress(msgspec.Struct, frozen=True):
    """Windows of a session, and how many of them each stage has done."""

    windows: int
    transcribed: int
    voiced: int
    counted: int


class ProvisionalSpeaker(msgspec.Struct, frozen=True):
    """A speaker while the phone still records."""

    words_spoken: int


class Provisional(msgspec.Struct, frozen=True):
    """Known while the phone still records; `eta_s` is None until it has stopped."""

    eta_s: float | None
    speakers: list[ProvisionalSpeaker]


class MissingAudio(msgspec.Struct, frozen=True):
    """A span that nobody could count, in seconds."""

    start_s: float
    end_s: float


class SessionFailure(msgspec.Struct, frozen=True):
    """Why a session has no counts, and what to do, in words."""

    happened: str
    advice: str


class Session(msgspec.Struct, frozen=True):
    """One session; `provisional` is None once it is final. Only a failed one has a `failure`."""

    session_id: SessionId
    state: State
    generation: int
    audio_s: float
    progress: Progress
    missing_audio: list[MissingAudio]
    speakers: list[SpeakerLabel]
    provisional: Provisional | None
    failure: SessionFailure | None = None


class WordCount(msgspec.Struct, frozen=True):
    """How often one speaker said a word."""

    word: str
    count: int
    emoji: str


class Clip(msgspec.Struct, frozen=True):
    """The text of a clip."""

    quote: str


class Speaker(msgspec.Struct, frozen=True):
    """One speaker of a session; `words` are ordered, most counted first."""

    speaker: SpeakerLabel
    talk_s: float
    words: list[WordCount]
    clips: list[Clip]

    @property
    def counts(self) -> int:
        """All counted words."""
        return sum(word.count for word in self.words)

    @property
    def quote(self) -> str:
        """The first clip's text; empty when no clip has any."""
        return next((clip.quote for clip in self.clips if clip.quote), "")


class SpeakerList(msgspec.Struct, frozen=True):
    """The speakers of a session."""

    speakers: list[Speaker]


class Turn(msgspec.Struct, frozen=True):
    """One turn, in seconds from the session's start."""

    speaker: SpeakerLabel
    start_s: float
    end_s: float


class TranscriptWord(msgspec.Struct, frozen=True):
    """One word, in seconds from the session's start; `speaker` is None for nobody's."""

    speaker: SpeakerLabel | None
    word: str
    start_s: float
    end_s: float


class Transcript(msgspec.Struct, frozen=True):
    """Words and turns of a session, in order."""

    words: list[TranscriptWord]
    turns: list[Turn]


class Totals(msgspec.Struct, frozen=True):
    """A user's numbers over a period."""

    counts: int
    words_spoken: int
    talk_s: float


class Named(msgspec.Struct, frozen=True):
    """A personality or a badge."""

    name: str


class TopWord(msgspec.Struct, frozen=True):
    """A word and its counts, on a card."""

    word: str
    count: int


class TopWords(msgspec.Struct, frozen=True):
    """The card of the most said words."""

    top: list[TopWord]


class Signature(msgspec.Struct, frozen=True):
    """The card of the word that one says more than others do."""

    word: str


class Peak(msgspec.Struct, frozen=True):
    """The densest minute."""

    counts: int


class Moments(msgspec.Struct, frozen=True):
    """The card of moments. No `peak`: nothing is counted."""

    peak: Peak | None


class Cards(msgspec.Struct, frozen=True):
    """Some cards of a Wrapped; None where there is too little to tell."""

    personality: Named | None
    top_words: TopWords | None
    moments: Moments | None
    signature: Signature | None
    badges: list[Named] | None


class Wrapped(msgspec.Struct, frozen=True):
    """A user's Wrapped."""

    cards: Cards
