"""What the cards ask of the warehouse. Every question is asked once for all of them; parameters are bound by the server."""

DAYS = """
SELECT day, session_id, word, toUInt64(sum(count)) AS count_, toUInt64(sum(spoken)) AS spoken_, toUInt64(sum(talk_ms)) AS talk_
FROM user_words FINAL WHERE user_id = {user:String}
GROUP BY day, session_id, word HAVING count_ > 0 OR spoken_ > 0 OR talk_ > 0
ORDER BY day, session_id, word
"""
"""Everything that was ever credited to the person: a row a day, session and word; the empty word carries spoken words and talk."""

# The key of word_events leads with the day on which a window starts: a word's own day is that one or the next.
MOMENTS = """
SELECT session_id, word, toUnixTimestamp64Milli(said_at) AS said_ms, day
FROM word_events FINAL
WHERE (window_day, session_id) IN (
    SELECT arrayJoin([day, day - 1]), session_id FROM user_words FINAL
    WHERE user_id = {user:String} AND count > 0 AND day BETWEEN toDate({first:String}) AND toDate({last:String}))
  AND (session_id, speaker) IN (SELECT session_id, speaker FROM user_words FINAL WHERE user_id = {user:String} AND count > 0)
  AND day BETWEEN toDate({first:String}) AND toDate({last:String})
ORDER BY said_ms, session_id, word
"""

SESSIONS = """
SELECT session_id, toUnixTimestamp64Milli(recorded_at) AS recorded_ms, time_zone, audio_ms
FROM sessions FINAL
WHERE session_id IN (SELECT session_id FROM user_words FINAL WHERE user_id = {user:String}) AND state != 'erased'
"""

COMPANY = """
SELECT c.user_id AS user_id, u.display_name AS display_name, uniqExact(c.session_id) AS together
FROM (SELECT * FROM claims FINAL WHERE kind IN ('self', 'user') AND user_id != {user:String} AND user_id != '' AND session_id IN (
    SELECT session_id FROM user_words FINAL
    WHERE user_id = {user:String} AND (count > 0 OR spoken > 0 OR talk_ms > 0) AND day BETWEEN toDate({first:String}) AND toDate({last:String}))) AS c
LEFT JOIN (SELECT user_id, display_name FROM users FINAL) AS u ON u.user_id = c.user_id
GROUP BY user_id, display_name ORDER BY together DESC, user_id LIMIT 5
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

ALL = {"days": DAYS, "moments": MOMENTS, "sessions": SESSIONS, "company": COMPANY, "everyone": EVERYONE, "cohort": COHORT, "emoji": EMOJI}
