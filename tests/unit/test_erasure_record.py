"""Erasures are recorded apart from the servers, and done again after a restore."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.erasure.record import ErasureRecord
from adapters.kafka.partition_log import Copied
from adapters.settings import Settings
from deploy.backup.erased_since import BEFORE_MS, erase_again, owners_in
from deploy.backup.folder import Folder
from deploy.backup.restore import restore
from schemas.codec import encode
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId, UserId
from schemas.limits import DAY_MS
from schemas.people_events import ShareListing, ShareRequested, UserErased, UserErasureRequested
from schemas.phone_events import SessionStarted
from schemas.retention import MARKS_MS
from schemas.session_events import SessionErased
from schemas.session_requests import EraseRequested
from schemas.topics import INBOUND
from tests.fakes import RecordedStatements
from tests.golden import EXAMPLES, example_of
from tests.memory_blob_store import MemoryBlobStore

TAKEN_MS = 1_800_000_000_000


def example(kind: type[Event]) -> Event:
    found = example_of(kind)
    return replace(found, occurred_at_ms=TAKEN_MS + 1, event_id="")


SESSION = example(SessionErased)
PERSON = example(UserErased)
LINK = replace(example(ShareListing), revoked=True, event_id="")


def nobodys() -> dict[SessionId, UserId]:
    """No session began while the backup was taken."""
    return {}


class Now:
    ms = TAKEN_MS

    def __call__(self) -> int:
        return self.ms


def test_erasures_and_ends_of_links_are_kept_and_nothing_else(tmp_path: Path) -> None:
    record = ErasureRecord(tmp_path / "other disk")
    for _, event in EXAMPLES:
        record.note(event)
    kinds = {type(event) for event in record.since(0)}
    assert kinds == {SessionErased, UserErased}
    record.note(LINK)
    assert LINK in list(record.since(0))


def test_what_is_older_is_not_asked_for(tmp_path: Path) -> None:
    record = ErasureRecord(tmp_path, Now())
    record.note(SESSION)
    assert list(record.since(TAKEN_MS)) == [SESSION]
    assert list(record.since(TAKEN_MS + DAY_MS)) == []


def test_an_erasure_is_as_old_as_its_record(tmp_path: Path) -> None:
    """Its request came back from the dead letters after the backup. A restore left it out."""
    record = ErasureRecord(tmp_path, Now())
    asked_long_ago = replace(SESSION, occurred_at_ms=TAKEN_MS - 7 * DAY_MS, event_id="")
    record.note(asked_long_ago)
    assert list(record.since(TAKEN_MS - BEFORE_MS)) == [asked_long_ago]


def test_a_line_that_was_cut_off_is_no_erasure(tmp_path: Path) -> None:
    record = ErasureRecord(tmp_path)
    record.note(SESSION)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes() * 2)
    file.write_bytes(file.read_bytes()[:-9])
    assert list(record.since(0)) == [SESSION]


def test_a_process_with_the_name_of_one_that_was_killed_writes_lines_of_its_own(
    tmp_path: Path,
) -> None:
    """As a container that is started again. Before, no backup could be restored any more."""
    ErasureRecord(tmp_path).note(SESSION)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    ErasureRecord(tmp_path).note(PERSON)
    assert list(ErasureRecord(tmp_path).since(0)) == [PERSON]


def test_records_are_kept_as_long_as_a_backup_may_be_restored(tmp_path: Path) -> None:
    now = Now()
    record = ErasureRecord(tmp_path, now)
    record.note(SESSION)
    for later in (0, MARKS_MS):
        record.forget(TAKEN_MS + later)
        assert list(record.since(0)) == [SESSION]
    record.forget(TAKEN_MS + MARKS_MS + 3 * DAY_MS)
    assert list(record.since(0)) == []


def test_a_record_that_a_clock_which_is_behind_made_is_not_old(tmp_path: Path) -> None:
    """Before, the next look removed it, and a restore brought back what it is about."""
    behind = Now()
    behind.ms = TAKEN_MS - 2 * MARKS_MS
    record = ErasureRecord(tmp_path, behind)
    record.note(SESSION)
    record.forget(TAKEN_MS + DAY_MS)
    assert list(record.since(TAKEN_MS)) == [SESSION]


def test_a_restore_asks_the_folds_as_people_did(tmp_path: Path) -> None:
    now = Now()
    record = ErasureRecord(tmp_path, now)
    for event in (SESSION, PERSON, LINK):
        record.note(event)
    now.ms = TAKEN_MS - BEFORE_MS - DAY_MS
    record.note(replace(SESSION, occurred_at_ms=now.ms, event_id=""))
    blobs = MemoryBlobStore()
    warehouse = RecordedStatements({"SELECT owner": [{"owner": "mei"}]})
    asked: list[tuple[Topic, Event]] = []
    assert erase_again(record, TAKEN_MS, blobs, warehouse, asked.extend, nobodys) == 3
    session, person, link = (event for _, event in asked)
    assert isinstance(SESSION, SessionErased)
    assert isinstance(PERSON, UserErased)
    assert isinstance(session, EraseRequested)
    assert (session.session_id, session.by) == (SESSION.session_id, UserId("mei"))
    assert isinstance(person, UserErasureRequested)
    assert (person.user_id, person.request_id) == (PERSON.user_id, PERSON.request_id)
    assert isinstance(link, ShareRequested)
    assert link.revoke
    assert {table for table, _, _ in warehouse.written} == {"erased_sessions"}
    for topic, event in asked:
        assert type(event) in topic.events


def test_a_session_that_the_backup_does_not_know_is_nobodys(tmp_path: Path) -> None:
    record = ErasureRecord(tmp_path)
    record.note(replace(SESSION, session_id=SessionId("unknown"), event_id=""))
    asked: list[tuple[Topic, Event]] = []
    erase_again(record, TAKEN_MS, MemoryBlobStore(), RecordedStatements(), asked.extend, nobodys)
    assert asked == []


def test_a_session_that_began_while_the_backup_was_taken_stays_erased(tmp_path: Path) -> None:
    """Its start is in the log, and its row is not: before, the fold had it again."""
    record = ErasureRecord(tmp_path / "record")
    started = example_of(SessionStarted)
    record.note(replace(SESSION, session_id=started.session_id, event_id=""))
    folder = Folder(tmp_path / "backup")
    other = replace(started, owner=UserId("another"), event_id="")
    bodies = [b"no event", encode(started), encode(other)]
    place = (INBOUND.name, 3)
    key = started.session_id.encode()
    folder.write_records((place, Copied(n, 7, key, body, {})) for n, body in enumerate(bodies))
    asked: list[tuple[Topic, Event]] = []
    warehouse = RecordedStatements()
    owners = owners_in(folder)
    erase_again(record, TAKEN_MS, MemoryBlobStore(), warehouse, asked.extend, owners)
    ((topic, request),) = asked
    assert topic is INBOUND
    assert isinstance(request, EraseRequested)
    assert (request.session_id, request.by) == (started.session_id, started.owner)


def test_without_its_folder_there_is_no_record(tmp_path: Path) -> None:
    assert list(ErasureRecord(tmp_path / "none").since(0)) == []
    with pytest.raises(FileNotFoundError, match="LAHSTATS_ERASURES_DIR"):
        restore(Settings(data_dir=tmp_path), tmp_path, lambda _: None, tmp_path / "none")
