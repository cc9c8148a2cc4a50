"""SQL of a user's Wrapped. Each query is asked once for all cards; the server binds parameters."""

VOICES = """
WITH
    left_groups AS (
        SELECT group_id FROM group_members FINAL WHERE user_id = {user:String} AND role = ''
    ),
    out_of_sight AS (
        SELECT session_id FROM group_sessions FINAL WHERE group_id IN left_groups
    )
SELECT session_id, words, said_ms,
       if(said_days[1] = said_days[-1], [said_days[1]], said_days) AS said_days,
       days, spoken, talk_ms, if(session_id IN out_of_sight, [], company) AS company,
       time_zone, audio_ms
FROM user_voices FINAL WHERE user_id = {user:String}
"""
"""A row for each session and speaker. Arrays, because an answer costs by its rows.

Those who are not in a group any more do not see who else speaks in its sessions.
"""

CHECKSUM = """
SELECT bitXor(
    (SELECT groupBitXor(cityHash64(session_id, speaker, version))
     FROM user_voices FINAL WHERE user_id = {user:String}),
    (SELECT groupBitXor(cityHash64(group_id, role, revision))
     FROM group_members FINAL WHERE user_id = {user:String})) AS mark
"""
"""Changes whenever a row of VOICES changes."""

EVERYONE = """
SELECT word, sum(said) AS total, groupArray(day) AS days FROM published_words FINAL
WHERE day BETWEEN toDate({first:String}) AND toDate({last:String}) AND people >= {least:UInt8}
GROUP BY word HAVING total > 0 ORDER BY word
"""
"""From published figures (ADR 0012). Exact sums, less one's own words, would tell what the few
others of a day said; two looks would tell what one of them said between.
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
