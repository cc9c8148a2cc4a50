"""The object store of unit tests does what the real one does."""

import pytest

from tests.blob_store_contract import BlobStoreContract
from tests.memory_blob_store import MemoryBlobStore


class TestMemoryBlobStore(BlobStoreContract):
    """The whole contract, in memory."""

    @pytest.fixture
    def store(self) -> MemoryBlobStore:
        """An empty one for each test."""
        return MemoryBlobStore()
