"""Figures that analysts see, renewed cell by cell (ADR 0012).

A cell is renewed when the numbers of at least five people in it changed. Somebody who compares two
looks learns the sum of what these people changed, and of nobody alone. A renewed cell has a version
above that of the cell that it replaces, whatever the clock says.

Two machines may compute one cell at a time. The time is the warehouse's: by clocks of their own a
machine whose clock is ahead would win with rows that it read before.
"""

from adapters.warehouse import Commands
from consumers.rollup.counts import counting
from schemas.limits import LEAST_PUBLISHED

LEAST_CHANGED = LEAST_PUBLISHED
"""People whose numbers must have changed before a cell is renewed or a cohort is taken again."""

NOW = "toUInt64(toUnixTimestamp64Milli(now64(3)))"
"""The time at which the warehouse began to read, Unix milliseconds."""
VERSION = f"greatest({NOW}, p.version + 1)"

PEOPLE = """
WITH
    credited AS (
        SELECT DISTINCT session_id, speaker, user_id FROM user_days FINAL
        WHERE day = toDate({day:String}) AND (count > 0 OR spoken > 0)),
    owners AS (
        SELECT session_id, owner FROM sessions FINAL WHERE session_id IN (
            SELECT session_id FROM spoken_windows
            WHERE day BETWEEN toDate({day:String}) - 1 AND toDate({day:String}))),
"""
"""A speaker counts as the user who is credited, else as the owner of the session. Speakers of a
session that was not listed yet are nobody's, and are left out: nobody is no fifth person.

A word after 04:00 may be in a window of the day before.
"""

INTO_WORDS = "INSERT INTO published_words (day, word, users, counts, version)"
WORDS = (
    INTO_WORDS  # noqa: S608 - constants of this module
    + PEOPLE
    + """
    spoken_words AS (
        SELECT word, session_id, speaker FROM word_events FINAL
        WHERE window_day BETWEEN toDate({day:String}) - 1 AND toDate({day:String}) + 1
            AND day = toDate({day:String}) AND """
    + counting()
    + """),
    of_person AS (
        SELECT s.word AS word, if(c.user_id != '', c.user_id, o.owner) AS person, count() AS n
        FROM spoken_words AS s
        LEFT JOIN credited AS c ON c.session_id = s.session_id AND c.speaker = s.speaker
        LEFT JOIN owners AS o ON o.session_id = s.session_id
        GROUP BY word, person HAVING person != ''),
    published AS (
        SELECT word, users, counts, version FROM published_words FINAL
        WHERE day = toDate({day:String})),
    live AS (
        SELECT word, groupArrayArray(us) AS users, groupArrayArray(ns) AS counts FROM (
            SELECT word, groupArray(person) AS us, groupArray(n) AS ns FROM of_person GROUP BY word
            UNION ALL
            SELECT word, [], [] FROM published)
        GROUP BY word)
SELECT toDate({day:String}), l.word, l.users, l.counts, """
    + VERSION
    + """
FROM live AS l LEFT JOIN published AS p ON p.word = l.word
WHERE arrayCount(
    one -> l.counts[indexOf(l.users, one)] != p.counts[indexOf(p.users, one)],
    arrayDistinct(arrayConcat(l.users, p.users))) >= {least:UInt8}
"""
)
INTO_DAYS = "INSERT INTO published_days (day, users, spoken, sessions, version)"
DAYS = (
    INTO_DAYS  # noqa: S608 - constants of this module
    + PEOPLE
    + """
    spoken_by AS (
        SELECT session_id, speaker, n FROM spoken_windows FINAL
        ARRAY JOIN speakers AS speaker, spoken AS n
        WHERE day = toDate({day:String}) AND n > 0),
    of_person AS (
        SELECT if(c.user_id != '', c.user_id, o.owner) AS person, sum(s.n) AS n
        FROM spoken_by AS s
        LEFT JOIN credited AS c ON c.session_id = s.session_id AND c.speaker = s.speaker
        LEFT JOIN owners AS o ON o.session_id = s.session_id
        GROUP BY person HAVING person != ''),
    live AS (
        SELECT groupArray(person) AS users, groupArray(n) AS spoken,
            (SELECT uniqExact(session_id) FROM spoken_by) AS sessions
        FROM of_person),
    published AS (
        SELECT users, spoken, version FROM published_days FINAL WHERE day = toDate({day:String}))
SELECT toDate({day:String}), l.users, l.spoken, l.sessions, """
    + VERSION
    + """
FROM live AS l LEFT JOIN published AS p ON 1 = 1
WHERE arrayCount(
    one -> l.spoken[indexOf(l.users, one)] != p.spoken[indexOf(p.users, one)],
    arrayDistinct(arrayConcat(l.users, p.users))) >= {least:UInt8}
"""
)
INTO_MONTHS = "INSERT INTO published_months (month, word, users, counts, sessions, version)"
MONTHS = (
    INTO_MONTHS  # noqa: S608 - constants of this module
    + """
WITH
    credited AS (
        SELECT user_id, session_id, words, counts FROM user_days FINAL
        WHERE day BETWEEN toDate({month:String}) AND toLastDayOfMonth(toDate({month:String}))),
    of_person AS (
        SELECT word, user_id, sum(n) AS total, uniqExact(session_id) AS in_sessions
        FROM credited ARRAY JOIN words AS word, counts AS n
        WHERE n > 0 GROUP BY word, user_id),
    published AS (
        SELECT word, users, counts, version FROM published_months FINAL
        WHERE month = toDate({month:String})),
    live AS (
        SELECT word, groupArrayArray(us) AS users, groupArrayArray(ns) AS counts,
            groupArrayArray(ss) AS sessions
        FROM (
            SELECT word, groupArray(user_id) AS us, groupArray(total) AS ns,
                groupArray(in_sessions) AS ss
            FROM of_person GROUP BY word
            UNION ALL
            SELECT word, [], [], [] FROM published)
        GROUP BY word)
SELECT toDate({month:String}), l.word, l.users, l.counts, l.sessions, """
    + VERSION
    + """
FROM live AS l LEFT JOIN published AS p ON p.word = l.word
WHERE arrayCount(
    one -> l.counts[indexOf(l.users, one)] != p.counts[indexOf(p.users, one)],
    arrayDistinct(arrayConcat(l.users, p.users))) >= {least:UInt8}
"""
)


def renew_day(warehouse: Commands, day: str) -> None:
    """Renew the cells of a day, an ISO date, that may be renewed. Blocking; repeatable."""
    values = {"day": day, "least": LEAST_CHANGED}
    warehouse.command(WORDS, values)
    warehouse.command(DAYS, values)


def renew_month(warehouse: Commands, month: str) -> None:
    """The same for the month that begins on the day `month`."""
    values = {"month": month, "least": LEAST_CHANGED}
    warehouse.command(MONTHS, values)
