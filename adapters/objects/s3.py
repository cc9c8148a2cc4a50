"""The object store over any S3-compatible server.

Reads check the digest. Names are digests, so a write never replaces other bytes.
"""

import contextlib
import hashlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

import urllib3
from minio import Minio
from minio.datatypes import Upload
from minio.deleteobjects import DeleteObject
from minio.error import MinioException, S3Error

from adapters.objects.request_signer import REGION, RequestSigner
from adapters.objects.store import StoreRefusesError, pointer
from adapters.objects.store_clock import DatedPool
from adapters.process.coalescing import Repeats
from adapters.process.logs import logger
from adapters.process.retry import TransientError
from adapters.settings import Settings
from schemas.days import unix_ms_of
from schemas.event import Pointer
from schemas.object_kinds import LEXICON, WRITE_PROBE
from schemas.rejections import Reason, Rejected

PRESIGNED_FOR = timedelta(minutes=5)
CONNECT_S = 5
READ_S = 20
CONNECTIONS = 32
INSUFFICIENT_STORAGE = 507
PROBE_BODY = b"a full disk takes an empty object, and none of a byte"
OTHER_DIGEST = "0" * 64
UNREADABLE = (
    urllib3.exceptions.HTTPError,
    OSError,
    MinioException,
    ParseError,
    ValueError,
)
"""Errors of the client when no answer came, or one that it cannot read.

The last two come for a body that is cut off or no XML. On 409 to HEAD minio stumbles with a
ValueError.
"""


