"""Figures that analysts see, renewed cell by cell (ADR 0012).

A cell is renewed when the numbers of at least five people in it changed. Somebody who compares two
looks learns the sum of what these people changed, and of nobody alone. A renewed cell has a version
above that of the cell that it replaces, whatever the clock says.

Two machines may compute one cell at a time. The time is the warehouse's: by clocks of their own a
machine whose clock is ahead would win with rows that it read before.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from adapters.warehouse import Commands
from consumers.rollup.counts import counting
from schemas.limits import LEAST_PUBLISHED

LEAST_CHANGED = LEAST_PUBLISHED
"""People whose numbers must have changed before a cell is renewed or a cohort is taken again."""

NOW = "toUInt64(toUnixTimestamp64Milli(now64(3)))"
"""The time at which the warehouse began to read, Unix milliseconds."""
VERSION = f"greatest({NOW}, p.version + 1)"


def changed(numbers: str) -> str:
    """Return the SQL condition that the numbers of enough people in a cell have changed."""
    live, published = (f"{of}.{numbers}[indexOf({of}.users, one)]" for of in ("l", "p"))
    everybody = "arrayDistinct(arrayConcat(l.users, p.users))"
    return f"arrayCount(one -> {live} != {published}, {everybody}) >= {{least:UInt8}}"


OF_DAYS = "day IN {days:Array(Date)}"
IN_WINDOWS = "window_day IN {nearby:Array(Date)}"
"""Of the rows of words: a word after 04:00 may be in a window of the day before."""
PEOPLE = f"""
WITH
    credited AS (
        SELECT DISTINCT day, session_id, speaker, user_id FROM user_days FINAL
        WHERE {OF_DAYS} AND (count > 0 OR spoken > 0)),
    owners AS (
        SELECT session_id, owner FROM sessions FINAL WHERE session_id IN (
            SELECT session_id FROM spoken_windows WHERE day IN {{nearby:Array(Date)}})),
"""  # noqa: S608 - a condition of ours
"""A speaker counts as the user who is credited, else as the owner of the session. Speakers of a
session that was not listed yet are nobody's, and are left out: nobody is no fifth person.
"""
PERSON = "if(c.user_id != '', c.user_id, o.owner)"
OF_SPEAKER = """
LEFT JOIN credited AS c
    ON c.day = s.day AND c.session_id = s.session_id AND c.speaker = s.speaker
LEFT JOIN owners AS o ON o.session_id = s.session_id
"""

INTO_WORDS = "INSERT INTO published_words (day, word, users, counts, version)"
WORDS = f"""
{INTO_WORDS} {PEOPLE}
    spoken_words AS (
        SELECT day, word, session_id, speaker FROM word_events FINAL
        WHERE {IN_WINDOWS} AND {OF_DAYS} AND {counting(OF_DAYS)}),
    of_person AS (
        SELECT s.day AS day, s.word AS word, {PERSON} AS person, count() AS n
        FROM spoken_words AS s {OF_SPEAKER}
        GROUP BY day, word, person HAVING person != ''),
    published AS (
        SELECT day, word, users, counts, version FROM published_words FINAL WHERE {OF_DAYS}),
    live AS (
        SELECT day, word, groupArrayArray(us) AS users, groupArrayArray(ns) AS counts FROM (
            SELECT day, word, groupArray(person) AS us, groupArray(n) AS ns FROM of_person
            GROUP BY day, word
            UNION ALL
            SELECT day, word, [], [] FROM published)
        GROUP BY day, word)
SELECT l.day, l.word, l.users, l.counts, {VERSION}
FROM live AS l LEFT JOIN published AS p ON p.day = l.day AND p.word = l.word
WHERE {changed("counts")}
"""  # noqa: S608 - constants of this module
INTO_DAYS = "INSERT INTO published_days (day, users, spoken, sessions, version)"
DAYS = f"""
{INTO_DAYS} {PEOPLE}
    spoken_by AS (
        SELECT day, session_id, speaker, n FROM spoken_windows FINAL
        ARRAY JOIN speakers AS speaker, spoken AS n
        WHERE {OF_DAYS} AND n > 0),
    of_person AS (
        SELECT s.day AS day, {PERSON} AS person, sum(s.n) AS n
        FROM spoken_by AS s {OF_SPEAKER}
        GROUP BY day, person HAVING person != ''),
    published AS (SELECT day, users, spoken, version FROM published_days FINAL WHERE {OF_DAYS}),
    live AS (
        SELECT day, groupArrayArray(us) AS users, groupArrayArray(ns) AS spoken,
            max(of_day) AS sessions
        FROM (
            SELECT day, groupArray(person) AS us, groupArray(n) AS ns, 0 AS of_day FROM of_person
            GROUP BY day
            UNION ALL
            SELECT day, [], [], uniqExact(session_id) FROM spoken_by GROUP BY day
            UNION ALL
            SELECT day, [], [], 0 FROM published)
        GROUP BY day)
SELECT l.day, l.users, l.spoken, l.sessions, {VERSION}
FROM live AS l LEFT JOIN published AS p ON p.day = l.day
WHERE {changed("spoken")}
"""  # noqa: S608 - constants of this module
INTO_MONTHS = "INSERT INTO published_months (month, word, users, counts, sessions, version)"
MONTHS = f"""
{INTO_MONTHS}
WITH
    credited AS (
        SELECT toStartOfMonth(day) AS month, user_id, session_id, words, counts
        FROM user_days FINAL WHERE toStartOfMonth(day) IN {{months:Array(Date)}}),
    of_person AS (
        SELECT month, word, user_id, sum(n) AS total, uniqExact(session_id) AS in_sessions
        FROM credited ARRAY JOIN words AS word, counts AS n
        WHERE n > 0 GROUP BY month, word, user_id),
    published AS (
        SELECT month, word, users, counts, version FROM published_months FINAL
        WHERE month IN {{months:Array(Date)}}),
    live AS (
        SELECT month, word, groupArrayArray(us) AS users, groupArrayArray(ns) AS counts,
            groupArrayArray(ss) AS sessions
        FROM (
            SELECT month, word, groupArray(user_id) AS us, groupArray(total) AS ns,
                groupArray(in_sessions) AS ss
            FROM of_person GROUP BY month, word
            UNION ALL
            SELECT month, word, [], [], [] FROM published)
        GROUP BY month, word)
SELECT l.month, l.word, l.users, l.counts, l.sessions, {VERSION}
FROM live AS l LEFT JOIN published AS p ON p.month = l.month AND p.word = l.word
WHERE {changed("counts")}
"""  # noqa: S608 - constants of this module


def renew(warehouse: Commands, days: Mapping[str, list[str]]) -> None:
    """Renew the cells of these days and of their months that may be renewed.

    `days`: as `parameters` names them. Blocking; repeatable.
    """
    values = {**days, "least": LEAST_CHANGED}
    for statement in (WORDS, DAYS, MONTHS):
        warehouse.command(statement, values)


def parameters(days: Sequence[str]) -> dict[str, list[str]]:
    """Return the parameters that name ISO days: themselves, with those beside them, their months.

    The warehouse takes a day that it cannot store for the nearest one that it can.
    """
    named = [date.fromisoformat(day) for day in days]
    nearby = {day + timedelta(days=beside) for day in named for beside in (-1, 0, 1)}
    return {
        "days": list(days),
        "nearby": sorted(map(str, nearby)),
        "months": sorted({str(day.replace(day=1)) for day in named}),
    }
