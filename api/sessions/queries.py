"""SQL about sessions. The server binds the parameters; nothing is formatted into a query."""

SESSION = """
SELECT formatRowNoNewline('JSONEachRow', session_id, owner, group_id, state, generation,
    recorded_at, clock_corrected, time_zone, audio_ms, failure) AS fields
FROM sessions FINAL WHERE session_id = {session_id:String} AND state != 'erased'
UNION ALL
SELECT formatRowNoNewline('JSONEachRow', generation AS counted_generation, lexicon, missing,
    speakers)
FROM session_totals FINAL WHERE session_id = {session_id:String}
UNION ALL
SELECT formatRowNoNewline('JSONEachRow', windows, transcribed, voiced, counted)
FROM progress FINAL WHERE session_id = {session_id:String}
UNION ALL
SELECT formatRowNoNewline('JSONEachRow', generation AS clustered_generation, possible_hints, faint)
FROM clusterings FINAL WHERE session_id = {session_id:String}
UNION ALL
SELECT formatRowNoNewline('JSONEachRow', arraySort(groupUniqArray(reason)) AS uncounted)
FROM dead_letters FINAL WHERE session_id = {session_id:String} AND replayed = 0
UNION ALL
SELECT formatRowNoNewline('JSONEachRow',
    arraySort(groupUniqArray(if(user_id = '', claimed_by, user_id))) AS holders)
FROM claims FINAL
WHERE session_id = {session_id:String} AND kind IN ('self', 'user', 'guest')
UNION ALL
SELECT formatRowNoNewline('JSONEachRow', eta_ms)
FROM provisional_etas FINAL WHERE session_id = {session_id:String}
UNION ALL
SELECT formatRowNoNewline('JSONEachRow', speakers AS provisional_speakers,
    talk_ms AS provisional_talk_ms)
FROM provisional_voices FINAL WHERE session_id = {session_id:String}
UNION ALL
SELECT formatRowNoNewline('JSONEachRow', groupArray(provisional) AS provisional_words)
FROM (
    SELECT (speaker, sum(said), sumMap(found))
        ::Tuple(speaker String, spoken_words UInt64, words Map(String, UInt64)) AS provisional
    FROM (SELECT * FROM provisional_words FINAL WHERE session_id = {session_id:String})
    ARRAY JOIN speakers AS speaker, spoken AS said, counts AS found
    GROUP BY speaker
)
SETTINGS date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0
"""
"""Fields of a SessionRow, as a JSON object for each table that has some. Nearly all of the work is
to plan the query. A table costs less in a UNION ALL than in a join, or in a query of its own."""

MARKS = """
SELECT session_id, cityHash64('s', version, state) AS part FROM sessions
WHERE session_id IN {session_ids:Array(String)}
UNION ALL
SELECT session_id, cityHash64('t', version, lexicon, speakers, total_ms) FROM session_totals
WHERE session_id IN {session_ids:Array(String)}
UNION ALL
SELECT session_id, cityHash64('k', generation, possible_hints, faint) FROM clusterings
WHERE session_id IN {session_ids:Array(String)}
UNION ALL
SELECT session_id, cityHash64('p', windows, transcribed, voiced, counted, updated_at) FROM progress
WHERE session_id IN {session_ids:Array(String)}
UNION ALL
SELECT session_id, cityHash64('e', eta_ms, updated_at) FROM provisional_etas
WHERE session_id IN {session_ids:Array(String)}
UNION ALL
SELECT session_id, cityHash64('v', through, updated_at) FROM provisional_voices
WHERE session_id IN {session_ids:Array(String)}
UNION ALL
SELECT session_id, sum(cityHash64('w', window, updated_at)) FROM provisional_words
WHERE session_id IN {session_ids:Array(String)} GROUP BY session_id
UNION ALL
SELECT session_id, cityHash64('c', speaker, version, kind) FROM claims
WHERE session_id IN {session_ids:Array(String)}
UNION ALL
SELECT session_id, sum(cityHash64('d', stage, topic, partition, offset, version)) FROM dead_letters
WHERE session_id IN {session_ids:Array(String)} GROUP BY session_id
"""
"""The parts of a session's mark: their sum. Without FINAL: also a row that is written again, or
merged away, makes another number. Only tables that may have a row for each window are
summed up here."""

STANDING = """
WITH
    roles AS (SELECT group_id, role FROM group_members FINAL WHERE user_id = {user:String}),
    own AS (
        SELECT kind FROM claims FINAL
        WHERE session_id = {session_id:String} AND user_id = {user:String} AND kind != ''
    )
SELECT toBool(owner = {user:String}) AS recorded,
       toBool(group_id IN (SELECT group_id FROM roles WHERE role != '')) AS member,
       toBool(group_id IN (SELECT group_id FROM roles WHERE role = '')) AS left,
       toBool((SELECT countIf(kind IN ('self', 'user')) FROM own) > 0) AS claimed,
       toBool((SELECT countIf(kind = 'tag') FROM own) > 0) AS tagged
FROM sessions FINAL
WHERE session_id = {session_id:String} AND state != 'erased'
"""
"""The caller's relations to a session (`schemas.access`); no row when there is no such session."""

