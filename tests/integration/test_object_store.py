"""The real object store keeps the contract of the fake."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.erasure.erasable_objects import erase_session
from adapters.objects.awaitable_s3 import AwaitableS3
from adapters.objects.request_signer import RequestSigner
from adapters.objects.s3 import S3BlobStore
from adapters.objects.store import pointer
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from schemas.ids import SessionId
from schemas.object_kinds import CHUNK, WRITE_PROBE, kind_of
from tests.blob_store_contract import AwaitableBlobsContract, BlobStoreContract, Opened


class TestS3BlobStore(BlobStoreContract):
    """The whole contract, on the stack's store."""

    @pytest.fixture
    def store(self, stack: RunningStack) -> S3BlobStore:
        """The bucket of the stack."""
        return S3BlobStore(stack.settings)

    def test_it_knows_whether_it_takes_writes(self, store: S3BlobStore) -> None:
        """The object of that question is of a kind that somebody declared."""
        assert store.takes_writes()
        assert [kind_of(key) for key in store.keys("probes/")] == [WRITE_PROBE]

    def test_it_computes_digests_itself(self, store: S3BlobStore) -> None:
        """Nothing stays behind of the question."""
        store.check_digests()
        assert store.keys("lexicons/digests-are-checked") == []

    def test_nothing_of_an_upload_that_broke_off_stays_after_an_erasure(
        self, store: S3BlobStore, stack: RunningStack, session_id: SessionId
    ) -> None:
        """An upload in parts, as other clients make it: no listing of objects shows them."""
        key = CHUNK.key(session_id=session_id, seq=0, sha256="0" * 64)
        part = {"bucket_name": stack.settings.s3_bucket, "object_name": key}
        upload = store._client._create_multipart_upload(headers={}, **part)
        store._client._upload_part(
            data=b"a" * (5 << 20), headers=None, upload_id=upload, part_number=1, **part
        )
        assert parts_of(stack)
        store.abort_uploads("", before=datetime.now(UTC) - timedelta(hours=1))
        assert parts_of(stack)  # it may still become an object
        erase_session(store, session_id)
        assert parts_of(stack) == []

    def test_a_chunk_that_breaks_off_leaves_nothing(
        self, store: S3BlobStore, stack: RunningStack, session_id: SessionId
    ) -> None:
        body = b"a" * (7 << 20)
        wanted = pointer(CHUNK.key(session_id=session_id, seq=0, sha256="0" * 64), body)
        signed = RequestSigner(stack.settings).put(wanted, "audio/flac", datetime.now(UTC))
        lines = [f"PUT /{stack.settings.s3_bucket}/{wanted.key} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in signed.headers.items()]
        address = (stack.settings.host, stack.settings.port("s3"))
        with socket.create_connection(address) as phone:
            phone.sendall("\r\n".join([*lines, "", ""]).encode() + body[: 6 << 20])
        until(lambda: files_of(stack), lambda left: not left)
        assert not store.has(wanted.key)


def files_of(stack: RunningStack) -> list[Path]:
    """The files in which the store keeps what is no object yet."""
    found = (stack.settings.data_dir / "s3").rglob(".sgwtmp/**/*")
    return [path for path in found if path.is_file()]


def parts_of(stack: RunningStack) -> list[Path]:
    """Those of uploads in parts."""
    return [path for path in files_of(stack) if "multipart" in path.parts]


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
