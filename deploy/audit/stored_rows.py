"""Rows of some sessions, as the audit reads them from the warehouse."""

from dataclasses import dataclass, field, fields
from datetime import date
from typing import NamedTuple

import msgspec

from adapters.erasure.erasable_rows import Days
from adapters.warehouse import TypedRow
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.limits import FIRST_DAY, LAST_DAY
from schemas.ranges import Ranges

EVER = Days(FIRST_DAY, LAST_DAY)

Values = tuple[object, ...]
"""The columns of a row that are compared, without its key."""


class DayNumbers(NamedTuple):
    """Counts by word, all counts, and recognised words of one day."""

    words: dict[str, int]
    counts: int
    spoken: int


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

    def values(self) -> Values:
        """All but the key."""
        said = (
            self.speaker,
            self.word,
            self.said_ms,
            str(self.day),
            self.reason,
            self.maybe,
        )
        return (str(self.window_day), self.generation, self.lexicon, *said)


class SpokenRow(OfSession, frozen=True, kw_only=True):
    """The recognised words of a window."""

    day: date
    window: int
    generation: int
    speakers: list[SpeakerLabel]
    spoken: list[int]

    def values(self) -> Values:
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

    def values(self) -> Values:
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

    def numbers(self) -> DayNumbers:
        """All but the key and the talk time."""
        words = dict(zip(self.words, self.counts, strict=True))
        return DayNumbers(words, self.count, self.spoken)


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

    def numbers(self) -> Values:
        """All but the key; days without a recognised word are left out."""
        said_days = [str(day) for day in self.said_days]
        said = list(zip(self.said_ms, self.words, said_days, strict=True))
        spoken: dict[str, int] = {}
        for day, number in zip(self.days, self.spoken, strict=True):
            if number:
                spoken[str(day)] = number
        company = sorted(self.company)
        return said, spoken, self.talk_ms, company, self.time_zone, self.audio_ms


class ClaimRow(OfSession, frozen=True, kw_only=True):
    """The person that a speaker is said to be."""

    speaker: SpeakerLabel
    kind: str
    user_id: UserId
    guest_name: str


class VerdictRow(OfSession, frozen=True, kw_only=True):
    """The word of a voice's owner about a count."""

    speaker: SpeakerLabel
    word: str
    said_ms: int
    day: date
    verdict: str


class ListedRow(OfSession, frozen=True, kw_only=True):
    """The session itself."""

    owner: UserId
    group_id: str
    state: str
    generation: int
    recorded_ms: int
    time_zone: str
    audio_ms: int

    def values(self) -> Values:
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
    """The rows of one session, as a reader sees them, and the days on which they were read."""

    words: list[WordRow] = field(default_factory=list)
    spoken: list[SpokenRow] = field(default_factory=list)
    speakers: list[SpeakerRow] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    days: list[DayRow] = field(default_factory=list)
    voices: list[VoiceRow] = field(default_factory=list)
    claims: list[ClaimRow] = field(default_factory=list)
    verdicts: list[VerdictRow] = field(default_factory=list)
    listed: list[ListedRow] = field(default_factory=list)
    objects: list[ObjectRow] = field(default_factory=list)
    read_on: Days = EVER

    def in_order(self) -> list[bytes]:
        """Return all rows as JSON, in an order that does not depend on how they were read."""
        found: list[bytes] = []
        for one in fields(self):
            if one.name != "read_on":
                found += map(msgspec.json.encode, getattr(self, one.name))
        return sorted(found)
