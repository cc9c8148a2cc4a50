"""A worker of the folds sleeps in the middle of an event, and somebody erases the session.

Another worker has its partitions, and handles the erasure. The broker refuses what the sleeper
publishes when it wakes up. Nobody refuses the objects that it writes.
"""

from collections.abc import Callable

import pytest

from adapters.erasure.erasable_objects import ErasableObjects, erase_session, expire_text
from adapters.objects.store import BlobStore
from adapters.settings import Settings
from schemas.event import Pointer
from schemas.ids import SessionId
from schemas.object_kinds import ATTRIBUTED_WORDS, expired_prefixes, kind_of
from schemas.stages import ATTRIBUTION
from streams.attribution import effects
from streams.guarded import guarded
from streams.store import Store
from tests.guide.memory_stack import clock
from tests.guide.phone import SESSION
from tests.memory_blob_store import MemoryBlobStore
from tests.recorded_sessions import counted


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
    on = counted()
    blobs = Sleeper()
    for key, body in on.objects.items():
        if kind_of(key) is not ATTRIBUTED_WORDS:
            blobs.put(key, body, "")
    blobs.meanwhile = removal
    run = guarded(ErasableObjects(blobs), effects.shape(blobs, clock, Settings().window_ms).run)
    table: dict[str, bytes] = {}
    for _, event in on.read_by(ATTRIBUTION.reads):
        store = Store(table.get)
        run(store, event)
        store.write_to(table)
    assert blobs.meanwhile is None
    assert [key for prefix in expired_prefixes(SESSION) for key in blobs.keys(prefix)] == []
