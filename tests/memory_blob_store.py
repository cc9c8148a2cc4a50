"""The object store of unit tests. The contract test of `S3BlobStore` runs over it as well."""

import hashlib
from datetime import datetime

from adapters.objects.store import BlobStore, WrongDigestError, pointer
from adapters.process.clock import Clock, unix_ms
from schemas.event import Pointer
from schemas.object_kinds import kind_of
from schemas.rejections import Reason, Rejected


class MemoryBlobStore:
    """Objects in memory. `written` has every key that was ever put, in order, deleted ones too.

    `clock` is the store's own.
    """

    def __init__(self, clock: Clock = unix_ms) -> None:
        self._clock = clock
        self.written: list[str] = []
        self._objects: dict[str, bytes] = {}
        self._types: dict[str, str] = {}

    def put(self, key: str, body: bytes, content_type: str, sha256: str = "") -> Pointer:
        """Write the whole object.

        A key that is of no declared kind is a bug: erasure of its owner would not remove it.
        """
        assert kind_of(key) is not None, f"{key} is of no kind in schemas/object_kinds.py"
        self.written.append(key)
        self._objects[key] = body
        self._types[key] = content_type
        return pointer(key, body, sha256)

    def has(self, key: str) -> bool:
        """Whether the object is there."""
        return key in self._objects

    def get(self, pointer: Pointer) -> bytes:
        """The object; Rejected object_missing or object_damaged."""
        body = self._objects.get(pointer.key)
        if body is None:
            raise Rejected(Reason.OBJECT_MISSING, "NoSuchKey")
        if hashlib.sha256(body).hexdigest() != pointer.sha256:
            raise Rejected(Reason.OBJECT_DAMAGED, "digest differs")
        return body

    def whole(self, key: str) -> tuple[bytes, str]:
        """The bytes, and the content type; Rejected object_missing."""
        if key not in self._objects:
            raise Rejected(Reason.OBJECT_MISSING, "NoSuchKey")
        return self._objects[key], self._types[key]

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin with `prefix`, in order."""
        return sorted(key for key in self._objects if key.startswith(prefix))

    def delete(self, keys: list[str]) -> None:
        """Remove objects; absent ones are no error."""
        for key in keys:
            self._objects.pop(key, None)

    def abort_uploads(self, prefix: str, before: datetime | None = None) -> None:
        """Do nothing: what is written here is an object at once."""

    def now_ms(self) -> int:
        """The store's own time."""
        return self._clock()

    def contents(self) -> dict[str, bytes]:
        """Every object by its key, as it is now."""
        return dict(self._objects)


class AwaitableMemoryBlobs:
    """The port of an event loop, over the store of a test."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    async def put(self, wanted: Pointer, body: bytes, content_type: str) -> None:
        """Write the whole object."""
        if hashlib.sha256(body).hexdigest() != wanted.sha256:
            raise WrongDigestError
        self._blobs.put(wanted.key, body, content_type, wanted.sha256)

    async def has(self, key: str) -> bool:
        """Whether the object is there."""
        return self._blobs.has(key)
