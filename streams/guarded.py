"""Folds that read or write objects, and leave erased sessions alone."""

from adapters.erasure.erasable_objects import ErasableObjects
from schemas.event import Event, SessionEvent
from schemas.rejections import Rejected
from schemas.session_events import SessionErased
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


def erasing(objects: ErasableObjects, run: Run) -> Run:
    """`run` for a fold that writes objects. Blocking; raises what `run` raises.

    After SessionErased, what the fold wrote since the request is removed: a fold handles the events
    of a session one by one, so no later one writes anything.
    """

    def erasing_run(store: Store, event: Event) -> Outputs:
        outputs = run(store, event)
        if isinstance(event, SessionErased):
            objects.remove({event.session_id})
        return outputs

    return erasing_run
