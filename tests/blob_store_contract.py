"""The contract of a `BlobStore`, as tests that the fake and the real adapter inherit."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from uuid import uuid4

import pytest
from msgspec.structs import replace

from adapters.objects.store import AwaitableBlobs, BlobStore, WrongDigestError, pointer
from adapters.process.clock import SKEW_MS, unix_ms
from schemas.event import Pointer
from schemas.ids import SessionId
from schemas.object_kinds import ATTRIBUTED_WORDS, TURNS, erased_prefixes
from schemas.rejections import Reason, Rejected

DIGEST = "0" * 64
Opened = Callable[[], AbstractAsyncContextManager[AwaitableBlobs]]


def words(session_id: SessionId, window: int) -> str:
    """The key of one window's words."""
    return ATTRIBUTED_WORDS.key(session_id=session_id, window=window, sha256=DIGEST)


def turns(session_id: SessionId, generation: int) -> str:
    """The key of one generation's turns."""
    return TURNS.key(session_id=session_id, generation=generation, sha256=DIGEST)


class BlobStoreContract:
    """A subclass gives the fixture `store`. The session is new in every test: stores are shared."""

    @pytest.fixture
    def session_id(self, store: BlobStore) -> Iterator[SessionId]:
        """A session without objects, before the test and after it."""
        session_id = SessionId(str(uuid4()))
        yield session_id
        for prefix in erased_prefixes(session_id):
            store.delete(store.keys(prefix))

    def test_it_says_what_time_it_is(self, store: BlobStore) -> None:
        assert abs(store.now_ms() - unix_ms()) < SKEW_MS

    def test_an_object_is_read_by_its_key_alone(
        self, store: BlobStore, session_id: SessionId
    ) -> None:
        """With the type that it was written with."""
        key = words(session_id, 1)
        store.put(key, b"words", "text/plain")
        assert store.whole(key) == (b"words", "text/plain")
        with pytest.raises(Rejected) as rejected:
            store.whole(words(session_id, 2))
        assert rejected.value.reason is Reason.OBJECT_MISSING

    def test_an_object_is_read_as_it_was_written(
        self, store: BlobStore, session_id: SessionId
    ) -> None:
        """The pointer names its key, size and digest."""
        stored = store.put(words(session_id, 1), b"words", "text/plain")
        assert (stored.key, stored.size) == (words(session_id, 1), 5)
        assert store.get(stored) == b"words"

    def test_a_second_write_replaces_the_first(
        self, store: BlobStore, session_id: SessionId
    ) -> None:
        """An old pointer then says that the object is damaged."""
        old = store.put(words(session_id, 1), b"one", "text/plain")
        new = store.put(words(session_id, 1), b"two", "text/plain")
        assert store.get(new) == b"two"
        with pytest.raises(Rejected) as error:
            store.get(old)
        assert error.value.reason == Reason.OBJECT_DAMAGED

    def test_an_absent_object_is_missing(self, store: BlobStore, session_id: SessionId) -> None:
        """No retry brings it back."""
        stored = store.put(words(session_id, 1), b"words", "text/plain")
        with pytest.raises(Rejected) as error:
            store.get(replace(stored, key=words(session_id, 2)))
        assert error.value.reason == Reason.OBJECT_MISSING

    def test_keys_are_those_under_the_prefix_in_order(
        self, store: BlobStore, session_id: SessionId
    ) -> None:
        """A prefix need not end at a slash."""
        ordered = [turns(session_id, 3), words(session_id, 1), words(session_id, 2)]
        for key in reversed(ordered):
            store.put(key, b"", "text/plain")
        assert store.keys(TURNS.root(session_id)) == ordered
        part_of_a_name = ATTRIBUTED_WORDS.before("sha256", session_id=session_id, window=2)
        assert store.keys(part_of_a_name) == [words(session_id, 2)]
        assert store.keys(words(session_id, 7)) == []

    def test_an_object_is_there_under_its_own_key_alone(
        self, store: BlobStore, session_id: SessionId
    ) -> None:
        """A key that only begins with it is another one."""
        store.put(words(session_id, 1), b"", "text/plain")
        assert store.has(words(session_id, 1))
        assert not store.has(words(session_id, 1)[:-1])
        assert not store.has(words(session_id, 2))

    def test_an_object_of_the_size_of_a_chunk_is_whole(
        self, store: BlobStore, session_id: SessionId
    ) -> None:
        """Eight MiB, which some clients would split."""
        body = bytes(8 << 20)
        assert store.get(store.put(words(session_id, 1), body, "text/plain")) == body

    def test_deleted_objects_are_gone_and_absent_ones_no_error(
        self, store: BlobStore, session_id: SessionId
    ) -> None:
        """Deleting is repeatable."""
        stored = store.put(words(session_id, 1), b"words", "text/plain")
        store.put(words(session_id, 2), b"words", "text/plain")
        for _ in range(2):
            store.delete([stored.key, words(session_id, 7)])
        assert store.keys(TURNS.root(session_id)) == [words(session_id, 2)]
        with pytest.raises(Rejected):
            store.get(stored)


class AwaitableBlobsContract:
    """A subclass gives `store`, and `opened`, which opens the same store for an event loop."""

    def test_an_object_is_read_as_it_was_written(self, store: BlobStore, opened: Opened) -> None:
        """Its pointer is the one that the writer named."""
        session_id = SessionId(str(uuid4()))
        wanted = pointer(words(session_id, 1), b"words")

        async def written() -> list[bool]:
            async with opened() as blobs:
                before = await blobs.has(wanted.key)
                await blobs.put(wanted, b"words", "text/plain")
                return [before, await blobs.has(wanted.key)]

        assert asyncio.run(written()) == [False, True]
        assert store.get(wanted) == b"words"
        store.delete([wanted.key])

    def test_other_bytes_are_refused(self, store: BlobStore, opened: Opened) -> None:
        """The store computes the digest of what it got."""
        key = words(SessionId(str(uuid4())), 1)

        async def written() -> None:
            async with opened() as blobs:
                await blobs.put(Pointer(key=key, sha256=DIGEST, size=5), b"words", "text/plain")

        with pytest.raises(WrongDigestError):
            asyncio.run(written())
        assert not store.has(key)