class S3BlobStore:
    """Adapter of `BlobStore`. Every call ends after CONNECT_S and READ_S, without a retry."""

    def __init__(self, settings: Settings) -> None:
        self._bucket = settings.s3_bucket
        self._signer = RequestSigner(settings)
        self._repeats = Repeats()
        timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
        self._address = settings.store_url
        self._http = DatedPool(timeout=timeout, retries=False, maxsize=CONNECTIONS)
        self._client = Minio(
            endpoint=settings.s3_endpoint,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key.get_secret_value(),
            secure=settings.s3_secure,
            region=REGION,
            http_client=self._http,
        )

    def ensure_bucket(self) -> None:
        """Create the bucket when it is not there. Repeatable."""
        with _known_errors():
            if not self._client.bucket_exists(bucket_name=self._bucket):
                self._client.make_bucket(bucket_name=self._bucket)

    def check_digests(self) -> None:
        """Make sure that the store refuses bytes of another digest. Raises RuntimeError.

        A gateway relies on it: it gives a phone's digest on and does not compute it.
        """
        key = LEXICON.key(version="digests-are-checked", sha256=OTHER_DIGEST)
        with contextlib.suppress(TransientError):
            self.put(key, b"other bytes", LEXICON.content_type, OTHER_DIGEST)
        if self.has(key):
            self.delete([key])
            raise RuntimeError("the object store takes bytes of another digest than was signed")

    def ready(self) -> bool:
        """Whether the store answers and the bucket is there. Blocking."""
        try:
            with _known_errors():
                return bool(self._client.bucket_exists(bucket_name=self._bucket))
        except (TransientError, Rejected):
            return False

    def takes_writes(self) -> bool:
        """Whether an object can be written. Blocking. A store that is full still answers reads."""
        key = WRITE_PROBE.key(host=socket.gethostname())
        try:
            self.put(key, PROBE_BODY, WRITE_PROBE.content_type)
        except StoreRefusesError as error:
            if times := self._repeats.times(str(error)):
                logger().warning("object_store_refuses", reason=str(error), times=times)
            return False
        except TransientError:
            return False
        return True

    def put(self, key: str, body: bytes, content_type: str, sha256: str = "") -> Pointer:
        """Write the whole object in one request; returns its pointer."""
        stored = pointer(key, body, sha256)
        signed = self._signer.put(stored, content_type, datetime.now(UTC))
        with _known_errors():
            answer = self._http.request("PUT", signed.url, body=body, headers=signed.headers)
        if answer.status != 200:
            raise refused(answer.status)
        return stored

    def has(self, key: str) -> bool:
        """Whether the object is there."""
        try:
            with _known_errors():
                self._client.stat_object(bucket_name=self._bucket, object_name=key)
        except Rejected:
            return False
        return True

    def get(self, pointer: Pointer) -> bytes:
        """The object's bytes, checked against the pointer's digest."""
        body, _ = self.whole(pointer.key)
        if hashlib.sha256(body).hexdigest() != pointer.sha256:
            raise Rejected(Reason.OBJECT_DAMAGED, "digest differs")
        return body

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin with `prefix`, in order."""
        with _known_errors():
            objects = self._client.list_objects(
                bucket_name=self._bucket, prefix=prefix, recursive=True
            )
            return [item.object_name for item in objects if item.object_name]

    def all_keys(self) -> Iterator[str]:
        """Yield every key, in order, as they are read. Beyond the port: for a backup."""
        with _known_errors():
            for item in self._client.list_objects(bucket_name=self._bucket, recursive=True):
                yield str(item.object_name)

    def whole(self, key: str) -> tuple[bytes, str]:
        """The object's bytes, unchecked, and its content type. Raises Rejected: object_missing."""
        with _known_errors():
            response = self._client.get_object(bucket_name=self._bucket, object_name=key)
            try:
                return bytes(response.read()), str(response.headers.get("Content-Type", ""))
            finally:
                response.close()
                response.release_conn()

    def folders(self, prefix: str) -> Iterator[str]:
        """Yield the names of the folders right under `prefix`, in order, as they are read.

        Beyond the port: an audit looks for folders of sessions that nobody knows.
        """
        with _known_errors():
            for item in self._client.list_objects(bucket_name=self._bucket, prefix=prefix):
                if item.is_dir:
                    yield str(item.object_name).removeprefix(prefix).rstrip("/")

    def delete(self, keys: list[str]) -> None:
        """Remove objects; absent ones are no error."""
        wanted = [DeleteObject(key) for key in keys]
        with _known_errors():
            errors = self._client.remove_objects(
                bucket_name=self._bucket, delete_object_list=wanted
            )
            failed = list(errors)
        if failed:
            raise TransientError(f"object store kept objects ({len(failed)}): {failed[0].code}")

    def abort_uploads(self, prefix: str, before: datetime | None = None) -> None:
        """Remove the parts of uploads that never became an object, of keys that begin so."""
        with _known_errors():
            for upload in self._uploads(prefix):
                if before is None or (upload.initiated_time or before) < before:
                    self._client._abort_multipart_upload(  # noqa: SLF001 - no public one
                        bucket_name=self._bucket,
                        object_name=upload.object_name,
                        upload_id=upload.upload_id or "",
                    )

    def now_ms(self) -> int:
        """The store's own time, to the second: every answer says it, a refusal too."""
        with _known_errors():
            answer = self._http.request("HEAD", self._address)
            date = parsedate_to_datetime(answer.headers.get("Date", ""))
        return unix_ms_of(date.replace(tzinfo=UTC))

    def _uploads(self, prefix: str) -> Iterator[Upload]:
        """The unfinished uploads of keys that begin with `prefix`. A page has up to a thousand."""
        after_key: str | None = None
        after_id: str | None = None
        while True:
            page = self._client._list_multipart_uploads(  # noqa: SLF001 - no public one
                bucket_name=self._bucket,
                prefix=prefix,
                key_marker=after_key,
                upload_id_marker=after_id,
            )
            yield from page.uploads
            if not page.is_truncated:
                return
            after_key = page.next_key_marker
            after_id = page.next_upload_id_marker

    def presign(self, key: str) -> str:
        """An address of the front door that anybody may read for PRESIGNED_FOR.

        The front door passes it to the store, which people need not reach.
        """
        with _known_errors():
            signed = self._client.presigned_get_object(
                bucket_name=self._bucket, object_name=key, expires=PRESIGNED_FOR
            )
        parts = urlsplit(str(signed))
        return f"/store{parts.path}?{parts.query}"


def refused(status: int) -> StoreRefusesError:
    """The error for an answer that is no success."""
    why = "is full" if status == INSUFFICIENT_STORAGE else "refuses the write"
    return StoreRefusesError(f"object store {why}: it answered {status}")


@contextmanager
def _known_errors() -> Iterator[None]:
    """Rejected for an object that is missing, TransientError for every other error of the store."""
    try:
        yield
    except S3Error as error:
        if error.code in {"NoSuchKey", "NoSuchObject"}:
            raise Rejected(Reason.OBJECT_MISSING, str(error.code)) from error
        raise TransientError(f"object store answered {error.code}") from error
    except UNREADABLE as error:
        raise TransientError(f"object store is away: {type(error).__name__}") from error
