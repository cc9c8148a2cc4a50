"""The port of the object store, and the operations on it that every adapter shares."""

import hashlib
from typing import Protocol

from schemas.event import Pointer
from schemas.object_kinds import ObjectKind


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
