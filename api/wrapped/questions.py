"""What the cards ask of the warehouse. Every question is asked once for all of them; parameters are bound by the server.

In two rounds: `DAYS` names the sessions that those of the second are about, so that they read only these (`about`).
"""

from collections.abc import Sequence
from datetime import date

from adapters.warehouse import Row

DAYS = """
SELECT day, session_id, words, counts, spoken, talk_ms, cityHash64(day, session_id, speaker, version) AS mark
FROM user_days FINAL WHERE user_id = {user:String}
"""
"""All that was ever credited to the person: a row a day and voice. Arrays, not a row a word: rows are what an answer costs.

What was released is empty, with zeros.
"""

MOMENTS = """
SELECT session_id, words, said_ms, if(days[1] = days[-1], [days[1]], days) AS days, cityHash64(session_id, speaker, version) AS mark
FROM user_moments FINAL WHERE user_id = {user:String} AND notEmpty(words)
"""
"""When each counted word was said: a row a session and voice, each with arrays in order of time; one day when it is the same for all."""

MARK = """
SELECT bitXor(
    (SELECT groupBitXor(cityHash64(day, session_id, speaker, version)) FROM user_days FINAL WHERE user_id = {user:String}),
    (SELECT groupBitXor(cityHash64(session_id, speaker, version)) FROM user_moments FINAL WHERE user_id = {user:String} AND notEmpty(words))
) AS mark
"""
"""Of which versions `DAYS` and `MOMENTS` are, as `Told.mark` has it: another as soon as anything in them is."""

SESSIONS = """
SELECT session_id, time_zone, audio_ms
FROM sessions FINAL
WHERE session_id IN {ever_in:Array(String)} AND state != 'erased'
"""

COMPANY = """
SELECT user_id, uniqExact(session_id) AS together FROM claims FINAL
WHERE session_id IN {part_in:Array(String)} AND kind IN ('self', 'user') AND user_id != {user:String} AND user_id != ''
GROUP BY user_id ORDER BY together DESC, user_id LIMIT 5
"""

EVERYONE = """
SELECT word, toUInt64(sum(count)) AS total FROM word_daily FINAL
WHERE day BETWEEN toDate({first:String}) AND toDate({last:String}) GROUP BY word HAVING total > 0 ORDER BY word
"""

COHORT = """
SELECT length(users) AS people, toUInt64(indexOf(users, {user:String})) AS place, arrayCount(t -> t < totals[place], totals) AS fewer, taken_at
FROM cohorts FINAL WHERE first = toDate({first:String}) AND last = toDate({last:String})
"""
"""The snapshot of the period; `place` 0: the person is not in it."""

EMOJI = "SELECT word, emoji, version FROM lexicon FINAL ORDER BY word"

FIRST = {"days": DAYS, "moments": MOMENTS, "cohort": COHORT, "everyone": EVERYONE, "emoji": EMOJI}
AFTER = {"sessions": SESSIONS, "company": COMPANY}


SHARED = {EVERYONE: ("first", "last"), EMOJI: ()}
"""Questions that are not about the person, by the parameters that they have: the same answer serves everybody for a while."""


def about(days: Sequence[Row], first: date, last: date) -> dict[str, list[str]]:
    """Parameters of the second round: sessions in which the person ever had a voice, and those of the period. What was released is empty."""
    left = [row for row in days if row["spoken"] or row["talk_ms"] or row["counts"]]
    part_in = {row["session_id"] for row in left if first <= row["day"] <= last}
    return {"ever_in": sorted({row["session_id"] for row in left}), "part_in": sorted(part_in)}
