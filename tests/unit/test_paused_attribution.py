"""A worker of the folds sleeps in the middle of an event, and somebody erases the session.

Another worker has its partitions, and handles the erasure. The broker refuses what the sleeper
publishes when it wakes up. Nobody refuses the objects that it writes.
"""

import threading
import time
from collections.abc import Callable

import pytest

from adapters.erasure.erasable_objects import ErasableObjects, erase_session, expire_text
from adapters.objects.store import BlobStore
from adapters.settings import Settings
from schemas.event import Pointer
from schemas.ids import SessionId
from schemas.object_kinds import ATTRIBUTED_WORDS, expired_prefixes, kind_of
from schemas.rejections import Rejected
from schemas.stages import ATTRIBUTION
from streams.attribution import effects
from streams.guarded import guarded
from streams.store import Store
from tests.guide.memory_stack import clock
from tests.guide.phone import SESSION
from tests.memory_blob_store import MemoryBlobStore
from tests.recorded_sessions import counted
from tests.recorded_stack import Recording


class Sleeper(MemoryBlobStore):
    """Before a window's words are written, `meanwhile` happens."""

    meanwhile: Callable[[BlobStore, SessionId], None] | None = None

    def put(self, key: str, body: bytes, content_type: str, sha256: str = "") -> Pointer:
        if kind_of(key) is ATTRIBUTED_WORDS and self.meanwhile is not None:
            meanwhile = self.meanwhile
            self.meanwhile = None
            meanwhile(self, SESSION)
        return super().put(key, body, content_type, sha256)


@pytest.mark.parametrize("removal", [erase_session, expire_text])
def test_nothing_that_it_writes_stays(removal: Callable[[BlobStore, SessionId], None]) -> None:
    blobs = Sleeper()
    blobs.meanwhile = removal
    attributed(counted(), blobs)
    assert blobs.meanwhile is None
    assert texts(blobs) == []


class Crowded(MemoryBlobStore):
    """The session is erased while window 6 is written, and one before it has no words then."""

    def __init__(self) -> None:
        super().__init__()
        self._is_erased = threading.Event()
        self._has_failed = threading.Event()
        self.has_written = threading.Event()

    def get(self, pointer: Pointer) -> bytes:
        if "transcribed-000003" in pointer.key:
            self._is_erased.wait(5.0)
        try:
            return super().get(pointer)
        except Rejected:
            self._has_failed.set()
            raise

    def put(self, key: str, body: bytes, content_type: str, sha256: str = "") -> Pointer:
        if "attributed-000006" not in key or self._is_erased.is_set():
            return super().put(key, body, content_type, sha256)
        erase_session(self, SESSION)
        self._is_erased.set()
        self._has_failed.wait(5.0)
        time.sleep(0.1)  # the other one gives up meanwhile
        found = super().put(key, body, content_type, sha256)
        self.has_written.set()
        return found


def test_nothing_stays_of_a_window_that_is_written_while_another_one_fails() -> None:
    """Before, the look for markers did not wait for windows that were still under way."""
    blobs = Crowded()
    attributed(counted(6), blobs)
    assert blobs.has_written.wait(5.0)
    assert texts(blobs) == []


def texts(blobs: BlobStore) -> list[str]:
    return [key for prefix in expired_prefixes(SESSION) for key in blobs.keys(prefix)]


def attributed(on: Recording, blobs: MemoryBlobStore) -> None:
    """Runs the fold over what it read in the session. The store has the objects of the others."""
    for key, body in on.objects.items():
        if kind_of(key) is not ATTRIBUTED_WORDS:
            MemoryBlobStore.put(blobs, key, body, "")
    run = guarded(ErasableObjects(blobs), effects.shape(blobs, clock, Settings().window_ms).run)
    table: dict[str, bytes] = {}
    for _, event in on.read_by(ATTRIBUTION.reads):
        store = Store(table.get)
        run(store, event)
        store.write_to(table)
