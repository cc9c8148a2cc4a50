"""A micro-batch reads its objects side by side, before its first event."""

import threading

import pytest
from msgspec.structs import replace

from adapters.kafka.dead_letters import Letters
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse
from adapters.objects.lexicons import shipped_lexicon
from adapters.process.clock import unix_ms
from adapters.process.retry import TransientError
from adapters.settings import Settings
from schemas import stages, topics
from schemas.codec import encode
from schemas.event import Pointer
from schemas.ids import EventId
from schemas.object_kinds import ATTRIBUTED_WORDS
from schemas.objects import AttributedWords
from schemas.word_events import ProvisionalWordsAttributed
from streams.host.batch import Decider
from streams.main import folds, rules_of
from streams.read_ahead import ReadAhead
from tests.golden import example_of
from tests.memory_blob_store import MemoryBlobStore

PATIENCE_S = 60.0
EXAMPLE = example_of(ProvisionalWordsAttributed)


class MeetingBlobs(MemoryBlobStore):
    """A store whose reads end when so many of them are at work."""

    def __init__(self, reads: int) -> None:
        super().__init__()
        self._all_here = threading.Barrier(reads, timeout=PATIENCE_S)

    def get(self, pointer: Pointer) -> bytes:
        self._all_here.wait()
        return super().get(pointer)


class AwayOnce:
    """A reader that is away the first time."""

    def __init__(self) -> None:
        self.reads = 0

    def get(self, pointer: Pointer) -> bytes:
        self.reads += 1
        if self.reads == 1:
            raise TransientError("away")
        return pointer.key.encode()


def words_of(blobs: MemoryBlobStore, window: int) -> ProvisionalWordsAttributed:
    stored = blobs.put(
        ATTRIBUTED_WORDS.key(session_id=EXAMPLE.session_id, window=window, sha256="0" * 64),
        encode(AttributedWords(words=())),
        "application/json",
    )
    return replace(EXAMPLE, event_id=EventId(""), window=window, words=stored)


def test_the_words_of_a_batch_are_read_side_by_side() -> None:
    blobs = MeetingBlobs(3)
    lexicon = shipped_lexicon()
    rules = rules_of(Settings(), lexicon)
    hosted = folds(blobs, unix_ms, Settings().window_ms, lexicon, rules)
    [tally] = [fold for fold in hosted if fold.role == stages.TALLY]
    decider = Decider(
        tally,
        lambda _partition, _key: None,
        {},
        Letters(tally.name, unix_ms),
        Fuse(tally.name, lambda _sessions: {}),
    )
    name = topics.ATTRIBUTED.name
    values = [encode(words_of(blobs, window)) for window in range(3)]
    values.insert(1, b"no event")
    decided = decider.decide([Fetched(name, 0, n, b"s", value) for n, value in enumerate(values)])
    assert decided.handled == 4
    assert sum(decided.letters.values()) == 1


def test_a_reading_that_failed_is_made_anew() -> None:
    pointer = Pointer(key="a", sha256="0" * 64, size=1)
    objects = AwayOnce()
    ahead = ReadAhead(objects)
    ahead.expect([pointer])
    with pytest.raises(TransientError):
        ahead.get(pointer)
    assert ahead.get(pointer) == b"a"
    ahead.expect([pointer])
    ahead.expect([pointer])
    assert ahead.get(pointer) == b"a"
    assert objects.reads == 3
