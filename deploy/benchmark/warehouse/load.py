"""A made-up year, made by the engine itself: Python would take hours for a hundred million rows."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from adapters.warehouse import Warehouse

FIRST, DAYS = date(2025, 1, 1), 365
A_SESSION = 400
"""Counted words of one session, by five of the ten people of its group."""
GROUP_SIZE, SPEAKERS = 10, 5
CHUNK = 5_000
"""Sessions an insert: two million rows."""
Seen = Callable[[float, str], None]

NAIVE = """
CREATE TABLE IF NOT EXISTS naive_words (
    said_at DateTime64(3, 'UTC'), day Date, user_id String, session_id String, speaker LowCardinality(String), word LowCardinality(String)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day) ORDER BY said_at
"""
"""One word table ordered by time: what a first version would have, and the first product's shape."""

SESSION = """
    number AS s, concat('01900000-0000-7000-8000-', lower(leftPad(hex(s), 12, '0'))) AS session_id,
    toDate('FIRST') + intDiv(s * DAYS, {sessions:UInt64}) AS day, cityHash64(s) % {groups:UInt64} AS g,
    lower(concat('00000000-0000-4000-8000-', leftPad(hex(g), 12, '0'))) AS group_id,
    toDateTime64(day, 3, 'UTC') + INTERVAL 12 HOUR AS recorded_at
"""
USER = "concat('person-', toString(g * 10 + (k * 2 + s % 2) % 10))"
SAID = """
    SELECT s, session_id, day, g, number AS i, i % 5 AS k, USER AS user_id, concat('S', toString(k + 1)) AS speaker,
           {words:Array(String)}[1 + toUInt32(pow(cityHash64(s, i) % 100000 / 100000, 2.2) * length({words:Array(String)}))] AS word,
           recorded_at + toIntervalMillisecond(cityHash64(i, s) % 7200000) AS said_at
    FROM (SELECT SESSION FROM numbers({from:UInt64}, {count:UInt64})) AS one CROSS JOIN numbers(A_SESSION) AS i
"""
INSERTS = {
    "sessions": """
        INSERT INTO sessions SELECT session_id, USER AS owner, group_id, 'completed', 1, recorded_at, 'Asia/Singapore', 7200000, 13
        FROM (SELECT SESSION, 0 AS k FROM numbers({from:UInt64}, {count:UInt64}))""",
    "group_sessions": """
        INSERT INTO group_sessions SELECT group_id, session_id, recorded_at, 0, 13
        FROM (SELECT SESSION FROM numbers({from:UInt64}, {count:UInt64}))""",
    "claims": """
        INSERT INTO claims SELECT session_id, concat('S', toString(k + 1)), 'self', USER AS user_id, '', user_id, recorded_at, 1
        FROM (SELECT SESSION, arrayJoin(range(5)) AS k FROM numbers({from:UInt64}, {count:UInt64}))""",
    "word_events": """
        INSERT INTO word_events SELECT day, session_id, intDiv(i, 20), i % 20, 1, 0, speaker, word, said_at, day, 0.9, 'exact', 'made-up', '', 0, 0
        FROM (SAID)""",
    "user_days": """
        INSERT INTO user_days
        SELECT user_id, day, session_id, speaker, groupArray(word), groupArray(n), sum(n), 3000, 1200000, 1
        FROM (SELECT user_id, day, session_id, speaker, word, count() AS n FROM (SAID) GROUP BY user_id, day, session_id, speaker, word)
        GROUP BY user_id, day, session_id, speaker""",
    "user_voices": """
        INSERT INTO user_voices
        SELECT USER AS user_id, session_id, concat('S', toString(k + 1)), groupArray(word), groupArray(toUnixTimestamp64Milli(said_at)),
               groupArray(day), [any(day)], [3000], 1200000, arrayFilter(one -> one != user_id, arrayMap(k -> USER, range(5))),
               'Asia/Singapore', 7200000, 1
        FROM (SELECT * EXCEPT (user_id, speaker) FROM (SAID) ORDER BY said_at) GROUP BY g, s, session_id, k""",
    "naive_words": "INSERT INTO naive_words SELECT said_at, day, user_id, session_id, speaker, word FROM (SAID)",
}
ONCE = {
    "users": """
        INSERT INTO users SELECT concat('person-', toString(number)), concat('Person ', toString(number)), 0, 1, 0, 1
        FROM numbers({people:UInt64})""",
    "groups": """
        INSERT INTO groups SELECT lower(concat('00000000-0000-4000-8000-', leftPad(hex(number), 12, '0'))), 'Group',
               concat('person-', toString(number * 10)), arrayMap(k -> concat('person-', toString(number * 10 + k)), range(10)), 1
        FROM numbers({groups:UInt64})""",
    "group_members": """
        INSERT INTO group_members SELECT concat('person-', toString(number * 10 + arrayJoin(range(10)) AS k)),
               lower(concat('00000000-0000-4000-8000-', leftPad(hex(number), 12, '0'))), if(k = 0, 'owner', 'member'), now64(3), 1
        FROM numbers({groups:UInt64})""",
    "word_daily": """
        INSERT INTO word_daily (day, word, count, speakers, sessions, version)
        SELECT day, word, count(), uniq(session_id, speaker), uniq(session_id), 1 FROM word_events GROUP BY day, word""",
    "cohorts": """
        INSERT INTO cohorts SELECT toDate('FIRST'), toDate('FIRST') + DAYS - 1, now64(3), groupArray(user_id), groupArray(total)
        FROM (SELECT user_id, sum(count) AS total FROM user_days GROUP BY user_id ORDER BY user_id)""",
}


def load(warehouse: Warehouse, words: list[str], rows: int, people: int, seen: Seen) -> None:
    """Blocking, minutes. `rows` counted words of `people`, in both shapes; then waits until the engine has merged its parts."""
    warehouse.command(NAIVE)
    sessions = rows // A_SESSION
    sizes = {"sessions": sessions, "groups": people // GROUP_SIZE, "people": people}
    for start in range(0, sessions, CHUNK):
        if sessions - start <= CHUNK:
            _merge(warehouse, seen)
        asked = {**sizes, "from": start, "count": min(CHUNK, sessions - start), "words": words}
        for name, insert in INSERTS.items():
            warehouse.command(_whole(insert), asked)
            seen(start / sessions, name)
    for name, insert in ONCE.items():
        warehouse.command(_whole(insert), sizes)
        seen(1.0, name)
    _await_merges(warehouse, seen)


MERGED = ("user_days", "user_voices", "sessions", "claims")


def _merge(warehouse: Warehouse, seen: Seen) -> None:
    """What the server does with parts of the day before (`min_age_to_force_merge_seconds`); the last chunk, a week of the year, stays as it comes."""
    for table in MERGED:
        seen(1.0, f"merging {table}")
        warehouse.command(f"OPTIMIZE TABLE {table} FINAL")


def _whole(statement: str) -> str:
    named = {
        "SAID": SAID,
        "SESSION": SESSION,
        "USER": USER,
        "FIRST": FIRST.isoformat(),
        "DAYS": str(DAYS),
        "A_SESSION": str(A_SESSION),
    }
    for name in ("SAID", "A_SESSION", "SESSION", "USER", "FIRST", "DAYS"):
        statement = statement.replace(name, named[name])
    return statement


def _await_merges(warehouse: Warehouse, seen: Seen) -> None:
    began = datetime.now(UTC)
    while (datetime.now(UTC) - began).total_seconds() < 600:
        left = int(warehouse.query("SELECT count() AS n FROM system.merges")[0]["n"])
        if not left:
            return
        seen(1.0, f"{left} merges")
