"""Objects in any S3-compatible store. Reads check the digest; names are digests, so writes never overwrite."""

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Protocol, TypeVar

import urllib3
from minio import Minio
from minio.deleteobjects import DeleteObject
from minio.error import InvalidResponseError, S3Error

from adapters.errors import PermanentError, TransientError
from adapters.settings import Settings
from schemas.dead_letters import Reason
from schemas.event import Pointer
from schemas.ids import erased_key, expired_key, session_prefixes, words_prefix

T = TypeVar("T")
PRESIGN = timedelta(minutes=5)


class BlobStore(Protocol):
    """Port. Every call blocks; raises TransientError when the store is away."""

    def put(self, key: str, body: bytes, content_type: str) -> Pointer:
        """Write the whole object."""

    def get(self, pointer: Pointer) -> bytes:
        """The object; PermanentError object_missing or object_damaged."""

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin with `prefix`."""

    def delete(self, keys: list[str]) -> None:
        """Remove objects; absent ones are no error."""


def pointer(key: str, body: bytes) -> Pointer:
    """What an event says of an object."""
    return Pointer(key=key, sha256=hashlib.sha256(body).hexdigest(), size=len(body))


def put_by_digest(
    blobs: BlobStore, stem: str, suffix: str, body: bytes, content_type: str
) -> Pointer:
    """Write `body` as `<stem>-<sha256><suffix>`: work done twice writes the same object. Blocking."""
    return blobs.put(f"{stem}-{hashlib.sha256(body).hexdigest()}{suffix}", body, content_type)


def erase_session(blobs: BlobStore, session_id: str) -> None:
    """Mark the session, then remove all of its objects. Blocking; repeatable. The mark stays: late work finds it."""
    blobs.put(erased_key(session_id), b"", "text/plain")
    for prefix in (*session_prefixes(session_id), expired_key(session_id)):
        _remove(blobs, prefix)


def expire_words(blobs: BlobStore, session_id: str) -> None:
    """Mark that the text of the session is gone, then remove it. Blocking; repeatable."""
    blobs.put(expired_key(session_id), b"", "text/plain")
    _remove(blobs, words_prefix(session_id))


def _remove(blobs: BlobStore, prefix: str) -> None:
    if keys := blobs.keys(prefix):
        blobs.delete(keys)


def is_expired(blobs: BlobStore, session_id: str) -> bool:
    """Whether the text of the session was removed. Blocking."""
    return bool(blobs.keys(expired_key(session_id)))


def is_erased(blobs: BlobStore, session_id: str) -> bool:
    """Whether the session is marked. Blocking."""
    return bool(blobs.keys(erased_key(session_id)))


class S3BlobStore:
    """The real end. Timeouts are bounded: 5 s to connect, 20 s to read, no retries of its own."""

    def __init__(self, settings: Settings) -> None:
        self._bucket = settings.s3_bucket
        self._client = Minio(
            endpoint=settings.s3_endpoint,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key.get_secret_value(),
            secure=settings.s3_secure,
            region="us-east-1",
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=5, read=20), retries=False, maxsize=32
            ),
        )

    def ensure_bucket(self) -> None:
        """Create the bucket when it is not there."""
        if not _asked(lambda: self._client.bucket_exists(bucket_name=self._bucket)):
            _asked(lambda: self._client.make_bucket(bucket_name=self._bucket))

    def ready(self) -> bool:
        """Whether the store answers and the bucket is there."""
        try:
            return _asked(lambda: self._client.bucket_exists(bucket_name=self._bucket))
        except (TransientError, PermanentError):
            return False

    def put(self, key: str, body: bytes, content_type: str) -> Pointer:
        """Write the whole object and say where it is."""
        _asked(
            lambda: self._client.put_object(
                bucket_name=self._bucket,
                object_name=key,
                data=io.BytesIO(body),
                length=len(body),
                content_type=content_type,
            )
        )
        return pointer(key, body)

    def get(self, pointer: Pointer) -> bytes:
        """The object's bytes, checked against the digest that the event named."""
        body = self.read(pointer.key)
        if hashlib.sha256(body).hexdigest() != pointer.sha256:
            raise PermanentError(Reason.OBJECT_DAMAGED, "digest differs")
        return body

    def read(self, key: str) -> bytes:
        """The object's bytes, unchecked: for keys whose name carries the digest."""

        def fetch() -> bytes:
            response = self._client.get_object(bucket_name=self._bucket, object_name=key)
            try:
                return response.read()
            finally:
                response.close()
                response.release_conn()

        return _asked(fetch)

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin with `prefix`, in order."""
        return _asked(lambda: list(self._names(prefix)))

    def _names(self, prefix: str) -> Iterator[str]:
        for item in self._client.list_objects(
            bucket_name=self._bucket, prefix=prefix, recursive=True
        ):
            if item.object_name:
                yield item.object_name

    def delete(self, keys: list[str]) -> None:
        """Remove objects; absent ones are no error."""
        wanted = [DeleteObject(key) for key in keys]
        if failed := _asked(
            lambda: list(
                self._client.remove_objects(bucket_name=self._bucket, delete_object_list=wanted)
            )
        ):
            raise TransientError(f"object store kept {len(failed)} objects: {failed[0].code}")

    def presign(self, key: str) -> str:
        """A URL that anybody may read for five minutes."""
        return _asked(
            lambda: self._client.presigned_get_object(
                bucket_name=self._bucket, object_name=key, expires=PRESIGN
            )
        )


def _asked(call: Callable[[], T]) -> T:
    try:
        return call()
    except S3Error as error:
        if error.code in {"NoSuchKey", "NoSuchObject"}:
            raise PermanentError(Reason.OBJECT_MISSING, str(error.code)) from error
        raise TransientError(f"object store answered {error.code}") from error
    except (urllib3.exceptions.HTTPError, InvalidResponseError, OSError) as error:
        raise TransientError(f"object store is away: {type(error).__name__}") from error
