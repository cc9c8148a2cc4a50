"""The port of the object store, and the operations on it that every adapter shares."""

import hashlib
from typing import Protocol

from schemas.event import Pointer
from schemas.object_kinds import (
    ERASURE_MARKER,
    EXPIRY_MARKER,
    ObjectKind,
    erased_prefixes,
    expired_prefixes,
)


class BlobStore(Protocol):
    """Port. Every call blocks; raises TransientError when the store is away."""

    def put(self, key: str, body: bytes, content_type: str) -> Pointer:
        """Write the whole object."""

    def get(self, pointer: Pointer) -> bytes:
        """The object; Rejected object_missing or object_damaged."""

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin with `prefix`."""

    def delete(self, keys: list[str]) -> None:
        """Remove objects; absent ones are no error."""


def pointer(key: str, body: bytes) -> Pointer:
    """What an event says of an object."""
    return Pointer(key=key, sha256=hashlib.sha256(body).hexdigest(), size=len(body))


def put_by_digest(blobs: BlobStore, kind: ObjectKind, body: bytes, **values: str | int) -> Pointer:
    """Write `body` under the key of `kind` with `values` and its digest. Blocking.

    Work done twice writes the same object.
    """
    key = kind.key(sha256=hashlib.sha256(body).hexdigest(), **values)
    return blobs.put(key, body, kind.content_type)


def erase_session(blobs: BlobStore, session_id: str) -> None:
    """Mark the session, then remove all of its objects. Blocking; repeatable.

    The marker stays, so that late work finds it.
    """
    _mark(blobs, ERASURE_MARKER, session_id)
    _remove(blobs, erased_prefixes(session_id))


def expire_words(blobs: BlobStore, session_id: str) -> None:
    """Mark that the text of the session is gone, then remove it. Blocking; repeatable."""
    _mark(blobs, EXPIRY_MARKER, session_id)
    _remove(blobs, expired_prefixes(session_id))


def _mark(blobs: BlobStore, kind: ObjectKind, session_id: str) -> None:
    blobs.put(kind.key(session_id=session_id), b"", kind.content_type)


def _remove(blobs: BlobStore, prefixes: tuple[str, ...]) -> None:
    for prefix in prefixes:
        if keys := blobs.keys(prefix):
            blobs.delete(keys)


def is_expired(blobs: BlobStore, session_id: str) -> bool:
    """Whether the text of the session was removed. Blocking."""
    return bool(blobs.keys(EXPIRY_MARKER.key(session_id=session_id)))


def is_erased(blobs: BlobStore, session_id: str) -> bool:
    """Whether the session is marked. Blocking."""
    return bool(blobs.keys(ERASURE_MARKER.key(session_id=session_id)))
