"""What analysts are shown: cells renewed only when at least five people's own numbers in them changed (contracts, section 4)."""

from adapters.warehouse import Commands

LEAST_CHANGED = 5
"""Whoever looks before and after learns the sum of what so many people changed, and of nobody alone."""

# `e` has the voices; who is credited with one, else who recorded. A word after 04:00 may lie in a window of the day before.
PERSON = """
LEFT JOIN (
    SELECT DISTINCT session_id, speaker, user_id FROM user_days FINAL WHERE day = toDate({day:String}) AND (count > 0 OR spoken > 0)) AS c
ON c.session_id = e.session_id AND c.speaker = e.speaker
LEFT JOIN (SELECT session_id, owner FROM sessions FINAL WHERE session_id IN (
    SELECT session_id FROM spoken_windows WHERE day BETWEEN toDate({day:String}) - 1 AND toDate({day:String}))) AS o ON o.session_id = e.session_id
"""
WORDS = """
INSERT INTO shown_words (day, word, users, counts, version)
SELECT toDate({day:String}), live.word, live.users, live.counts, {version:UInt64} FROM (
    SELECT word, groupArrayArray(us) AS users, groupArrayArray(cs) AS counts FROM (
        SELECT word, groupArray(person) AS us, groupArray(n) AS cs FROM (
            SELECT e.word AS word, if(c.user_id != '', c.user_id, o.owner) AS person, count() AS n
            FROM (
                SELECT word, session_id, speaker FROM word_events FINAL
                WHERE window_day BETWEEN toDate({day:String}) - 1 AND toDate({day:String}) + 1 AND day = toDate({day:String})) AS e
            PERSON GROUP BY word, person) GROUP BY word
        UNION ALL
        SELECT word, [], [] FROM shown_words FINAL WHERE day = toDate({day:String})) GROUP BY word) AS live
LEFT JOIN (SELECT word, users, counts FROM shown_words FINAL WHERE day = toDate({day:String})) AS held ON held.word = live.word
WHERE arrayCount(u -> live.counts[indexOf(live.users, u)] != held.counts[indexOf(held.users, u)],
                 arrayDistinct(arrayConcat(live.users, held.users))) >= {least:UInt8}
""".replace("PERSON", PERSON)
DAYS = """
INSERT INTO shown_days (day, users, spoken, sessions, version)
SELECT toDate({day:String}), live.users, live.spoken, live.sessions, {version:UInt64} FROM (
    SELECT groupArray(person) AS users, groupArray(said) AS spoken, any(all_sessions) AS sessions FROM (
        SELECT if(c.user_id != '', c.user_id, o.owner) AS person, sum(e.n) AS said,
               (SELECT uniqExact(session_id) FROM spoken_windows FINAL WHERE day = toDate({day:String}) AND arraySum(spoken) > 0) AS all_sessions
        FROM (
            SELECT session_id, speaker, n FROM spoken_windows FINAL ARRAY JOIN speakers AS speaker, spoken AS n
            WHERE day = toDate({day:String}) AND n > 0) AS e
        PERSON GROUP BY person)) AS live
LEFT JOIN (SELECT users, spoken FROM shown_days FINAL WHERE day = toDate({day:String})) AS held ON 1 = 1
WHERE arrayCount(u -> live.spoken[indexOf(live.users, u)] != held.spoken[indexOf(held.users, u)],
                 arrayDistinct(arrayConcat(live.users, held.users))) >= {least:UInt8}
""".replace("PERSON", PERSON)
MONTHS = """
INSERT INTO shown_months (month, word, users, counts, sessions, version)
SELECT toDate({month:String}), live.word, live.users, live.counts, live.sessions, {version:UInt64} FROM (
    SELECT word, groupArrayArray(us) AS users, groupArrayArray(cs) AS counts, groupArrayArray(ss) AS sessions FROM (
        SELECT word, groupArray(user_id) AS us, groupArray(n) AS cs, groupArray(s) AS ss FROM (
            SELECT word, user_id, sum(count) AS n, uniqExact(session_id) AS s FROM user_words FINAL
            WHERE toStartOfMonth(day) = toDate({month:String}) AND day BETWEEN toDate({month:String}) AND toDate({month:String}) + 31
              AND word != '' AND count > 0 GROUP BY word, user_id) GROUP BY word
        UNION ALL
        SELECT word, [], [], [] FROM shown_months FINAL WHERE month = toDate({month:String})) GROUP BY word) AS live
LEFT JOIN (SELECT word, users, counts FROM shown_months FINAL WHERE month = toDate({month:String})) AS held ON held.word = live.word
WHERE arrayCount(u -> live.counts[indexOf(live.users, u)] != held.counts[indexOf(held.users, u)],
                 arrayDistinct(arrayConcat(live.users, held.users))) >= {least:UInt8}
"""


def renew_day(warehouse: Commands, day: str, version: int) -> None:
    """Blocking: the cells of a day that may be renewed are."""
    for statement in (WORDS, DAYS):
        warehouse.command(statement, {"day": day, "version": version, "least": LEAST_CHANGED})


def renew_month(warehouse: Commands, month: str, version: int) -> None:
    """Blocking: the same for the month that begins on the day `month`."""
    warehouse.command(MONTHS, {"month": month, "version": version, "least": LEAST_CHANGED})
