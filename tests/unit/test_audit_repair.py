"""Repairs write the rows that a replay would write; orphans are of no session in the log."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import msgspec
import pytest
from msgspec.structs import replace

from adapters.erasure.erasable_rows import Days
from deploy.audit.by_rows import ByRows
from deploy.audit.orphans import OF_NOBODY, Orphans
from deploy.audit.pace import Pace
from deploy.audit.questions import QUESTIONS, are_still
from deploy.audit.recount import Counters, Recounting
from deploy.audit.repair import Repair
from deploy.audit.report import Mend
from schemas.ids import SessionId
from schemas.object_kinds import ATTRIBUTED_WORDS, EXPIRY_MARKER, expired_prefixes
from tests import recorded_sessions
from tests.audit_breaks import Break, double, orphan, other, world
from tests.audited import WINDOW_MS, Audited, audited
from tests.fakes import RecordedStatements
from tests.guide.phone import SESSION

NOBODY = SessionId("nobody")
DAYS = Days(date(2026, 1, 1), date(2026, 12, 31))


def mended(one: Audited, *, is_still: bool = True) -> RecordedStatements:
    """The statements of a repair of everything that is found. `is_still`: as it was found."""
    warehouse = RecordedStatements()
    recounted = Recounting(one.blobs, Counters(one.blobs), lambda: None).recount(one.facts)
    found = one.judged().differences
    Repair(warehouse, one.blobs, lambda: 1).mend(one.facts, recounted, found, lambda: is_still)
    return warehouse


def test_a_lost_row_is_written_again_and_its_days_are_computed() -> None:
    one = audited(recorded_sessions.claimed())
    lost = one.rows.words.pop()
    warehouse = mended(one)
    rows = [
        dict(zip(columns, row, strict=True))
        for table, columns, rows in warehouse.written
        if table == "word_events"
        for row in rows
    ]
    mine = [row for row in rows if (row["window"], row["ordinal"]) == (lost.window, lost.ordinal)]
    assert [(row["word"], row["generation"]) for row in mine] == [(lost.word, lost.generation)]
    assert any("word_daily" in sql for sql, _ in warehouse.commands)
    assert not any("DELETE" in sql for sql, _ in warehouse.commands)


def test_a_row_of_nobody_is_deleted_by_its_key() -> None:
    one = audited(recorded_sessions.claimed())
    row = next(row for row in one.rows.days if row.count)
    one.rows.days.append(replace(row, user_id="nobody", talk_ms=0))
    deletions = [values for sql, values in mended(one).commands if "DELETE" in sql]
    assert deletions == [
        {
            "session": SESSION,
            "user_id": "nobody",
            "speaker": row.speaker,
            "day": str(row.day),
        }
    ]


def test_rows_that_changed_since_they_were_read_are_left_to_the_next_audit() -> None:
    """The sink wrote a newer generation meanwhile: its row would be deleted by the same key."""
    one = audited(recorded_sessions.claimed())
    row = next(row for row in one.rows.days if row.count)
    one.rows.days.append(replace(row, user_id="nobody"))
    warehouse = mended(one, is_still=False)
    assert (warehouse.commands, warehouse.written) == ([], [])


def test_rows_are_the_same_in_any_order_and_not_when_one_is_newer() -> None:
    one = audited(recorded_sessions.claimed())
    answers = {
        f"FROM {question.table} FINAL": msgspec.to_builtins(getattr(one.rows, question.into)[::-1])
        for question in QUESTIONS
    }
    warehouse = RecordedStatements(answers)
    assert are_still(warehouse, SESSION, one.rows)
    newer = replace(one.rows.totals[0], generation=one.rows.totals[0].generation + 1)
    one.rows.totals[0] = newer
    assert not are_still(warehouse, SESSION, one.rows)


def test_attributed_words_are_computed_again() -> None:
    one = audited(recorded_sessions.claimed())
    before = one.blobs.contents()
    found = [event.words.key for event in one.facts.attributed.values() if event.words]
    one.blobs.delete(found[:1])
    mended(one)
    assert one.blobs.contents() == before
    assert ATTRIBUTED_WORDS.matches(found[0])
    assert one.judged().differences == ()


def test_objects_of_an_erased_session_are_erased_again() -> None:
    one = audited(recorded_sessions.erased())
    assert one.judged().differences == ()
    key = ATTRIBUTED_WORDS.key(session_id=SESSION, window=0, sha256="0" * 64)
    one.blobs.put(key, b"", "")
    assert [found.mend for found in one.judged().differences] == [Mend.ERASE_AGAIN]
    mended(one)
    assert not one.blobs.has(key)


@dataclass
class OneFolder:
    """A store with one folder of clips."""

    names: list[str] = field(default_factory=lambda: [NOBODY])

    def folders(self, prefix: str) -> Iterator[str]:
        """Those of clips alone."""
        yield from self.names if prefix == "clips/" else ()


def test_folders_and_rows_that_no_session_has_are_orphans_until_the_log_knows_it() -> None:
    warehouse = RecordedStatements({f"FROM claims WHERE {OF_NOBODY}": [{"session_id": NOBODY}]})
    orphans = Orphans(OneFolder(), warehouse, DAYS, Pace(per_s=1e9))
    assert [one.where for one in orphans.differences()] == ["claims", "clips/nobody/"]
    orphans.know(NOBODY)
    assert list(orphans.differences()) == []


def test_the_row_of_a_dead_letter_needs_no_session() -> None:
    """The log may have lost the beginning of its session: that is why the message was rejected."""
    rows = {f"FROM dead_letters WHERE {OF_NOBODY}": [{"session_id": NOBODY}]}
    orphans = Orphans(OneFolder([]), RecordedStatements(rows), DAYS, Pace(per_s=1e9))
    assert list(orphans.differences()) == []


def forgotten_and_mended(one: Audited) -> RecordedStatements:
    """The statements of a repair of a session whose beginning has left the log."""
    warehouse = RecordedStatements()
    objects = frozenset(one.blobs.contents())
    by_rows = ByRows(one.blobs, Counters(one.blobs), lambda: None)
    recounted = by_rows.recount(one.facts, one.rows, objects, WINDOW_MS)
    found = one.judged().differences
    assert found
    Repair(warehouse, one.blobs, lambda: 1).mend(one.facts, recounted, found, lambda: True)
    return warehouse


@pytest.mark.parametrize(
    "broken",
    [
        other("speakers", "speaker_totals", count=77),
        double("days", "user_days"),
        other("days", "user_days", count=77),
        other("voices", "user_voices", company=["nobody"], time_zone="UTC"),
        orphan("days", "user_days", user_id="nobody", talk_ms=0),
    ],
)
def test_no_row_is_deleted_that_nothing_in_the_log_can_write_again(broken: Break) -> None:
    """Before, the repair of a talk of last week deleted its totals, and what people have of it."""
    one = world()
    broken(one, 1)
    assert not [sql for sql, _ in forgotten_and_mended(one.forgotten()).commands if "DELETE" in sql]


def test_a_row_is_mended_whose_event_the_log_has() -> None:
    """Somebody claimed a voice of an older talk yesterday."""
    one = world()
    other("days", "user_days", count=77)(one, 1)
    later = one.forgotten()
    later.facts.words_credited = one.facts.words_credited
    warehouse = forgotten_and_mended(later)
    assert [sql for sql, _ in warehouse.commands if "DELETE" in sql]
    assert "user_days" in {table for table, _, _ in warehouse.written}


def test_words_whose_text_has_expired_are_not_written_again() -> None:
    """Before, they were written with the probability 0: the audit does not read theirs."""
    one = world().forgotten()
    for prefix in expired_prefixes(SESSION):
        one.blobs.delete(one.blobs.keys(prefix))
    one.blobs.put(EXPIRY_MARKER.key(session_id=SESSION), b"", "")
    one.rows.listed.clear()
    written = {table for table, _, _ in forgotten_and_mended(one).written}
    assert written == {"sessions"}


def test_words_of_last_week_are_written_again_and_stay_where_their_window_lost_its_row() -> None:
    one = world()
    del one.rows.spoken[0]
    warehouse = forgotten_and_mended(one.forgotten())
    assert not [sql for sql, _ in warehouse.commands if "DELETE" in sql]
    assert {"spoken_windows", "word_events"} <= {table for table, _, _ in warehouse.written}


def told_twice(one: Audited) -> dict[str, int]:
    """Overlap as it was told before three at once were heard as one; by speaker as it is now."""
    right = {row.speaker: row.overlap_ms for row in one.rows.speakers if not row.word}
    assert one.facts.totals is not None
    speakers = [
        replace(speaker, overlap_ms=speaker.overlap_ms + 900)
        for speaker in one.facts.totals.speakers
    ]
    one.facts.totals = replace(one.facts.totals, speakers=tuple(speakers))
    one.rows.speakers = [
        row if row.word else replace(row, overlap_ms=row.overlap_ms + 900)
        for row in one.rows.speakers
    ]
    return {str(label): overlap_ms for label, overlap_ms in right.items()}


def test_overlap_that_the_log_has_otherwise_is_written_as_the_turns_say() -> None:
    """Before, the rows of the log were written once more, and each audit named them again."""
    one = audited(recorded_sessions.claimed())
    right = told_twice(one)
    written: dict[str, int] = {}
    for table, columns, rows in mended(one).written:
        for row in rows if table == "speaker_totals" else ():
            values = dict(zip(columns, row, strict=True))
            if not values["word"]:
                written[values["speaker"]] = values["overlap_ms"]
    assert written == right


def test_overlap_of_last_week_is_mended_alone() -> None:
    """Before, nothing could mend it: the log has the totals no more."""
    one = audited(recorded_sessions.claimed())
    right = told_twice(one)
    warehouse = forgotten_and_mended(one.forgotten())
    assert not [sql for sql, _ in warehouse.commands if "DELETE" in sql]
    updates = [values for sql, values in warehouse.commands if "UPDATE overlap_ms" in sql]
    assert {values["speaker"]: values["overlap_ms"] for values in updates} == right
    assert {values["session"] for values in updates} == {SESSION}
