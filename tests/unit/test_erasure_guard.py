"""Nothing of an erased session is written, whenever its marker appears."""

from collections.abc import Sequence
from typing import Any

import pytest

from adapters.erasure.erasable_objects import (
    ErasableObjects,
    ErasableTexts,
    erase_session,
    expire_text,
)
from adapters.erasure.guard import ErasureGuard
from adapters.objects.lexicons import shipped_lexicon
from adapters.process.retry import TransientError
from adapters.settings import Settings
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.outcome import DeadLettered, Done, Dropped, Outcome, Record
from schemas import stages, topics
from schemas.event import Event
from schemas.ids import EventId, SessionId
from schemas.object_kinds import CLIP, ERASURE_MARKER, EXPIRY_MARKER, TRANSCRIBED_WORDS
from schemas.rejections import Reason, Rejected
from schemas.session_events import SessionErased
from schemas.speech_events import ClipsWanted
from schemas.stage_kinds import Fold
from streams.attribution.state import SessionJoin
from streams.fold import Outputs
from streams.guarded import guarded
from streams.main import folds, rules_of
from streams.store import Store
from streams.tally.state import TalliedSession
from tests.memory_blob_store import MemoryBlobStore

ONE = SessionId("one")
OTHER = SessionId("other")
EMPTY: dict[str, bytes] = {}
ERASED = SessionErased(
    occurred_at_ms=1,
    session_id=ONE,
    caused_by=EventId("request"),
    request_id="request",
    recorded_at_ms=1,
    audio_ms=1,
)


def clip_of(session_id: SessionId) -> str:
    return CLIP.key(session_id=session_id, generation=1, speaker="S1", ordinal=0)


def marker_of(session_id: SessionId) -> str:
    return ERASURE_MARKER.key(session_id=session_id)


def wanted(session_id: SessionId) -> ClipsWanted:
    return ClipsWanted(occurred_at_ms=1, session_id=session_id, generation=1, clips=())


def record(session_id: SessionId) -> Record:
    return Record(topics.CLIPS_WANTED, 0, 0, wanted(session_id))


def session_of(event: Event) -> SessionId:
    assert isinstance(event, ClipsWanted)
    return event.session_id


class Clipping:
    """Writes one object for each message. `erased_meanwhile` is erased before the first write."""

    name = "clipping"
    batch_size = 10
    counts_attempts = True
    gather_s = 0.1

    def __init__(self, blobs: MemoryBlobStore, erased_meanwhile: SessionId | None = None) -> None:
        self._blobs = blobs
        self._erased_meanwhile = erased_meanwhile

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        if self._erased_meanwhile is not None:
            erase_session(self._blobs, self._erased_meanwhile)
        for one in records:
            self._blobs.put(clip_of(session_of(one.event)), b"clip", CLIP.content_type)
        return [Done() for _ in records]

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        return DeadLettered(reason, f"offset {record.offset}: {detail}")


def step_over(blobs: MemoryBlobStore, erased_meanwhile: SessionId | None = None) -> GuardedStep:
    return GuardedStep(Clipping(blobs, erased_meanwhile), ErasureGuard(ErasableObjects(blobs)))


def test_without_a_marker_the_step_works_as_if_unguarded() -> None:
    blobs = MemoryBlobStore()
    assert step_over(blobs).process([record(ONE), record(OTHER)]) == [Done(), Done()]
    assert blobs.keys("") == [clip_of(ONE), clip_of(OTHER)]


def test_a_session_that_is_marked_before_is_left_alone() -> None:
    blobs = MemoryBlobStore()
    erase_session(blobs, ONE)
    outcomes = step_over(blobs).process([record(ONE), record(OTHER), record(ONE)])
    assert outcomes == [Dropped("erased"), Done(), Dropped("erased")]
    assert set(blobs.written) == {marker_of(ONE), clip_of(OTHER)}


def test_what_the_step_wrote_goes_when_the_marker_appears_meanwhile() -> None:
    blobs = MemoryBlobStore()
    outcomes = step_over(blobs, ONE).process([record(ONE), record(OTHER)])
    assert outcomes == [Dropped("erased"), Done()]
    assert clip_of(ONE) in blobs.written
    assert blobs.keys("") == sorted([clip_of(OTHER), marker_of(ONE)])


