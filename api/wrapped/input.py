"""Pure: everything that the cards of a Wrapped are made of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from api.date_range import DateRange
from api.figures import most_first
from api.lexicon import LexiconRow
from api.wrapped.day_credits import DayCredit, day_credits
from api.wrapped.rows import CohortRow, InCohortRow, VoiceRow, WordTotalOfEveryone
from api.wrapped.word_times import WordTimes
from schemas.ids import SessionId, UserId

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

    `ever`: all credits, in order of days. `current`: those of the period. `previous`: those of the
    period before it; empty when none can be before. `words`: counts of the period, most first.
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
    of_period = {credit.session_id for credit in current}
    users_of_session: defaultdict[SessionId, set[UserId]] = defaultdict(set)
    for voice in voices:
        if voice.session_id in of_period:
            users_of_session[voice.session_id].update(voice.company)
    sessions_with: Counter[UserId] = Counter()
    for users in users_of_session.values():
        sessions_with.update(users)
    in_order = most_first(sessions_with)
    return dict(islice(in_order.items(), MOST_COMPANY))