SESSIONS = """
WITH
    of_group AS (
        SELECT session_id FROM group_sessions FINAL WHERE group_id = {group_id:String}
    ),
    left_groups AS (
        SELECT group_id FROM group_members FINAL WHERE user_id = {user:String} AND role = ''
    ),
    claimed AS (
        SELECT session_id FROM claims FINAL
        WHERE user_id = {user:String} AND kind IN ('self', 'user')
    ),
    looked_at AS (
        SELECT session_id FROM of_group
        UNION ALL
        SELECT session_id FROM sessions WHERE {group_id:String} = '' AND owner = {user:String}
        UNION ALL
        SELECT session_id FROM claimed WHERE {group_id:String} = ''
    )
SELECT session_id, group_id, state, recorded_at, time_zone, audio_ms, generation,
       toBool(owner = {user:String}) AS owned
FROM sessions FINAL
WHERE session_id IN looked_at
  AND (
    {group_id:String} != '' OR owner = {user:String}
    OR session_id IN claimed AND group_id NOT IN left_groups
)
  AND state != 'erased' AND ({status:String} = '' OR state = {status:String})
  AND ({before:String} = ''
    OR (recorded_at, session_id) < (fromUnixTimestamp64Milli({before_ms:Int64}), {before:String}))
ORDER BY recorded_at DESC, session_id DESC LIMIT {limit:UInt16}
"""
"""Those that the caller may see without being a member of their group, or all of one group.

`looked_at`: rows of no other session are read."""

SPEAKER_TOTALS = """
SELECT speaker, word, count, spoken, talk_ms, turns, overlap_ms
FROM speaker_totals FINAL WHERE session_id = {session_id:String}
ORDER BY speaker, count DESC, word
"""

COUNTS = """
SELECT e.speaker AS speaker, e.word AS word, e.said_at AS said_at, e.probability AS probability,
       e.maybe AS maybe, v.verdict AS verdict
FROM (
    SELECT * FROM word_events FINAL
    WHERE window_day BETWEEN toDate({day:String}) - 1 AND toDate({day:String}) + 1
      AND session_id = {session_id:String}
) AS e
LEFT JOIN (
    SELECT * FROM verdicts FINAL WHERE session_id = {session_id:String}
) AS v ON v.speaker = e.speaker AND v.word = e.word AND v.said_at = e.said_at
ORDER BY length(speaker), speaker, said_at, word
"""
"""`day`: that of the recording, UTC. A session has at most 12 hours."""

CLIPS = """
SELECT speaker, ordinal, start_ms, end_ms, generation FROM clips FINAL
WHERE session_id = {session_id:String} AND generation = {generation:UInt32}
ORDER BY speaker, ordinal
"""

CLAIMS = """
WITH of_group AS (
    SELECT arrayJoin(members) FROM groups FINAL WHERE group_id IN (
        SELECT group_id FROM sessions FINAL WHERE session_id = {session_id:String}
    )
)
SELECT c.speaker AS speaker, c.kind AS kind, c.user_id AS user_id,
       if(c.kind != 'tag' OR u.findable OR c.user_id IN of_group, u.display_name, '')
           AS display_name,
       c.guest_name AS guest_name, c.claimed_by AS claimed_by, c.claimed_at AS claimed_at
FROM (
    SELECT * FROM claims FINAL WHERE session_id = {session_id:String} AND kind != ''
) AS c
LEFT JOIN (
    SELECT user_id, display_name, findable FROM users FINAL
    WHERE user_id IN (SELECT user_id FROM claims WHERE session_id = {session_id:String})
) AS u ON u.user_id = c.user_id
"""
"""A tag tells its user's name to those who may find them: else whoever guesses an id would learn
the name behind it from a tag, to which nobody agreed."""

TAGS = """
SELECT c.speaker AS speaker, c.claimed_by AS claimed_by, u.display_name AS display_name,
       c.claimed_at AS claimed_at
FROM (
    SELECT * FROM claims FINAL
    WHERE session_id = {session_id:String} AND user_id = {user:String} AND kind = 'tag'
) AS c
LEFT JOIN (
    SELECT user_id, display_name FROM users FINAL
    WHERE user_id IN (SELECT claimed_by FROM claims WHERE session_id = {session_id:String})
) AS u ON u.user_id = c.claimed_by
ORDER BY length(speaker), speaker
"""
"""Tags that wait for the caller's answer; `display_name` is that of the user who tagged."""

CLAIM_CHANGES = """
SELECT speaker, change, kind, user_id, guest_name, changed_by, changed_at FROM claim_changes FINAL
WHERE session_id = {session_id:String} ORDER BY change DESC, speaker LIMIT {limit:UInt16}
"""
"""The latest changes, the newest first."""

CORRECTIONS = """
SELECT correction, undone, kind, speaker, other, speakers, changed_by, changed_at
FROM corrections FINAL
WHERE session_id = {session_id:String} ORDER BY correction DESC, undone DESC LIMIT {limit:UInt16}
"""
"""The latest corrections, the newest first. Each comes after its undoing: no limit parts the two so
that what was undone seems to hold."""

OBJECTS = """
SELECT key, sha256, size FROM session_objects FINAL
WHERE session_id = {session_id:String} AND kind = {kind:String}
  AND generation = {generation:UInt32}
ORDER BY window
"""

MODELS = """
SELECT stage, arraySort(groupUniqArray(model)) AS models FROM window_work FINAL
WHERE session_id = {session_id:String} AND failed = '' GROUP BY stage ORDER BY stage
"""

REQUEST = """
SELECT request_id, session_id, requested_by, outcome, reason, decided_at FROM requests FINAL
WHERE request_id = {request_id:String}
  AND (requested_by = {user:String} OR requested_by = '' AND session_id != '')
"""
"""Requests about a session do not say who asked: the caller must then see the session."""
