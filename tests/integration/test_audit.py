"""The audit on real servers: nothing differs, then something is broken, found, and mended."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from adapters.objects.s3 import S3BlobStore
from adapters.warehouse import Warehouse
from deploy.audit.audit import audit, audit_and_repair, audit_at_rest
from deploy.audit.report import Difference, Fate
from deploy.audit.span import Span
from deploy.demo.playback import Played
from deploy.devstack.running_stack import RunningStack
from deploy.uuid7 import RANDOM_BITS
from schemas.object_kinds import ATTRIBUTED_WORDS, CHUNK, CLIP
from tests.integration.conftest import silent
from tests.integration.people import Person

# An audit reads all that the log has: late in a run, for a minute. These break things, so those
# tests come before whose audit is of the whole stack.
pytestmark = pytest.mark.early(rank=2)
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
        """The differences of the session; other tests leave some of their own."""
        found = audit(self.stack.settings, self.span).differences
        return [one for one in found if one.session_id == self.session_id]

    def change(self, statement: str) -> None:
        """Run a statement about the session's rows."""
        self.warehouse.command(f"{statement} {ON_DISK}", {"session": self.session_id})


@pytest.fixture(scope="module")
def talk(stack: RunningStack, undisturbed: Played) -> Iterator[Talk]:
    owner = Person(stack.settings, f"audited-{time.time_ns()}")
    silent(stack, owner)
    owner.ask("DELETE", f"/v1/sessions/{silent(stack, owner)}")
    stack.await_quiet()
    warehouse = Warehouse(stack.settings)
    session_id = undisturbed.session_id
    since_ms = made_at_ms(session_id) - 1_500
    yield Talk(stack, warehouse, S3BlobStore(stack.settings), session_id, since_ms)
    warehouse.close()


def made_at_ms(session_id: str) -> int:
    """When the phone made the id, as the id says."""
    return UUID(session_id).int >> RANDOM_BITS


def test_a_session_at_rest_has_no_difference_and_its_chunks_have_fates(talk: Talk) -> None:
    report = audit_at_rest(talk.stack.settings, talk.since_ms)
    mine = [one.sentence() for one in report.differences if one.session_id == talk.session_id]
    assert mine == []
    assert report.sessions >= 1
    # Half of the silent session's chunk has no audio.
    for fate in (Fate.COUNTED, Fate.MISSING, Fate.ERASED):
        assert report.fates[fate] >= 1
    assert report.words > 0


def test_a_row_that_is_lost_is_found_and_written_again(talk: Talk) -> None:
    talk.change(f"ALTER TABLE word_events DELETE WHERE {OF_SESSION} AND ordinal = 0")
    assert {one.where.partition(",")[0] for one in talk.differences()} == {"word_events"}
    mended = audit_and_repair(talk.stack.settings, talk.span, repair=True)
    assert mended.mended
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
