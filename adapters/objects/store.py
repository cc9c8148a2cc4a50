"""The port of the object store, and what works on every adapter of it."""

import hashlib
from typing import Protocol

from schemas.event import Pointer
from schemas.object_kinds import ObjectKind


class BlobStore(Protocol):
    """Port. Calls block, are repeatable, and raise TransientError when the store is away."""

    def put(self, key: str, body: bytes, content_type: str) -> Pointer:
        """Write the whole object; returns its pointer."""

    def get(self, pointer: Pointer) -> bytes:
        """The object's bytes. Raises Rejected: object_missing or object_damaged."""

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin with `prefix`, in order."""

    def delete(self, keys: list[str]) -> None:
        """Remove objects; absent ones are no error."""


def pointer(key: str, body: bytes) -> Pointer:
    """The pointer to an object: events carry it instead of the bytes."""
    sha256 = hashlib.sha256(body).hexdigest()
    return Pointer(key=key, sha256=sha256, size=len(body))


def put_by_digest(blobs: BlobStore, kind: ObjectKind, body: bytes, **values: str | int) -> Pointer:
    """Write `body` under the key of `kind` with `values` and its digest. Blocking.

    Work done twice writes the same object.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    key = kind.key(sha256=sha256, **values)
    return blobs.put(key, body, kind.content_type)
