"""The real object store keeps the contract of the fake."""

import pytest

from adapters.objects.s3 import S3BlobStore
from deploy.devstack.running_stack import RunningStack
from tests.blob_store_contract import BlobStoreContract


class TestS3BlobStore(BlobStoreContract):
    """The whole contract, on the stack's store."""

    @pytest.fixture
    def store(self, stack: RunningStack) -> S3BlobStore:
        """The bucket of the stack."""
        return S3BlobStore(stack.settings)
