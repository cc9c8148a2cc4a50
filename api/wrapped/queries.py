"""SQL of a user's Wrapped. Each query is asked once for all cards; the server binds parameters."""

VOICES = """
SELECT session_id, words, said_ms,
       if(said_days[1] = said_days[-1], [said_days[1]], said_days) AS said_days,
       days, spoken, talk_ms, company, time_zone, audio_ms
FROM user_voices FINAL WHERE user_id = {user:String}
"""
"""A row for each session and speaker. Arrays, because an answer costs by its rows."""

CHECKSUM = """
SELECT groupBitXor(cityHash64(session_id, speaker, version)) AS mark
FROM user_voices FINAL WHERE user_id = {user:String}
"""
"""Changes whenever a row of VOICES changes; 0 without rows."""

EVERYONE = """
SELECT word, toUInt64(sum(count)) AS total FROM word_daily FINAL
WHERE day BETWEEN toDate({first:String}) AND toDate({last:String})
GROUP BY word HAVING total > 0 ORDER BY word
"""

COHORT = """
SELECT snapshot, totals, people FROM cohorts FINAL
WHERE first = toDate({first:String}) AND last = toDate({last:String})
"""
"""The current snapshot of the period, of everybody; no row when there is none."""

IN_COHORT = """
SELECT snapshot, total, former FROM cohort_people FINAL
WHERE first = toDate({first:String}) AND last = toDate({last:String}) AND user_id = {user:String}
"""
"""The user in the snapshots of the period."""
