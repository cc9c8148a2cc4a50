"""What the cards ask of the warehouse. Every question is asked once for all of them; parameters are bound by the server.

`DAYS` first: it names the sessions that the others are about, so that each reads only those (`about`).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from adapters.warehouse import Row

DAYS = """
SELECT day, session_id, word, toUInt64(sum(count)) AS count_, toUInt64(sum(spoken)) AS spoken_, toUInt64(sum(talk_ms)) AS talk_
FROM user_words FINAL WHERE user_id = {user:String}
GROUP BY day, session_id, word HAVING count_ > 0 OR spoken_ > 0 OR talk_ > 0
ORDER BY day, session_id, word
"""
"""All that was ever credited to the person: a row a day, session and word; the empty word carries spoken words and talk."""

MOMENTS = "SELECT session_id, words, said_ms, days FROM user_moments FINAL WHERE user_id = {user:String} AND notEmpty(words)"
"""When each counted word was said: a row a session and voice, each with arrays in order of time."""

SESSIONS = """
SELECT session_id, toUnixTimestamp64Milli(recorded_at) AS recorded_ms, time_zone, audio_ms
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

AFTER = {"moments": MOMENTS, "sessions": SESSIONS, "company": COMPANY, "everyone": EVERYONE, "cohort": COHORT, "emoji": EMOJI}


def about(rows: Sequence[Row], user: str, first: date, last: date) -> dict[str, Any]:
    """Parameters of the questions after `DAYS`, from its rows: sessions in which the person ever had a voice, and those of the period."""
    return {
        "user": user,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "ever_in": sorted({row["session_id"] for row in rows}),
        "part_in": sorted({row["session_id"] for row in rows if first <= row["day"] <= last}),
    }
