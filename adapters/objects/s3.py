"""The object store over any S3-compatible server.

Reads check the digest. Names are digests, so a write never replaces other bytes.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

import urllib3
from minio import Minio
from minio.deleteobjects import DeleteObject
from minio.error import InvalidResponseError, S3Error

from adapters.objects.store import pointer
from adapters.process.retry import TransientError
from adapters.settings import Settings
from schemas.event import Pointer
from schemas.rejections import Reason, Rejected

T = TypeVar("T")
PRESIGN = timedelta(minutes=5)


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
        except (TransientError, Rejected):
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
            raise Rejected(Reason.OBJECT_DAMAGED, "digest differs")
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
            raise Rejected(Reason.OBJECT_MISSING, str(error.code)) from error
        raise TransientError(f"object store answered {error.code}") from error
    except (urllib3.exceptions.HTTPError, InvalidResponseError, OSError) as error:
        raise TransientError(f"object store is away: {type(error).__name__}") from error
