"""Rows of the queries about a user's Wrapped."""

from datetime import date

from adapters.warehouse import TypedRow
from schemas.ids import SessionId, UserId


class VoiceRow(TypedRow, frozen=True):
    """Everything credited to a user for one speaker of one session.

    `words`, `said_ms` (Unix milliseconds) and `said_days` are the counted words, in order of time.
    `said_days` has one entry when all words are of one day. `days` and `spoken` are the days of the
    session with their recognised words; `talk_ms` belongs to the first of them. After a release
    everything is empty, and so is `time_zone`.
    """

    session_id: SessionId
    words: list[str]
    said_ms: list[int]
    said_days: list[date]
    days: list[date]
    spoken: list[int]
    talk_ms: int
    company: list[UserId]
    time_zone: str
    audio_ms: int


class ChecksumRow(TypedRow, frozen=True):
    """Changes when one of the rows behind VOICES changes."""

    mark: int


class WordTotalOfEveryone(TypedRow, frozen=True):
    """How often everybody together said a word, on the days on which five people or more did."""

    word: str
    total: int
    days: list[date]


class CohortRow(TypedRow, frozen=True):
    """A snapshot of a period: counts that somebody has, ascending, and the `people` with each."""

    snapshot: int
    totals: list[int]
    people: list[int]


class InCohortRow(TypedRow, frozen=True):
    """A user's counts: `total` from this snapshot on, and `former` before. 0: not in it."""

    snapshot: int
    total: int
    former: int
