"""The object store of unit tests does what the real one does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.objects.store import AwaitableBlobs
from tests.blob_store_contract import AwaitableBlobsContract, BlobStoreContract, Opened
from tests.memory_blob_store import AwaitableMemoryBlobs, MemoryBlobStore


class TestMemoryBlobStore(BlobStoreContract):
    """The whole contract, in memory."""

    @pytest.fixture
    def store(self) -> MemoryBlobStore:
        """An empty one for each test."""
        return MemoryBlobStore()


class TestAwaitableMemoryBlobs(AwaitableBlobsContract):
    """The same store for an event loop."""

    @pytest.fixture
    def store(self) -> MemoryBlobStore:
        """An empty one for each test."""
        return MemoryBlobStore()

    @pytest.fixture
    def opened(self, store: MemoryBlobStore) -> Opened:
        """Nothing to close."""

        @asynccontextmanager
        async def opened() -> AsyncIterator[AwaitableBlobs]:
            yield AwaitableMemoryBlobs(store)

        return opened
