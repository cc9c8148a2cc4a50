"""Folds that read objects: those of an erased session, or of an expired text, may be gone before the fold heard of it."""

from adapters.objects.store import BlobStore, is_erased, is_expired
from schemas.event import Event, SessionEvent
from schemas.rejections import Rejected
from streams.fold import Outputs, Run
from streams.store import Store


def unless_erased(blobs: BlobStore, run: Run) -> Run:
    """`run`, but what fails because somebody wanted it gone is dropped and no dead letter. Blocking."""

    def guarded(store: Store, event: Event) -> Outputs:
        try:
            return run(store, event)
        except Rejected:
            if not isinstance(event, SessionEvent) or not (
                is_erased(blobs, event.session_id) or is_expired(blobs, event.session_id)
            ):
                raise
            store.writes.clear()
            return []

    return guarded
