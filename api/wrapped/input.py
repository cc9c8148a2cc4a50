"""Pure: everything that the cards of a Wrapped are made of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from api.date_range import DateRange
from api.figures import most_first
from api.lexicon import LexiconRow
from api.wrapped.day_credits import DayCredit, day_credits
from api.wrapped.rows import CohortRow, InCohortRow, VoiceRow, WordTotalOfEveryone
from api.wrapped.word_times import WordTimes
from schemas.ids import UserId

MOST_COMPANY = 5


@dataclass(frozen=True)
class WrappedRows:
    """The warehouse's answers. `cohort` is empty when there is no snapshot of the period."""

    voices: Sequence[VoiceRow]
    cohort: Sequence[CohortRow]
    in_cohort: Sequence[InCohortRow]
    everyone: Sequence[WordTotalOfEveryone]
    lexicon: Sequence[LexiconRow]


@dataclass(frozen=True)
class WrappedInput:
    """The rows, and values that several cards need.

    `ever`: all credits, in order of days. `current`: those of the period. `previous`: those of as
    many days before it; empty when none can be before. `words`: counts of the period, most first.
    `times`: when each counted word of the period was said. `company`: up to five users who claimed
    a speaker in the same sessions, with the number of those sessions, most first.
    """

    days: DateRange
    rows: WrappedRows
    ever: Sequence[DayCredit]
    current: Sequence[DayCredit]
    previous: Sequence[DayCredit]
    words: Mapping[str, int]
    times: WordTimes
    company: Mapping[UserId, int]


def wrapped_input(rows: WrappedRows, days: DateRange) -> WrappedInput:
    """All of it at once: cached properties would make threads wait for one another."""
    ever = day_credits(rows.voices)
    current = _between(ever, days)
    previous: list[DayCredit] = []
    before = days.before()
    if before:
        previous = _between(ever, before)
    times = WordTimes.of(rows.voices, days)
    return WrappedInput(
        days=days,
        rows=rows,
        ever=ever,
        current=current,
        previous=previous,
        words=most_first(Counter(times.words)),
        times=times,
        company=_company(rows.voices, current),
    )


def _between(ever: Iterable[DayCredit], days: DateRange) -> list[DayCredit]:
    return [credit for credit in ever if credit.day in days]


def _company(voices: Iterable[VoiceRow], current: Iterable[DayCredit]) -> dict[UserId, int]:
    present = {credit.session_id for credit in current}
    met: dict[str, set[UserId]] = {}
    for voice in voices:
        if voice.session_id in present:
            met.setdefault(voice.session_id, set()).update(voice.company)
    sessions: Counter[UserId] = Counter()
    for users in met.values():
        sessions.update(users)
    return dict(islice(most_first(sessions).items(), MOST_COMPANY))
