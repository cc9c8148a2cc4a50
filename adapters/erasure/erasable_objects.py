"""Objects of erased sessions and of expired texts: markers, and how the objects go. Blocking."""

from collections.abc import Sequence

from adapters.objects.store import BlobStore
from schemas.ids import SessionId
from schemas.object_kinds import (
    ERASURE_MARKER,
    EXPIRY_MARKER,
    ObjectKind,
    erased_prefixes,
    expired_prefixes,
)


def erase_session(blobs: BlobStore, session_id: SessionId) -> None:
    """Mark the session, then remove all of its objects. Repeatable.

    The marker stays, so that late work finds it. `forget_marks` removes it when it is old.
    """
    _mark(blobs, ERASURE_MARKER, session_id)
    _remove(blobs, erased_prefixes(session_id))


def expire_text(blobs: BlobStore, session_id: SessionId) -> None:
    """Mark that the text of the session is gone, then remove it. Repeatable."""
    _mark(blobs, EXPIRY_MARKER, session_id)
    _remove(blobs, expired_prefixes(session_id))


def is_erased(blobs: BlobStore, session_id: SessionId) -> bool:
    """Whether the session is marked."""
    return blobs.has(ERASURE_MARKER.key(session_id=session_id))


def is_expired(blobs: BlobStore, session_id: SessionId) -> bool:
    """Whether the text of the session was removed."""
    return blobs.has(EXPIRY_MARKER.key(session_id=session_id))


def forget_marks(blobs: BlobStore, sessions: Sequence[SessionId]) -> None:
    """Remove the markers of erased sessions of which nothing can come back. Repeatable."""
    markers = [ERASURE_MARKER.key(session_id=session) for session in sessions]
    blobs.delete(markers)


class ErasableObjects:
    """The object store as `ErasureGuard` needs it."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def erased(self, sessions: set[SessionId]) -> set[SessionId]:
        """The `sessions` that are marked. One look for each."""
        return {session for session in sessions if is_erased(self._blobs, session)}

    def remove(self, sessions: set[SessionId]) -> None:
        """Remove every object of these sessions."""
        for session in sessions:
            erase_session(self._blobs, session)

    def may_be_gone(self, session: SessionId) -> bool:
        """Whether an object of the session may be missing because somebody wanted it gone."""
        return is_erased(self._blobs, session) or is_expired(self._blobs, session)


class ErasableTexts(ErasableObjects):
    """The same for work that writes text: it also leaves sessions alone whose text expired."""

    def erased(self, sessions: set[SessionId]) -> set[SessionId]:
        """The `sessions` that are marked as erased, or as without text."""
        return {session for session in sessions if self.may_be_gone(session)}

    def remove(self, sessions: set[SessionId]) -> None:
        """Remove every object of erased sessions, and the text of the others."""
        erased = super().erased(sessions)
        super().remove(erased)
        for session in sessions - erased:
            expire_text(self._blobs, session)


def _mark(blobs: BlobStore, kind: ObjectKind, session_id: SessionId) -> None:
    blobs.put(kind.key(session_id=session_id), b"", kind.content_type)


def _remove(blobs: BlobStore, prefixes: tuple[str, ...]) -> None:
    for prefix in prefixes:
        blobs.abort_uploads(prefix)
        if keys := blobs.keys(prefix):
            blobs.delete(keys)
