"""Words: attributed to speakers, counted, and credited to users."""

from schemas.event import Event, Pointer, SessionEvent, Value
from schemas.ids import EventId, SpeakerLabel, UserId
from schemas.ranges import Ranges


class WordsAttributed(SessionEvent, identity=("session_id", "window", "generation")):
    """Every word of a window has its speaker (`schemas.objects.AttributedWords`).

    A window without words is sent as well, so that its generation can become complete.
    """

    window: int
    generation: int
    words: Pointer | None
    missing: Ranges
    window_start_ms: int
    lexicon: str
    time_zone: str
    recorded_at_ms: int


class SliceAttributed(SessionEvent, identity=("session_id", "generation", "through")):
    """The windows before `through` had their turn: those of the next slice have theirs.

    The fold that gives words their speakers tells itself, so that a long talk holds up nobody.
    """

    generation: int
    through: int


class ProvisionalWordsAttributed(SessionEvent, identity=("session_id", "window", "words.sha256")):
    """The words of a window with the speakers that are known while the phone records.

    `words` is a `schemas.objects.AttributedWords`.
    """

    window: int
    words: Pointer


class ProvisionalWordsCounted(SessionEvent, identity=("caused_by", "lexicon")):
    """Counted words, and the number of all words, of each provisional speaker in one window.

    Never part of a total.
    """

    caused_by: EventId
    lexicon: str
    window: int
    counts: dict[SpeakerLabel, dict[str, int]]
    spoken: dict[SpeakerLabel, int]


class CountedRow(Value, frozen=True, kw_only=True):
    """One counted word. `said_at_ms` is Unix time; `day` is cut at 04:00 in the session's zone.

    `probability`: that the word was said. `maybe`: too improbable to be shown as a count. It is
    kept, and is in no total.
    """

    ordinal: int
    speaker: SpeakerLabel
    word: str
    said_at_ms: int
    day: str
    probability: float
    reason: str
    maybe: bool = False


class WordsCounted(SessionEvent, identity=("session_id", "window", "generation", "lexicon")):
    """All counted words of one window.

    An earlier generation had up to `most_rows` rows: those after `len(rows)` are retracted.
    `spoken` is the number of all words, by speaker.
    """

    window: int
    generation: int
    lexicon: str
    day: str
    rows: tuple[CountedRow, ...]
    most_rows: int
    spoken: dict[SpeakerLabel, int]
    missing: Ranges

    @property
    def sure(self) -> tuple[CountedRow, ...]:
        """The rows that totals are made of."""
        return tuple(row for row in self.rows if not row.maybe)


class SpeakerCounts(Value, frozen=True, kw_only=True):
    """One speaker in one generation: word -> count, the number of all words, and talk time."""

    label: SpeakerLabel
    words: dict[str, int]
    spoken: int
    talk_ms: int
    turns: int
    overlap_ms: int


class SessionCounted(SessionEvent, identity=("session_id", "generation", "totals_version")):
    """Every speaker's totals of one complete generation.

    A word that only an earlier generation counted has the count 0. A verdict on a count changes the
    totals of a generation: a higher `totals_version` replaces a lower one, of any generation.
    """

    owner: UserId
    generation: int
    totals_version: int
    lexicon: str
    speakers: tuple[SpeakerCounts, ...]
    missing: Ranges
    total_ms: int


class WordsCredited(SessionEvent, identity=("session_id", "user_id", "speaker", "credit_version")):
    """Everything that a user has from one speaker of a session: day -> word -> count.

    The counts are set, not added. A word that is no longer there has the count 0.
    `spoken` is the number of all words, by day.
    """

    user_id: UserId
    speaker: SpeakerLabel
    credit_version: int
    days: dict[str, dict[str, int]]
    spoken: dict[str, int]
    talk_ms: int


class VoiceCredited(SessionEvent, identity=("session_id", "user_id", "speaker", "credit_version")):
    """One speaker of a session whose voice is, or was, the user's.

    It is sent whole when anything of it changed, and by every generation. `moments` are day ->
    word -> Unix milliseconds, in order. `spoken` is the number of all words, for each day that was
    ever credited. `company` are the other users in the session. All is empty or 0 when the voice
    is not the user's any more.
    """

    user_id: UserId
    speaker: SpeakerLabel
    credit_version: int
    moments: dict[str, dict[str, tuple[int, ...]]]
    spoken: dict[str, int]
    talk_ms: int
    company: tuple[UserId, ...]
    time_zone: str
    audio_ms: int


class WarehouseChanged(Event, identity=("caused_by",)):
    """Rows of these days changed: everything derived from them has to be computed again.

    `caused_by` is the event, or the span of offsets, that changed them. `users` has the user whose
    rows these are when there is one: a message must not grow with the number of people.
    """

    caused_by: str
    days: tuple[str, ...]
    users: tuple[UserId, ...]

    @property
    def day(self) -> str:
        """Return the first of the days, which is the topic's key; "none" when there is none."""
        return self.days[0] if self.days else "none"
