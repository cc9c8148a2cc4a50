"""One row that the warehouse cannot hold is a dead letter; the rows of all others are written."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from adapters.erasure.erasable_rows import Days, erase_rows, mark_session
from adapters.warehouse import Warehouse
from api.sessions import queries
from api.sessions.rows import FieldsRow, SessionRow
from consumers.rollup.step import recompute
from consumers.runtime.bisected import bisected
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from consumers.sink.step import Sink
from schemas import topics
from schemas.days import unix_ms_of
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId
from schemas.letter_events import LetterWritten
from schemas.rejections import Reason
from schemas.session_rows import SessionListing
from schemas.word_events import WordsCounted
from tests.golden import EXAMPLES

YEARS = ("0001", "1969", "1970", "2150", "9999")


def unwatched(records: Sequence[Record], outcomes: Sequence[Outcome]) -> None: ...


def sunk(warehouse: Warehouse, *events: tuple[Topic, Event]) -> list[Outcome]:
    records = [Record(topic, 0, n, event) for n, (topic, event) in enumerate(events)]
    return bisected(Sink(warehouse, lambda: 5), records, unwatched)


def counted(session: str, day: str) -> tuple[Topic, WordsCounted]:
    """Words of a session on a day."""
    [(topic, example)] = [(t, e) for t, e in EXAMPLES if isinstance(e, WordsCounted)]
    rows = tuple(replace(row, day=day) for row in example.rows)
    event = replace(example, session_id=SessionId(session), day=day, rows=rows, event_id="")
    return topic, event


def sessions_with_words(warehouse: Warehouse) -> set[str]:
    rows = warehouse.query("SELECT DISTINCT session_id AS id FROM word_events FINAL")
    return {row["id"] for row in rows}


@pytest.mark.parametrize("year", YEARS)
def test_a_clock_that_is_wrong_costs_its_own_session_alone(warehouse: Warehouse, year: str) -> None:
    good = [counted(f"{year}-good-{n}", "2026-11-23") for n in range(5)]
    bad = counted(f"{year}-bad", f"{year}-01-01")
    outcomes = sunk(warehouse, *good[:3], bad, *good[3:])
    written = sessions_with_words(warehouse)
    assert {event.session_id for _, event in good} <= written
    assert [isinstance(one, Done) for one in outcomes[:3] + outcomes[4:]] == [True] * 5
    if isinstance(outcomes[3], DeadLettered):
        assert outcomes[3].reason in {Reason.ROW_REFUSED, Reason.STEP_FAILED}
        assert bad[1].session_id not in written
    recompute(warehouse, ["2026-11-23"])
    erased = Days.of(unix_ms_of(datetime(int(year), 1, 1, tzinfo=UTC)), 60_000)
    mark_session(warehouse, bad[1].session_id, erased)
    erase_rows(warehouse, bad[1].session_id, erased)


def letter(session: str, offset: int, *, replayed: bool = False) -> tuple[Topic, LetterWritten]:
    [(topic, example)] = [(t, e) for t, e in EXAMPLES if isinstance(e, LetterWritten)]
    event = replace(
        example,
        session_id=SessionId(session),
        offset=offset,
        replayed=replayed,
        event_id="",
    )
    return topic, event


def told(warehouse: Warehouse, session: str) -> list[Reason]:
    """Reasons of what could not be counted, as the owner is told."""
    row = SessionRow.of(warehouse.query(queries.SESSION, {"session_id": session}, row=FieldsRow))
    assert row is not None
    return row.uncounted


def test_a_dead_letter_is_told_until_it_is_sent_back_and_goes_with_its_session(
    warehouse: Warehouse,
) -> None:
    [(topic, example)] = [(t, e) for t, e in EXAMPLES if isinstance(e, SessionListing)]
    session = SessionId("0198-lettered")
    listing = replace(example, session_id=session, event_id="")
    sunk(warehouse, (topic, listing), letter(session, 3), letter("0198-other", 3))
    assert told(warehouse, session) == [Reason.UNDECODABLE_AUDIO]
    records = [Record(topics.LETTERS, 0, 9, letter(session, 3, replayed=True)[1])]
    Sink(warehouse, lambda: 5).process(records)
    assert told(warehouse, session) == []
    sunk(warehouse, letter(session, 4))
    assert told(warehouse, session) == [Reason.UNDECODABLE_AUDIO]
    days = Days.of(listing.recorded_at_ms, listing.audio_ms)
    mark_session(warehouse, session, days)
    erase_rows(warehouse, session, days)
    sunk(warehouse, letter(session, 5))
    left = warehouse.query("SELECT session_id AS id FROM dead_letters FINAL WHERE session_id != ''")
    assert {row["id"] for row in left} == {"0198-other"}
