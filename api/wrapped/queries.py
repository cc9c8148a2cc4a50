"""What the cards ask of the warehouse. Every question is asked once for all of them; parameters are bound by the server."""

VOICES = """
SELECT session_id, words, said_ms, if(said_days[1] = said_days[-1], [said_days[1]], said_days) AS said_days, days, spoken, talk_ms,
       company, time_zone, audio_ms, cityHash64(session_id, speaker, version) AS mark
FROM user_voices FINAL WHERE user_id = {user:String}
"""
"""All that was ever credited to the person: a row a session and voice. Arrays, not a row a word: rows are what an answer costs.

`said_days` is one day when it is the same for all words. What was released is empty, with zeros.
"""

MARK = "SELECT groupBitXor(cityHash64(session_id, speaker, version)) AS mark FROM user_voices FINAL WHERE user_id = {user:String}"
"""Of which versions `VOICES` is, as `Told.mark` has it: another as soon as anything in it is."""

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

ALL = {"voices": VOICES, "cohort": COHORT, "everyone": EVERYONE, "emoji": EMOJI}

SHARED = {EVERYONE: ("first", "last"), EMOJI: ()}
"""Questions that are not about the person, by the parameters that they have: the same answer serves everybody for a while."""
