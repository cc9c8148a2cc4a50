"""A step that writes while a session is erased, over a real store: nothing of it stays."""

from collections.abc import Sequence

import pytest

from adapters.erasure.erasable_objects import ErasableObjects, erase_session, is_erased
from adapters.erasure.guard import ErasureGuard
from adapters.objects.s3 import S3BlobStore
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.outcome import DeadLettered, Done, Dropped, Outcome, Record
from deploy.devstack.running_stack import RunningStack
from deploy.uuid7 import new_session_id
from schemas import topics
from schemas.ids import SessionId
from schemas.object_kinds import CLIP
from schemas.rejections import Reason
from schemas.speech_events import ClipsWanted
from tests.integration.erased_data import objects


@pytest.fixture
def blobs(stack: RunningStack) -> S3BlobStore:
    return S3BlobStore(stack.settings)


def clips_of(session_id: SessionId) -> ClipsWanted:
    return ClipsWanted(
        occurred_at_ms=1,
        session_id=session_id,
        generation=1,
        clips=(),
    )


def late_clip(session_id: str) -> str:
    return CLIP.key(session_id=session_id, generation=1, speaker="S1", ordinal=0)


class Slow:
    """A step that is told in the middle of its work that the session is erased."""

    name = "slow"
    batch_size = 10
    counts_attempts = False
    gather_s = 0.0

    def __init__(self, blobs: S3BlobStore, erased: str) -> None:
        self._blobs = blobs
        self._erased = SessionId(erased)

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        erase_session(self._blobs, self._erased)
        for one in records:
            session_id = one.event.session_id  # type: ignore[attr-defined]
            self._blobs.put(late_clip(session_id), b"late", "audio/flac")
        return [Done() for _ in records]

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        return DeadLettered(reason, detail)


def test_what_is_written_while_a_session_is_erased_is_removed(blobs: S3BlobStore) -> None:
    erased = new_session_id()
    kept = new_session_id()
    wanted = [
        Record(topics.CLIPS_WANTED, 0, n, clips_of(SessionId(session)))
        for n, session in enumerate((erased, kept))
    ]
    step = GuardedStep(Slow(blobs, erased), ErasureGuard(ErasableObjects(blobs)))
    assert step.process(wanted) == [Dropped("erased"), Done()]
    assert (objects(blobs, erased), objects(blobs, kept)) == ([], [late_clip(kept)])
    assert (is_erased(blobs, SessionId(erased)), is_erased(blobs, SessionId(kept))) == (True, False)
    assert step.process(wanted[:1]) == [Dropped("erased")]
    assert objects(blobs, erased) == []
