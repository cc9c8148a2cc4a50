"""The real object store keeps the contract of the fake."""

import pytest

from adapters.objects.awaitable_s3 import AwaitableS3
from adapters.objects.s3 import S3BlobStore
from deploy.devstack.running_stack import RunningStack
from tests.blob_store_contract import AwaitableBlobsContract, BlobStoreContract, Opened


class TestS3BlobStore(BlobStoreContract):
    """The whole contract, on the stack's store."""

    @pytest.fixture
    def store(self, stack: RunningStack) -> S3BlobStore:
        """The bucket of the stack."""
        return S3BlobStore(stack.settings)

    def test_it_computes_digests_itself(self, store: S3BlobStore) -> None:
        """Nothing stays behind of the question."""
        store.check_digests()
        assert store.keys("lexicons/digests-are-checked") == []


class TestAwaitableS3(AwaitableBlobsContract):
    """The same store as the gateway's event loop uses it."""

    @pytest.fixture
    def store(self, stack: RunningStack) -> S3BlobStore:
        """The bucket of the stack."""
        return S3BlobStore(stack.settings)

    @pytest.fixture
    def opened(self, stack: RunningStack) -> Opened:
        """Connections of their own in each test."""
        return lambda: AwaitableS3(stack.settings)
