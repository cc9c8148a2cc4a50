"""A verdict changes every derived row, on the real engine, whatever order the rows come in."""

from datetime import UTC, date, datetime

from adapters.warehouse import Warehouse
from consumers.rollup.step import recompute
from consumers.runtime.outcome import Done, Record
from consumers.sink.step import Sink
from schemas import topics
from schemas.claim_events import CountJudged, Verdict
from schemas.days import unix_ms_of
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.word_events import CountedRow, WordsCounted
from tests.reference.telling import days_named

SESSION = SessionId("0192f3c4-5b6a-7c8d-9e0f-112233445566")
DAY = "2026-11-24"
FIRST_MS = unix_ms_of(datetime(2026, 11, 24, 12, tzinfo=UTC))
S1 = SpeakerLabel("S1")


def counted() -> WordsCounted:
    """Three times lah, and perhaps sian."""
    said = [("lah", False), ("lah", False), ("lah", False), ("sian", True)]
    rows = tuple(
        CountedRow(
            ordinal=n,
            speaker=S1,
            word=word,
            said_at_ms=FIRST_MS + 1000 * n,
            day=DAY,
            probability=0.5,
            reason="exact",
            maybe=maybe,
        )
        for n, (word, maybe) in enumerate(said)
    )
    return WordsCounted(
        occurred_at_ms=1,
        session_id=SESSION,
        window=0,
        generation=1,
        lexicon="1",
        day=DAY,
        rows=rows,
        most_rows=4,
        spoken={S1: 9},
        missing=(),
    )


def judged(version: int, n: int, word: str, verdict: Verdict) -> CountJudged:
    return CountJudged(
        occurred_at_ms=2,
        session_id=SESSION,
        request_id=f"r{version}",
        speaker=S1,
        by=UserId("mei"),
        word=word,
        said_at_ms=FIRST_MS + 1000 * n,
        day=DAY,
        verdict=verdict,
        claim_version=version,
    )


def told(warehouse: Warehouse, *events: WordsCounted | CountJudged) -> dict[str, int]:
    """The day's counts after the events; the days to compute are those that the sink names."""
    sink = Sink(warehouse, lambda: 1)
    for event in events:
        topic = topics.COUNTED if isinstance(event, WordsCounted) else topics.CLAIMS_DECIDED
        outcomes = sink.process([Record(topic, 0, 0, event)])
        assert all(isinstance(one, Done) for one in outcomes)
        recompute(warehouse, days_named(outcomes))
    asked = "SELECT word, count FROM word_daily FINAL WHERE count > 0 AND day = {day:Date}"
    rows = warehouse.query(asked, {"day": str(date.fromisoformat(DAY))})
    daily = {str(row["word"]): int(str(row["count"])) for row in rows}
    assert seen_by_operators(warehouse) == daily
    return daily


def seen_by_operators(warehouse: Warehouse) -> dict[str, int]:
    rows = warehouse.query("SELECT word, count() AS count FROM counted_words GROUP BY word")
    return {str(row["word"]): int(str(row["count"])) for row in rows}


def test_the_days_totals_follow_each_verdict(warehouse: Warehouse) -> None:
    assert told(warehouse, counted()) == {"lah": 3}
    assert told(warehouse, judged(5, 1, "lah", Verdict.STRUCK)) == {"lah": 2}
    said = judged(6, 3, "sian", Verdict.SAID)
    assert told(warehouse, said) == {"lah": 2, "sian": 1}
    assert told(warehouse, judged(7, 1, "lah", Verdict.NONE)) == {"lah": 3, "sian": 1}
    # The log from some place on once more, as after a crash.
    assert told(warehouse, judged(5, 1, "lah", Verdict.STRUCK), said, counted()) == {
        "lah": 3,
        "sian": 1,
    }
