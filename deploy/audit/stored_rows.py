"""Reads the rows of some sessions from the warehouse. Small questions, one thread of the server."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from adapters.erasure.erasable_rows import Days
from adapters.warehouse import Queries, TypedRow
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.ranges import Ranges

AT_ONCE = 50
"""Sessions of one question."""
OF = "WHERE session_id IN {ids:Array(String)}"
DAYS = "BETWEEN toDate({first:String}) AND toDate({last:String})"
"""Without its days a question about one session would read every partition of the table."""


class OfSession(TypedRow, frozen=True, kw_only=True):
    """A row of one session."""

    session_id: SessionId


class WordRow(OfSession, frozen=True, kw_only=True):
    """A counted word."""

    window_day: date
    window: int
    ordinal: int
    generation: int
    speaker: SpeakerLabel
    word: str
    said_ms: int
    day: date
    reason: str
    maybe: bool
    lexicon: str

    def values(self) -> tuple[object, ...]:
        """All but the key."""
        said = (self.speaker, self.word, self.said_ms, str(self.day), self.reason, self.maybe)
        return (str(self.window_day), self.generation, self.lexicon, *said)


class SpokenRow(OfSession, frozen=True, kw_only=True):
    """The recognised words of a window."""

    day: date
    window: int
    generation: int
    speakers: list[SpeakerLabel]
    spoken: list[int]

    def values(self) -> tuple[object, ...]:
        """All but the key."""
        by_speaker = dict(zip(self.speakers, self.spoken, strict=True))
        return str(self.day), self.generation, by_speaker


class SpeakerRow(OfSession, frozen=True, kw_only=True):
    """The totals of a speaker, or those of one of their words."""

    speaker: SpeakerLabel
    word: str
    count: int
    spoken: int
    talk_ms: int
    turns: int
    overlap_ms: int


class TotalRow(OfSession, frozen=True, kw_only=True):
    """The totals of a session."""

    generation: int
    lexicon: str
    speakers: list[SpeakerLabel]
    missing_from_ms: list[int]
    missing_to_ms: list[int]
    total_ms: int

    @property
    def missing(self) -> Ranges:
        """The spans of missing audio."""
        return tuple(zip(self.missing_from_ms, self.missing_to_ms, strict=True))

    def values(self) -> tuple[object, ...]:
        """All but the key."""
        speakers = sorted(self.speakers)
        return self.generation, self.lexicon, speakers, self.missing, self.total_ms


class DayRow(OfSession, frozen=True, kw_only=True):
    """All that a user has from a speaker on one day."""

    user_id: UserId
    speaker: SpeakerLabel
    day: date
    words: list[str]
    counts: list[int]
    count: int
    spoken: int
    talk_ms: int

    def numbers(self) -> tuple[dict[str, int], int, int]:
        """Word -> count, all counts, and recognised words."""
        return dict(zip(self.words, self.counts, strict=True)), self.count, self.spoken


class VoiceRow(OfSession, frozen=True, kw_only=True):
    """All that a Wrapped knows of a user and a speaker."""

    user_id: UserId
    speaker: SpeakerLabel
    words: list[str]
    said_ms: list[int]
    said_days: list[date]
    days: list[date]
    spoken: list[int]
    talk_ms: int
    company: list[UserId]
    time_zone: str
    audio_ms: int

    def numbers(self) -> tuple[object, ...]:
        """All but the key; days without a recognised word are left out."""
        said = zip(self.said_ms, self.words, map(str, self.said_days), strict=True)
        spoken = {str(day): n for day, n in zip(self.days, self.spoken, strict=True) if n}
        company = sorted(self.company)
        return list(said), spoken, self.talk_ms, company, self.time_zone, self.audio_ms


class ClaimRow(OfSession, frozen=True, kw_only=True):
    """The person that a speaker is said to be."""

    speaker: SpeakerLabel
    kind: str
    user_id: UserId
    guest_name: str


class ListedRow(OfSession, frozen=True, kw_only=True):
    """The session itself."""

    owner: UserId
    group_id: str
    state: str
    generation: int
    recorded_ms: int
    time_zone: str
    audio_ms: int

    def values(self) -> tuple[object, ...]:
        """All but the key."""
        about = (self.state, self.generation, self.recorded_ms, self.time_zone, self.audio_ms)
        return (self.owner, self.group_id, *about)


class ObjectRow(OfSession, frozen=True, kw_only=True):
    """Where the attributed words of a window are, or the turns."""

    kind: str
    window: int
    key: str
    sha256: str
    generation: int


@dataclass
class StoredRows:
    """The rows of one session, as a reader sees them."""

    words: list[WordRow] = field(default_factory=list)
    spoken: list[SpokenRow] = field(default_factory=list)
    speakers: list[SpeakerRow] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    days: list[DayRow] = field(default_factory=list)
    voices: list[VoiceRow] = field(default_factory=list)
    claims: list[ClaimRow] = field(default_factory=list)
    listed: list[ListedRow] = field(default_factory=list)
    objects: list[ObjectRow] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """The rows of one table: where they go, and the table's column of days if it is cut by one."""

    into: str
    table: str
    row: type[OfSession]
    day: str = ""
    computed: tuple[tuple[str, str], ...] = ()

    @property
    def sql(self) -> str:
        """The SELECT of exactly the fields of `row`, as a reader sees them."""
        computed = dict(self.computed)
        names = [
            f"{computed[name]} AS {name}" if name in computed else name
            for name in self.row.__struct_fields__
        ]
        days = f" AND {self.day} {DAYS}" if self.day else ""
        columns = ", ".join(names)
        return f"SELECT {columns} FROM {self.table} FINAL {OF}{days}"  # noqa: S608


MISSING = (("missing_from_ms", "missing.start_ms"), ("missing_to_ms", "missing.end_ms"))
QUESTIONS = (
    Question(
        "words",
        "word_events",
        WordRow,
        "window_day",
        (("said_ms", "toUnixTimestamp64Milli(said_at)"),),
    ),
    Question("spoken", "spoken_windows", SpokenRow, "day"),
    Question("speakers", "speaker_totals", SpeakerRow),
    Question("totals", "session_totals", TotalRow, "", MISSING),
    Question("days", "user_days", DayRow, "day"),
    Question("voices", "user_voices", VoiceRow),
    Question("claims", "claims", ClaimRow),
    Question(
        "listed",
        "sessions",
        ListedRow,
        "",
        (("recorded_ms", "toUnixTimestamp64Milli(recorded_at)"),),
    ),
    Question("objects", "session_objects", ObjectRow),
)


def stored_rows(
    warehouse: Queries, sessions: Sequence[SessionId], days: Days
) -> defaultdict[SessionId, StoredRows]:
    """Return the rows of these sessions, AT_ONCE of them at most, on `days`. Blocking.

    Raises TransientError when ClickHouse is away.
    """
    found: defaultdict[SessionId, StoredRows] = defaultdict(StoredRows)
    values = {"ids": list(sessions), "first": str(days.first), "last": str(days.last)}
    for question in QUESTIONS:
        for row in warehouse.query(question.sql, values, row=question.row):
            getattr(found[row.session_id], question.into).append(row)
    return found