class Away(ErasableObjects):
    """The store is away when it is asked for the second time, once."""

    looks = 0

    def erased(self, sessions: set[SessionId]) -> set[SessionId]:
        self.looks += 1
        if self.looks == 2:
            raise TransientError("the store is away")
        return super().erased(sessions)


def test_what_a_try_before_wrote_goes_when_the_marker_is_found_at_the_next() -> None:
    """The next try may be of another process. Before, what the first one wrote stayed for ever."""
    blobs = MemoryBlobStore()
    step = GuardedStep(Clipping(blobs, ONE), ErasureGuard(Away(blobs)))
    with pytest.raises(TransientError):
        step.process([record(ONE)])
    assert clip_of(ONE) in blobs.keys("")
    assert step.process([record(ONE)]) == [Dropped("erased")]
    assert blobs.keys("") == [marker_of(ONE)]


def test_a_step_has_no_work_when_every_session_is_erased() -> None:
    blobs = MemoryBlobStore()
    erase_session(blobs, ONE)
    assert step_over(blobs, OTHER).process([record(ONE)]) == [Dropped("erased")]
    assert set(blobs.written) == {marker_of(ONE)}


def test_a_guarded_step_gives_up_as_its_step_does() -> None:
    step = step_over(MemoryBlobStore())
    assert (step.name, step.batch_size, step.counts_attempts) == ("clipping", 10, True)
    assert step.gather_s == 0.1
    assert step.give_up(record(ONE), Reason.STEP_FAILED, "why") == DeadLettered(
        Reason.STEP_FAILED, "offset 0: why"
    )


def test_a_fold_drops_what_fails_because_its_session_was_erased() -> None:
    blobs = MemoryBlobStore()

    def missing(store: Store, event: Event) -> Outputs:
        store.put("state", wanted(ONE))
        raise Rejected(Reason.OBJECT_MISSING, "NoSuchKey")

    run = guarded(ErasableObjects(blobs), missing)
    with pytest.raises(Rejected):
        run(Store(EMPTY.get), wanted(ONE))
    for gone, remove in ((ONE, erase_session), (OTHER, expire_text)):
        remove(blobs, gone)
        store = Store(EMPTY.get)
        assert run(store, wanted(gone)) == []
        assert store.writes == {}


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        (stages.TALLY, TalliedSession(is_closed=True)),
        (stages.ATTRIBUTION, SessionJoin(is_closed=True)),
    ],
)
def test_a_fold_asks_nothing_of_the_store_when_a_session_is_erased(
    role: Fold, closed: object
) -> None:
    """Everybody waited for a dozen requests a session when somebody erased a thousand.

    `attribution` looks for the marker after all that it writes: `test_paused_attribution`.
    """
    blobs: Any = object()
    lexicon = shipped_lexicon()
    rules = rules_of(Settings(), lexicon)
    [fold] = [
        fold
        for fold in folds(blobs, lambda: 1, Settings().window_ms, lexicon, rules)
        if fold.role == role
    ]
    store = Store(EMPTY.get)
    assert fold.run(store, ERASED) == []
    assert store.writes == {ONE: closed}


class Transcribing(Clipping):
    """Writes a text, and is paused before that for longer than the text may be kept."""

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        expire_text(self._blobs, ONE)
        for one in records:
            self._blobs.put(text_of(session_of(one.event)), b"words", "text/plain")
        return [Done() for _ in records]


def text_of(session_id: SessionId) -> str:
    return TRANSCRIBED_WORDS.key(session_id=session_id, window=0, sha256="0" * 64)


def test_a_text_that_is_written_after_it_expired_is_removed() -> None:
    blobs = MemoryBlobStore()
    step = GuardedStep(Transcribing(blobs), ErasureGuard(ErasableTexts(blobs)))
    blobs.put(clip_of(ONE), b"clip", CLIP.content_type)
    assert step.process([record(ONE), record(OTHER)]) == [Dropped("erased"), Done()]
    marker = EXPIRY_MARKER.key(session_id=ONE)
    assert set(blobs.keys("")) == {marker, clip_of(ONE), text_of(OTHER)}
    assert step.process([record(ONE)]) == [Dropped("erased")]
