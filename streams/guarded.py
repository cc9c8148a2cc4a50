"""Folds that read objects, and leave erased sessions alone."""

from adapters.erasure.erasable_objects import ErasableObjects
from schemas.event import Event, SessionEvent
from schemas.rejections import Rejected
from streams.fold import Outputs, Run
from streams.store import Store


def guarded(objects: ErasableObjects, run: Run) -> Run:
    """`run` for a fold that reads objects. Blocking; raises what `run` raises.

    An object that is missing because its session was erased, or its text expired, drops the event
    instead of dead-lettering it.
    """

    def guarded_run(store: Store, event: Event) -> Outputs:
        try:
            return run(store, event)
        except Rejected:
            if not isinstance(event, SessionEvent) or not objects.may_be_gone(event.session_id):
                raise
            store.discard()
            return []

    return guarded_run
