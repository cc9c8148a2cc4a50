"""The totals of days against the counted words, month by month. Blocking; small answers.

Sums are made of `word_events`, which the audit of the sessions holds against log and objects.
"""

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from adapters.warehouse import Queries, TypedRow
from consumers.rollup.counts import counting
from deploy.audit.report import Difference, Mend

LIMITS = """
SELECT min(one) AS first, max(other) AS last FROM (
    SELECT min(day) AS one, max(day) AS other, count() AS number FROM word_daily
    UNION ALL
    SELECT min(day), max(day), count() FROM word_events)
WHERE number > 0
"""
OF_DAYS = "day BETWEEN toDate({first:String}) AND toDate({last:String})"
SAID = f"""
SELECT day, toString(word) AS word, count() AS count,
    uniqExact(session_id, speaker) AS speakers, uniqExact(session_id) AS sessions
FROM word_events FINAL
WHERE window_day BETWEEN toDate({{first:String}}) - 1 AND toDate({{last:String}}) + 1
    AND {OF_DAYS} AND {counting(OF_DAYS)}
GROUP BY day, word
"""  # noqa: S608 - conditions of ours
STORED = f"""
SELECT day, toString(word) AS word, count, speakers, sessions FROM word_daily FINAL
WHERE {OF_DAYS} AND count > 0
"""  # noqa: S608 - a condition of ours


class DayWord(TypedRow, frozen=True, kw_only=True):
    """How often a word was said on a day, by how many, in how many sessions."""

    day: date
    word: str
    count: int
    speakers: int
    sessions: int


class Limits(TypedRow, frozen=True, kw_only=True):
    """The first and the last day that has anything."""

    first: date
    last: date


def months(
    warehouse: Queries,
    since: date,
    until: date,
) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each month that has anything, within the span."""
    (limits,) = warehouse.query(LIMITS, row=Limits)
    first = max(limits.first, since)
    last = min(limits.last, until)
    while first <= last:
        _, days = monthrange(first.year, first.month)
        end = first.replace(day=days)
        yield first, min(end, last)
        first = end + timedelta(days=1)


def differing(warehouse: Queries, first: date, last: date) -> set[date]:
    """Return the days on which the stored totals are not those of the counted words."""
    span = {"first": str(first), "last": str(last)}
    said = set(warehouse.query(SAID, span, row=DayWord))
    stored = set(warehouse.query(STORED, span, row=DayWord))
    return {one.day for one in said ^ stored}


def differences(days: Collection[str]) -> Iterator[Difference]:
    """Yield one difference for each of these days."""
    for day in days:
        yield Difference(
            session_id="",
            where=f"word_daily {day}",
            what="the totals of the day are not those of its counted words",
            advice=Mend.RECOMPUTE_DAY.advice,
            mend=Mend.RECOMPUTE_DAY,
        )
