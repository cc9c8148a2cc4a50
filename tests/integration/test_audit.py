"""The audit on real servers: nothing differs, then something is broken, found, and mended."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from adapters.objects.s3 import S3BlobStore
from adapters.warehouse import Warehouse
from deploy.audit.audit import audit, audit_and_repair, audit_at_rest
from deploy.audit.report import Difference, Fate
from deploy.audit.span import Span
from deploy.devstack.running_stack import RunningStack
from schemas.object_kinds import ATTRIBUTED_WORDS, CHUNK, CLIP
from tests.integration.conftest import silent, started
from tests.integration.people import Person

ON_DISK = "SETTINGS mutations_sync = 1"
OF_SESSION = "session_id = {session:String}"


@dataclass(frozen=True)
class Talk:
    """A session that is counted and claimed, and the servers that have it."""

    stack: RunningStack
    warehouse: Warehouse
    blobs: S3BlobStore
    session_id: str
    since_ms: int

    @property
    def span(self) -> Span:
        """The sessions since then, judged at once."""
        return Span(since_ms=self.since_ms, settle_ms=0, look_ms=0)

    def differences(self) -> list[Difference]:
        """The differences of the session and of days; other tests leave some of their own."""
        found = audit(self.stack.settings, self.span).differences
        return [one for one in found if one.session_id in {"", self.session_id}]

    def change(self, statement: str) -> None:
        """Run a statement about the session's rows."""
        self.warehouse.command(f"{statement} {ON_DISK}", {"session": self.session_id})


@pytest.fixture(scope="module")
def talk(stack: RunningStack) -> Iterator[Talk]:
    since_ms = round(time.time() * 1000) - 1_500
    owner = Person(stack.settings, f"audited-{time.time_ns()}")
    session_id = started(stack, owner, None)
    speakers = owner.read(f"/v1/sessions/{session_id}/speakers")["speakers"]
    claim = {"speaker": speakers[0]["speaker"], "claim": "self"}
    owner.done("POST", f"/v1/sessions/{session_id}/claims", claim)
    silent(stack, owner)
    owner.ask("DELETE", f"/v1/sessions/{silent(stack, owner)}")
    stack.await_quiet()
    warehouse = Warehouse(stack.settings)
    yield Talk(stack, warehouse, S3BlobStore(stack.settings), session_id, since_ms)
    warehouse.close()


def test_a_session_at_rest_has_no_difference_and_its_chunks_have_fates(talk: Talk) -> None:
    report = audit_at_rest(talk.stack.settings, talk.since_ms)
    mine = [one.sentence() for one in report.differences if one.session_id == talk.session_id]
    assert mine == []
    assert report.sessions >= 1
    for fate in (Fate.COUNTED, Fate.SILENT, Fate.ERASED):
        assert report.fates[fate] >= 1
    assert report.words > 0


BROKEN = (
    ("word_events", f"ALTER TABLE word_events DELETE WHERE {OF_SESSION} AND ordinal = 0"),
    ("spoken_windows", f"ALTER TABLE spoken_windows DELETE WHERE {OF_SESSION} AND window = 0"),
    ("speaker_totals", f"ALTER TABLE speaker_totals UPDATE count = count + 1 WHERE {OF_SESSION}"),
    ("session_totals", f"ALTER TABLE session_totals DELETE WHERE {OF_SESSION}"),
    ("user_days", f"ALTER TABLE user_days UPDATE spoken = 77 WHERE {OF_SESSION}"),
    ("user_voices", f"ALTER TABLE user_voices DELETE WHERE {OF_SESSION}"),
    ("claims", f"ALTER TABLE claims DELETE WHERE {OF_SESSION}"),
    ("sessions", f"ALTER TABLE sessions UPDATE audio_ms = 1 WHERE {OF_SESSION}"),
    ("word_daily", "ALTER TABLE word_daily UPDATE count = count + 1 WHERE 1"),
)


@pytest.mark.parametrize(("table", "statement"), BROKEN, ids=[table for table, _ in BROKEN])
def test_rows_that_are_lost_or_changed_are_found_and_mended(
    talk: Talk, table: str, statement: str
) -> None:
    assert talk.differences() == []
    talk.change(statement)
    found = talk.differences()
    assert found
    assert all(one.where.startswith(table) for one in found if one.session_id), found
    mended = audit_and_repair(talk.stack.settings, talk.span, repair=True)
    assert mended.mended
    assert talk.differences() == []


def test_a_row_that_nobody_said_is_found_and_removed(talk: Talk) -> None:
    talk.change(
        "INSERT INTO word_events SELECT * REPLACE (900 AS ordinal) FROM word_events "
        "WHERE session_id = {session:String} LIMIT 1"
    )
    (found, *days) = talk.differences()
    assert found.where.startswith("word_events")
    assert all(one.day for one in days)
    audit_and_repair(talk.stack.settings, talk.span, repair=True)
    assert talk.differences() == []


def test_attributed_words_that_are_gone_are_computed_again(talk: Talk) -> None:
    prefix = ATTRIBUTED_WORDS.before("window", session_id=talk.session_id)
    keys = talk.blobs.keys(prefix)
    talk.blobs.delete(keys[:1])
    assert [one.where for one in talk.differences()] == keys[:1]
    audit_and_repair(talk.stack.settings, talk.span, repair=True)
    assert talk.differences() == []


def test_audio_that_is_gone_is_found_and_nothing_can_mend_it(talk: Talk) -> None:
    (key, *_) = talk.blobs.keys(CHUNK.root(talk.session_id))  # type: ignore[arg-type]
    sha256 = key.rpartition("-")[2]
    body, _ = talk.blobs.whole(key)
    talk.blobs.delete([key])
    report = audit_and_repair(talk.stack.settings, talk.span, repair=True)
    assert key in [one.where for one in report.differences]
    talk.blobs.put(key, body, "audio/flac", sha256)
    assert talk.differences() == []


def test_objects_of_nobody_are_found(talk: Talk) -> None:
    nobody = "01900000-0000-7000-8000-000000000000"
    key = CLIP.key(session_id=nobody, generation=1, speaker="S1", ordinal=0)
    talk.blobs.put(key, b"", CLIP.content_type)
    found = audit(talk.stack.settings, talk.span).differences
    assert [one.where for one in found if one.session_id == nobody] == [f"clips/{nobody}/"]
    talk.blobs.delete([key])
