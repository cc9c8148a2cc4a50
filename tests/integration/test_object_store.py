"""The real object store keeps the contract of the fake."""

import asyncio
from uuid import uuid4

import pytest

from adapters.objects.awaitable_s3 import AwaitableS3
from adapters.objects.s3 import S3BlobStore
from adapters.process.retry import TransientError
from deploy.devstack.running_stack import RunningStack
from schemas.event import Pointer
from schemas.object_kinds import CHUNK
from tests.blob_store_contract import DIGEST, AwaitableBlobsContract, BlobStoreContract, Opened


class TestS3BlobStore(BlobStoreContract):
    """The whole contract, on the stack's store."""

    @pytest.fixture
    def store(self, stack: RunningStack) -> S3BlobStore:
        """The bucket of the stack."""
        return S3BlobStore(stack.settings)


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

    def test_bytes_that_are_not_those_of_the_pointer_are_refused(self, stack: RunningStack) -> None:
        """The store computes the digest: the gateway's own is not trusted twice."""
        key = CHUNK.key(session_id=str(uuid4()), seq=0, sha256=DIGEST)

        async def written() -> None:
            async with AwaitableS3(stack.settings) as blobs:
                await blobs.put(Pointer(key=key, sha256=DIGEST, size=5), b"words", "text/plain")

        with pytest.raises(TransientError):
            asyncio.run(written())
        assert not S3BlobStore(stack.settings).has(key)
