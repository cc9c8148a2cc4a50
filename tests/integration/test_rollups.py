"""Derived rows equal the facts, on the real engine.

All the same when something is repeated, cut otherwise, claimed, released, erased or counted again.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as with_fields

from adapters.erasure.erasable_rows import Days, erase_rows, mark_session
from adapters.warehouse import Warehouse
from consumers.rollup.step import recompute
from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from schemas.days import unix_ms_of
from schemas.ids import SessionId, UserId
from tests.reference.history import Recorded, Utterance
from tests.reference.six_people import DAY, said_by_all
from tests.reference.strategies import histories
from tests.reference.telling import EMPTIED, days_named, records, tell, tell_more

DERIVED = {
    "word_daily": """SELECT day, word, sum(count) AS n
        FROM word_daily FINAL GROUP BY day, word HAVING n > 0""",
    "user_words": """SELECT user_id, day, word, sum(count) AS n
        FROM user_words WHERE word != '' GROUP BY user_id, day, word HAVING n > 0""",
    "user_days": """SELECT user_id, day, word, sum(n) AS m FROM (SELECT * FROM user_days FINAL)
        ARRAY JOIN words AS word, counts AS n GROUP BY user_id, day, word""",
    "days_of_users": """SELECT user_id, day, sum(count) AS n
        FROM user_days FINAL GROUP BY user_id, day HAVING n > 0""",
    "speaker_totals": """SELECT session_id, speaker, word, sum(count) AS n
        FROM speaker_totals FINAL WHERE word != '' GROUP BY ALL HAVING n > 0""",
}


def truth(sessions: list[Recorded]) -> dict[str, Counter[tuple[object, ...]]]:
    """In plain Python, from what was said in the end."""
    said = [(one, u) for one in sessions for u in one.final]
    owned = [
        (one.owner(u.speaker), one.day(u.at_ms), u.word) for one, u in said if one.owner(u.speaker)
    ]
    return {
        "word_daily": Counter((one.day(u.at_ms), u.word) for one, u in said),
        "user_words": Counter(owned),
        "user_days": Counter(owned),
        "days_of_users": Counter((owner, day) for owner, day, _ in owned),
        "speaker_totals": Counter((one.session_id, u.speaker, u.word) for one, u in said),
    }


def batches(told: list[Record], cuts: list[int], repeated: list[int]) -> Iterator[list[Record]]:
    """The log as a sink gets it that crashes now and then.

    Cut anywhere, and from some places on once more, cut otherwise.
    """
    starts = sorted({0, *(cut % len(told) for cut in cuts), len(told)})
    for start, end in pairwise(starts):
        yield told[start:end]
        for back in repeated:
            if start <= back % len(told) < end:
                yield told[back % len(told) : end]


def erase(warehouse: Warehouse, session: Recorded) -> tuple[str, ...]:
    """As the stage `erasure` does, between any two batches of the sink; the days that changed."""
    session_id = SessionId(session.session_id)
    days = Days.of(session.start_ms, session.length_ms)
    mark_session(warehouse, session_id, days)
    erase_rows(warehouse, session_id, days)
    return days.each()


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    histories(),
    st.lists(st.integers(0, 999), max_size=6),
    st.lists(st.integers(0, 999), max_size=3),
    st.dictionaries(st.integers(0, 9), st.integers(0, 9), max_size=2),
)
def test_rollups_equal_what_was_said(
    warehouse: Warehouse,
    sessions: list[Recorded],
    cuts: list[int],
    repeated: list[int],
    erased: dict[int, int],
) -> None:
    for table in (*EMPTIED, "speaker_totals", "erased_sessions"):
        warehouse.command(f"TRUNCATE TABLE {table}")
    told = [record for one in sessions for record in records(one)]
    sink = Sink(warehouse, lambda: 1)
    written = list(batches(told, cuts, repeated))
    gone = {number % len(sessions): batch % len(written) for number, batch in erased.items()}
    for number_of_batch, batch in enumerate(written):
        for number in (number for number, before in gone.items() if before == number_of_batch):
            recompute(warehouse, erase(warehouse, sessions[number]))
        recompute(warehouse, days_named(sink.process(batch)))
    wanted = truth([one for number, one in enumerate(sessions) if number not in gone])
    for table, question in DERIVED.items():
        rows = [tuple(row.values()) for row in warehouse.query(question)]
        assert (
            Counter(
                {
                    (
                        *(value if isinstance(value, date) else str(value) for value in row[:-1]),
                    ): int(row[-1])
                    for row in rows
                }
            )
            == wanted[table]
        )


def test_a_word_after_four_that_is_no_longer_counted_leaves_its_own_day(
    warehouse: Warehouse,
) -> None:
    for table in (*EMPTIED, "speaker_totals", "erased_sessions"):
        warehouse.command(f"TRUNCATE TABLE {table}")
    start = unix_ms_of(
        datetime(2028, 3, 1, 19, 59, 50, tzinfo=UTC)
    )  # ten seconds before 04:00 in Singapore
    said = (Utterance("S1", "lah", 5_000), Utterance("S1", "lor", 15_000))
    one = Recorded(
        "m1", start, "Asia/Singapore", 60_000, {"S1": 9_000}, {"S1": 9}, said, (), said[:1]
    )
    sink = Sink(warehouse, lambda: 1)
    told = records(one)
    for record in told:
        recompute(warehouse, days_named(sink.process([record])))
    assert warehouse.query(DERIVED["word_daily"]) == [
        {"day": date(2028, 3, 1), "word": "lah", "n": 1}
    ]


def published(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """The published words of all days, by how many people."""
    rows = warehouse.query("SELECT word, people FROM published_words FINAL ORDER BY word")
    return [tuple(row.values()) for row in rows]


def test_voices_of_nobody_are_published_when_their_session_is_listed_last(
    warehouse: Warehouse,
) -> None:
    """Before, the listing named the owner and renewed nothing: the day stayed without them."""
    tell(warehouse, [])
    sink = Sink(warehouse, lambda: 1)
    listings: list[Record] = []
    counts: list[Record] = []
    for number, one in enumerate(said_by_all("lah")):
        listing, *others = records(replace(one, claims=()))
        owned = with_fields(listing.event, owner=UserId(f"p{number}"), event_id="")
        listings.append(Record(listing.topic, 0, number, owned))
        counts += others
    recompute(warehouse, days_named(sink.process(counts)))
    assert published(warehouse) == []
    recompute(warehouse, days_named(sink.process(listings)))
    assert published(warehouse) == [("lah", 6)]


COMPUTED = (
    "SELECT word, count AS n FROM word_daily FINAL ORDER BY word",
    "SELECT word, arraySum(counts) AS n FROM published_words FINAL ORDER BY word",
)


def test_a_maybe_is_in_no_derived_row(warehouse: Warehouse) -> None:
    tell(warehouse, [])
    tell_more(warehouse, said_by_all("lah", "lor"))
    rows = "INSERT INTO word_events SELECT * REPLACE (generation + 1 AS generation, true AS maybe) "
    warehouse.command(rows + "FROM word_events WHERE word = 'lor'")
    recompute(warehouse, [DAY])
    for question in COMPUTED:
        counts = {str(row["word"]): row["n"] for row in warehouse.query(question)}
        assert (counts["lah"], counts.get("lor", 0)) == (6, 0)
