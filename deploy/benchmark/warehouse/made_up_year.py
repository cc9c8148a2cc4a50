"""SQL that makes up a year inside the engine: Python would take hours for a hundred million rows.

`$NAME` is a fragment of this module, filled in by `statement`; `{name:Type}` is a parameter that
the server binds.
"""

from datetime import date
from string import Template

FIRST = date(2025, 1, 1)
DAYS = 365
WORDS_A_SESSION = 400
"""Counted words of one session, by five of the ten people of its group."""
GROUP_SIZE = 10

NAIVE = """
CREATE TABLE IF NOT EXISTS naive_words (
    said_at DateTime64(3, 'UTC'), day Date, user_id String, session_id String,
    speaker LowCardinality(String), word LowCardinality(String)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day) ORDER BY said_at
"""
"""One word table ordered by time: the shape of a first version, and of the first product."""

CHUNK = "numbers({from:UInt64}, {count:UInt64})"
"""Numbers of the sessions of one insert."""
USER = "concat('person-', toString(g * 10 + (k * 2 + s % 2) % 10))"
SPEAKER = "concat('S', toString(k + 1))"
GROUP_ID = "lower(concat('00000000-0000-4000-8000-', leftPad(hex(g), 12, '0')))"
SESSION = f"""
    number AS s, concat('01900000-0000-7000-8000-', lower(leftPad(hex(s), 12, '0'))) AS session_id,
    toDate('{FIRST.isoformat()}') + intDiv(s * {DAYS}, {{sessions:UInt64}}) AS day,
    cityHash64(s) % {{groups:UInt64}} AS g, {GROUP_ID} AS group_id,
    toDateTime64(day, 3, 'UTC') + INTERVAL 12 HOUR AS recorded_at
"""
SAID = f"""
    SELECT s, session_id, day, g, number AS i, i % 5 AS k, {USER} AS user_id, {SPEAKER} AS speaker,
           pow(cityHash64(s, i) % 100000 / 100000, 2.2) AS share,
           {{words:Array(String)}} AS all_words,
           all_words[1 + toUInt32(share * length(all_words))] AS word,
           recorded_at + toIntervalMillisecond(cityHash64(i, s) % 7200000) AS said_at
    FROM (SELECT {SESSION} FROM {CHUNK}) AS one
    CROSS JOIN numbers({WORDS_A_SESSION}) AS i
"""
FRAGMENTS = {
    "CHUNK": CHUNK,
    "USER": USER,
    "SPEAKER": SPEAKER,
    "SESSION": SESSION,
    "SAID": SAID,
    "FIRST": f"toDate('{FIRST.isoformat()}')",
    "LAST": f"toDate('{FIRST.isoformat()}') + {DAYS} - 1",
}
CHUNK_INSERTS = {
    "sessions": """
INSERT INTO sessions
    (session_id, owner, group_id, state, generation, recorded_at, time_zone, audio_ms, version)
SELECT session_id, $USER AS owner, group_id, 'completed', 1, recorded_at,
       'Asia/Singapore', 7200000, 13
FROM (SELECT $SESSION, 0 AS k FROM $CHUNK)
""",
    "group_sessions": """
INSERT INTO group_sessions
SELECT group_id, session_id, recorded_at, 0, 13 FROM (SELECT $SESSION FROM $CHUNK)
""",
    "claims": """
INSERT INTO claims
SELECT session_id, $SPEAKER, 'self', $USER AS user_id, '', user_id, recorded_at, 1
FROM (SELECT $SESSION, arrayJoin(range(5)) AS k FROM $CHUNK)
""",
    "word_events": """
INSERT INTO word_events
SELECT day, session_id, intDiv(i, 20), i % 20, 1, 0, speaker, word, said_at, day,
       0.9, 'exact', false, 'made-up', '', 0, 0
FROM ($SAID)
""",
    "user_days": """
INSERT INTO user_days
SELECT user_id, day, session_id, speaker, groupArray(word), groupArray(n), sum(n), 3000, 1200000, 1
FROM (
    SELECT user_id, day, session_id, speaker, word, count() AS n
    FROM ($SAID) GROUP BY user_id, day, session_id, speaker, word
)
GROUP BY user_id, day, session_id, speaker
""",
    "user_voices": """
INSERT INTO user_voices
SELECT $USER AS user_id, session_id, $SPEAKER,
       groupArray(word), groupArray(toUnixTimestamp64Milli(said_at)), groupArray(day),
       [any(day)], [3000], 1200000,
       arrayFilter(one -> one != user_id, arrayMap(k -> $USER, range(5))),
       'Asia/Singapore', 7200000, 1
FROM (SELECT * EXCEPT (user_id, speaker) FROM ($SAID) ORDER BY said_at)
GROUP BY g, s, session_id, k
""",
    "naive_words": """
INSERT INTO naive_words SELECT said_at, day, user_id, session_id, speaker, word FROM ($SAID)
""",
}
"""By table: the rows of some sessions."""
INSERTS = {
    "users": """
INSERT INTO users (user_id, display_name, findable, on_board, revision)
SELECT concat('person-', toString(number)), concat('Person ', toString(number)), 0, 1, 1
FROM numbers({people:UInt64})
""",
    "groups": """
INSERT INTO groups
SELECT lower(concat('00000000-0000-4000-8000-', leftPad(hex(number), 12, '0'))), 'Group',
       concat('person-', toString(number * 10)),
       arrayMap(k -> concat('person-', toString(number * 10 + k)), range(10)), 1
FROM numbers({groups:UInt64})
""",
    "group_members": """
INSERT INTO group_members
SELECT concat('person-', toString(number * 10 + arrayJoin(range(10)) AS k)),
       lower(concat('00000000-0000-4000-8000-', leftPad(hex(number), 12, '0'))),
       if(k = 0, 'owner', 'member'), now64(3), 1
FROM numbers({groups:UInt64})
""",
    "word_daily": """
INSERT INTO word_daily (day, word, count, speakers, sessions, version)
SELECT day, word, count(), uniq(session_id, speaker), uniq(session_id), 1
FROM word_events GROUP BY day, word
""",
    "published_words": """
INSERT INTO published_words (day, word, users, counts, version)
SELECT day, word, groupArray(user_id), groupArray(n), 1
FROM (
    SELECT day, word, user_id, sum(said) AS n
    FROM user_days ARRAY JOIN words AS word, counts AS said
    GROUP BY day, word, user_id
)
GROUP BY day, word
""",
    "cohort_people": """
INSERT INTO cohort_people
SELECT $FIRST, $LAST, user_id, 1, sum(count), 0 FROM user_days GROUP BY user_id
""",
    "cohorts": """
INSERT INTO cohorts
SELECT $FIRST, $LAST, 1, now64(3), groupArray(total), groupArray(people)
FROM (SELECT total, count() AS people FROM cohort_people GROUP BY total ORDER BY total)
""",
}
"""By table: the rows that depend on all sessions, or on none."""


def statement(template: str) -> str:
    """Return `template` with its fragments. Raises KeyError for one that is unknown."""
    return Template(template).substitute(FRAGMENTS)
