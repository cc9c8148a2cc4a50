"""What every `BlobStore` does: the fake of unit tests and the real adapter inherit these tests."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from msgspec.structs import replace

from adapters.objects.store import BlobStore
from schemas.rejections import Reason, Rejected


class BlobStoreContract:
    """A subclass gives the fixture `store`. Keys are new in every test: stores may be shared."""

    @pytest.fixture
    def prefix(self, store: BlobStore) -> Iterator[str]:
        """A prefix under which nothing lies, before the test and after it."""
        prefix = f"contract/{uuid4()}/"
        yield prefix
        store.delete(store.keys(prefix))

    def test_an_object_is_read_as_it_was_written(self, store: BlobStore, prefix: str) -> None:
        """The pointer names its key, size and digest."""
        stored = store.put(f"{prefix}a", b"words", "text/plain")
        assert (stored.key, stored.size) == (f"{prefix}a", 5)
        assert store.get(stored) == b"words"

    def test_a_second_write_replaces_the_first(self, store: BlobStore, prefix: str) -> None:
        """An old pointer then says that the object is damaged."""
        old = store.put(f"{prefix}a", b"one", "text/plain")
        assert store.get(store.put(f"{prefix}a", b"two", "text/plain")) == b"two"
        with pytest.raises(Rejected) as error:
            store.get(old)
        assert error.value.reason == Reason.OBJECT_DAMAGED

    def test_an_absent_object_is_missing(self, store: BlobStore, prefix: str) -> None:
        """Permanent: no retry brings it back."""
        stored = store.put(f"{prefix}a", b"words", "text/plain")
        with pytest.raises(Rejected) as error:
            store.get(replace(stored, key=f"{prefix}b"))
        assert error.value.reason == Reason.OBJECT_MISSING

    def test_keys_are_those_under_the_prefix_in_order(self, store: BlobStore, prefix: str) -> None:
        """A prefix need not end at a slash."""
        for name in ("b/2", "b/1", "a-1", "c"):
            store.put(f"{prefix}{name}", b"", "text/plain")
        assert store.keys(prefix) == [f"{prefix}{name}" for name in ("a-1", "b/1", "b/2", "c")]
        assert store.keys(f"{prefix}a-") == [f"{prefix}a-1"]
        assert store.keys(f"{prefix}nothing") == []

    def test_deleted_objects_are_gone_and_absent_ones_no_error(
        self, store: BlobStore, prefix: str
    ) -> None:
        """Deleting is repeatable."""
        stored = store.put(f"{prefix}a", b"words", "text/plain")
        store.put(f"{prefix}b", b"words", "text/plain")
        for _ in range(2):
            store.delete([stored.key, f"{prefix}never"])
        assert store.keys(prefix) == [f"{prefix}b"]
        with pytest.raises(Rejected):
            store.get(stored)
