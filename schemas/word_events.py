"""Words that were attributed, counted, and credited to people."""

from schemas.event import Event, Pointer, SessionEvent, Value
from schemas.ids import EventId, SpeakerLabel, UserId
from schemas.ranges import Ranges


class WordsAttributed(SessionEvent, identity=("session_id", "window", "generation")):
    """Every word of a window has its speaker (`schemas.objects.AttributedWords`); sent for empty windows too."""

    window: int
    generation: int
    words: Pointer | None
    missing: Ranges
    window_start_ms: int
    lexicon: str
    time_zone: str
    recorded_at_ms: int


class ProvisionalWordsAttributed(SessionEvent, identity=("session_id", "window", "words.sha256")):
    """The words of a window with the speakers as they are known so far (`schemas.objects.AttributedWords`), while the phone records."""

    window: int
    words: Pointer


class ProvisionalWordsCounted(SessionEvent, identity=("caused_by", "lexicon")):
    """What each provisional speaker said in one window: counted words, and how many words in all. Never part of a total."""

    caused_by: EventId
    lexicon: str
    window: int
    counts: dict[SpeakerLabel, dict[str, int]]
    spoken: dict[SpeakerLabel, int]


class CountedRow(Value, frozen=True, kw_only=True):
    """One counted word. `said_at_ms` is Unix time, `day` the session's day, cut at 04:00 in its time zone."""

    ordinal: int
    speaker: SpeakerLabel
    word: str
    said_at_ms: int
    day: str
    probability: float
    reason: str


class WordsCounted(SessionEvent, identity=("session_id", "window", "generation", "lexicon")):
    """The whole set of counted words of one window; ordinals `len(rows)` to `most_rows - 1` of before are retracted."""

    window: int
    generation: int
    lexicon: str
    day: str
    rows: tuple[CountedRow, ...]
    most_rows: int
    spoken: dict[SpeakerLabel, int]
    missing: Ranges


class SpeakerCounts(Value, frozen=True, kw_only=True):
    """One speaker's whole truth in one generation: word -> count, words spoken, seconds of talk."""

    label: SpeakerLabel
    words: dict[str, int]
    spoken: int
    talk_ms: int
    turns: int
    overlap_ms: int


class SessionCounted(SessionEvent, identity=("session_id", "generation")):
    """Every speaker's totals of one complete generation, zeros for what an earlier generation held."""

    owner: UserId
    generation: int
    lexicon: str
    speakers: tuple[SpeakerCounts, ...]
    missing: Ranges
    total_ms: int


class WordsCredited(SessionEvent, identity=("session_id", "user_id", "speaker", "credit_version")):
    """All that one user has from one speaker of a session: day -> word -> count, zeros included. Set, never added."""

    user_id: UserId
    speaker: SpeakerLabel
    credit_version: int
    days: dict[str, dict[str, int]]
    spoken: dict[str, int]
    talk_ms: int


class VoiceCredited(SessionEvent, identity=("session_id", "user_id", "speaker", "credit_version")):
    """One voice of a session that is or was a user's: what they said with it when, and to whom. Whole, after every change of anybody's claim.

    `said`: day -> word -> Unix milliseconds, in order; `spoken`: recognised words of each day on which something was ever credited;
    `company`: others who have a voice in it, no guests. When the voice is not theirs any more all is empty or 0, `time_zone` too.
    """

    user_id: UserId
    speaker: SpeakerLabel
    credit_version: int
    said: dict[str, dict[str, tuple[int, ...]]]
    spoken: dict[str, int]
    talk_ms: int
    company: tuple[UserId, ...]
    time_zone: str
    audio_ms: int


class WarehouseChanged(Event, identity=("caused_by",)):
    """Rows of these days and users changed in the warehouse: what is derived from them must be made anew."""

    caused_by: str
    days: tuple[str, ...]
    users: tuple[UserId, ...]

    @property
    def day(self) -> str:
        """The first of the days: the topic's key. "none" when there is none."""
        return self.days[0] if self.days else "none"
