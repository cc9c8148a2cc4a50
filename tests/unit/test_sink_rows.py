"""The rows of every golden example go into tables and columns that the migrations make."""

from datetime import date

import pytest
from msgspec.structs import replace

from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from consumers.sink.table_row import CUTS, partition_of
from deploy.clickhouse.migration_files import tables
from schemas import stages, topics
from schemas.claim_events import SpeakerReleased
from schemas.erasure import TABLES
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.session_events import RequestAccepted, State
from schemas.session_rows import SessionEta, SessionListing, SessionProgress
from schemas.word_events import (
    ProvisionalWordsCounted,
    WordsAttributed,
    WordsCounted,
    WordsCredited,
)
from tests.golden import EXAMPLES, example_of

OF_SINK = [(topic, event) for topic, event in EXAMPLES if topic in stages.SINK.reads]
NAMES = [type(event).__name__ for _, event in OF_SINK]
WITHOUT_ROWS = {
    "ConstrainedSessionSealed",
    "SessionSealed",
    "SessionCompleted",
    "SessionFailed",
    "SessionErased",
    "ErasureSettled",
    "SessionReady",
    "SpeakersConstrained",
    "ProvisionalWordsAttributed",
    "UserErased",
}
"""Events of the sink's topics that the warehouse does not keep: other events say the same."""
COLUMNS = tables()


def record_of(event: Event, topic: Topic = topics.COUNTED) -> Record:
    return Record(topic, 3, 17, event)


@pytest.mark.parametrize(("topic", "event"), OF_SINK, ids=NAMES)
def test_rows_fit_the_tables_of_the_migrations(topic: Topic, event: Event) -> None:
    rows = rows_of(record_of(event, topic))
    for table, columns in rows:
        assert set(columns) <= set(COLUMNS[table])
        assert table in TABLES
    assert bool(rows) == (type(event).__name__ not in WITHOUT_ROWS)


@pytest.mark.parametrize("kind", [SessionProgress, SessionEta, ProvisionalWordsCounted])
def test_a_clock_that_goes_back_hides_no_later_progress(kind: type[Event]) -> None:
    earlier = example_of(kind)
    later = replace(earlier, occurred_at_ms=earlier.occurred_at_ms - 300_000)
    versions = [
        columns["version"]
        for offset, event in enumerate((earlier, later))
        for _, columns in rows_of(Record(topics.PROVISIONAL, 3, offset, event))
    ]
    assert versions == [0, 1]


@pytest.mark.parametrize(("topic", "event"), OF_SINK, ids=NAMES)
def test_rows_of_one_table_have_the_same_columns(topic: Topic, event: Event) -> None:
    shapes: dict[str, set[tuple[str, ...]]] = {}
    for table, columns in rows_of(record_of(event, topic)):
        shapes.setdefault(table, set()).add(tuple(sorted(columns)))
    assert all(len(shape) == 1 for shape in shapes.values())


def test_a_later_listing_replaces_a_former_one_whatever_changed() -> None:
    """The sink may write them in the other order: a worker that was paused writes late."""
    event = replace(example_of(SessionListing), state=State.COMPLETED)
    later = [
        replace(event, state=State.READY),
        replace(event, audio_ms=event.audio_ms + 1),
        replace(event, state=State.PROCESSING, generation=event.generation + 1),
    ]
    former = Record(topics.DIRECTORY, 0, 17, event)
    for changed in later:
        found = rows_of(Record(topics.DIRECTORY, 0, 18, changed))
        for (_, old), (_, new) in zip(rows_of(former), found, strict=True):
            assert int(str(new["version"])) > int(str(old["version"]))


def test_words_that_are_counted_no_longer_are_retracted() -> None:
    event = example_of(WordsCounted)
    fewer = replace(event, rows=event.rows[:1], most_rows=3)
    words = [columns for table, columns in rows_of(record_of(fewer)) if table == "word_events"]
    assert [(row["ordinal"], row["deleted"]) for row in words] == [(0, 0), (1, 1), (2, 1)]
    assert {row["source_offset"] for row in words} == {17}


def test_talk_time_is_on_the_first_day_and_words_that_are_gone_on_none() -> None:
    event = replace(
        example_of(WordsCredited),
        days={"2026-01-02": {"lah": 0}, "2026-01-01": {"lor": 2, "lah": 1}},
        spoken={"2026-01-01": 9},
        talk_ms=5_000,
    )
    first, second = (columns for _, columns in rows_of(record_of(event)))
    assert first["day"] == date(2026, 1, 1)
    assert (first["words"], first["counts"], first["count"]) == (["lah", "lor"], [1, 2], 3)
    assert (first["spoken"], first["talk_ms"]) == (9, 5_000)
    assert (second["words"], second["count"], second["spoken"]) == ([], 0, 0)
    assert second["talk_ms"] == 0


def test_a_session_of_no_group_has_no_row_of_a_group() -> None:
    event = example_of(SessionListing)
    alone = rows_of(record_of(replace(event, group_id=None)))
    erased = replace(event, group_id="group", state=State.ERASED)
    assert [table for table, _ in alone] == ["sessions"]
    assert dict(rows_of(record_of(erased)))["group_sessions"]["gone"] == 1


def test_a_window_without_words_has_no_object() -> None:
    assert rows_of(record_of(replace(example_of(WordsAttributed), words=None))) == []


def test_a_released_speaker_is_nobodys() -> None:
    claim = dict(rows_of(record_of(example_of(SpeakerReleased))))["claims"]
    assert (claim["kind"], claim["user_id"], claim["guest_name"]) == ("", "", "")


def test_who_asked_for_a_change_of_a_session_is_not_written() -> None:
    request = dict(rows_of(record_of(example_of(RequestAccepted))))["requests"]
    assert (request["requested_by"], request["outcome"]) == ("", "accepted")


def test_rows_of_one_insert_go_to_one_partition() -> None:
    december = date(2026, 12, 31)
    january = date(2027, 1, 1)
    for table, cut in CUTS.items():
        assert cut.day in COLUMNS[table]
        parts = {partition_of((table, {cut.day: day})) for day in (december, january)}
        assert len(parts) == 2
    assert partition_of(("claims", {})) == 0
    assert partition_of(("user_days", {"day": date(2026, 1, 1)})) == partition_of(
        ("user_days", {"day": december})
    )
