"""The port of the object store, and what works on every adapter of it."""

import hashlib
from datetime import datetime
from typing import Protocol

from adapters.process.retry import TransientError
from schemas.event import Pointer
from schemas.object_kinds import ObjectKind


class WrongDigestError(Exception):
    """The bytes are not those of the pointer; nothing was written."""


class StoreRefusesError(TransientError):
    """The store answers, and takes nothing now. It may be full, or read-only."""


class BlobStore(Protocol):
    """Port. Calls block, are repeatable, and raise TransientError when the store is away."""

    def put(
        self,
        key: str,
        body: bytes,
        content_type: str,
        sha256: str = "",
    ) -> Pointer:
        """Write the whole object; returns its pointer.

        `sha256` is the digest of `body`, for a caller who knows it: nobody computes it again.
        """

    def has(self, key: str) -> bool:
        """Whether the object is there."""

    def get(self, pointer: Pointer) -> bytes:
        """The object's bytes. Raises Rejected: object_missing or object_damaged."""

    def whole(self, key: str) -> tuple[bytes, str]:
        """The object's bytes, unchecked, and its content type. Raises Rejected: object_missing."""

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin with `prefix`, in order."""

    def delete(self, keys: list[str]) -> None:
        """Remove objects; absent ones are no error."""

    def abort_uploads(self, prefix: str, before: datetime | None = None) -> None:
        """Remove the parts of uploads that never became an object, of keys that begin so.

        No listing of objects shows them. `before` leaves those alone that began later.
        """

    def now_ms(self) -> int:
        """The store's own time, Unix milliseconds, as of this call."""


class AwaitableBlobs(Protocol):
    """Port for an event loop: nothing blocks. TransientError when the store is away."""

    async def put(self, wanted: Pointer, body: bytes, content_type: str) -> None:
        """Write the whole object that `wanted` describes. Raises WrongDigestError.

        The store computes the digest of what it got: nobody before it needs to.
        """

    async def has(self, key: str) -> bool:
        """Whether the object is there."""


def pointer(key: str, body: bytes, sha256: str = "") -> Pointer:
    """The pointer to an object: events carry it instead of the bytes.

    The digest is computed unless `sha256` names it.
    """
    return Pointer(
        key=key,
        sha256=sha256 or hashlib.sha256(body).hexdigest(),
        size=len(body),
    )


def put_by_digest(
    blobs: BlobStore,
    kind: ObjectKind,
    body: bytes,
    **values: str | int,
) -> Pointer:
    """Write `body` under the key of `kind` with `values` and its digest. Blocking.

    Work done twice writes the same object.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    key = kind.key(sha256=sha256, **values)
    return blobs.put(key, body, kind.content_type, sha256)
