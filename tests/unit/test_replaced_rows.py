"""A dead letter about a row is sent back unless a newer message has set the same row."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from consumers.dlq.letters import replay
from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from schemas import topics
from schemas.codec import encode
from schemas.event import Event
from schemas.people_events import GroupListing, UserListing
from schemas.session_rows import SessionListing
from schemas.word_events import ProvisionalWordsCounted
from tests.golden import example_of
from tests.unit.test_letters import Recorder, letter_about, nothing_newer, written

PROVISIONAL: Sequence[type[Event]] = topics.PROVISIONAL.events
MIGRATIONS = Path("deploy/clickhouse/migrations")


def changed(kind: type[Event], **fields: Any) -> Event:
    return structs.replace(example_of(kind), event_id="", **fields)


@pytest.mark.parametrize("kind", [SessionListing, GroupListing, UserListing, *PROVISIONAL])
def test_a_row_that_was_replaced_does_not_become_the_newest(kind: type[Event]) -> None:
    """The session may have been erased or completed since, and the user may have signed out."""
    letter = letter_about(kind.__name__)
    newer = encode(changed(kind, occurred_at_ms=9))
    recorder = Recorder()
    assert not replay(letter, recorder, lambda _topic, _key: [letter.value, newer], 8)
    assert written(recorder.sent).replayed
    assert len(recorder.sent) == 1
    assert replay(letter, recorder, lambda _topic, _key: [newer, letter.value], 8)
    assert recorder.sent[1].value == letter.value


@pytest.mark.parametrize("kind", PROVISIONAL)
def test_a_provisional_row_is_not_replaced_by_others_of_its_session(kind: type[Event]) -> None:
    """Before, words of a window were not sent back once those of the next one were there."""
    letter = letter_about(kind.__name__)
    others = [example_of(other) for other in PROVISIONAL if other is not kind]
    values = [
        letter.value,
        *map(encode, others),
        encode(changed(ProvisionalWordsCounted, window=77)),
    ]
    recorder = Recorder()
    assert replay(letter, recorder, lambda _topic, _key: values, 8)
    assert recorder.sent[0].value == letter.value
    assert replay(letter, recorder, nothing_newer, 8)


@pytest.mark.parametrize("kind", PROVISIONAL)
def test_what_a_provisional_row_replaces_is_what_its_table_says(kind: type[Event]) -> None:
    [(table, _)] = rows_of(Record(topics.PROVISIONAL, 0, 0, example_of(kind)))
    statements = "".join(path.read_text() for path in MIGRATIONS.glob("*.sql"))
    key = re.search(rf"EXISTS {table} \(.*?ORDER BY \(?([a-z_, ]+)", statements, re.DOTALL)
    has_window = "window" in kind.__struct_fields__
    assert key is not None
    assert key[1].strip() == ("session_id, window" if has_window else "session_id")
