"""The port of the object store, and the operations on it that every adapter shares."""

import hashlib
from typing import Protocol

from schemas.event import Pointer
from schemas.ids import erased_key, expired_key, session_prefixes, words_prefix


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
