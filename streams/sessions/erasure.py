"""Pure: an erased session. Only its existence, its owner and its time are remembered."""

from dataclasses import replace as changed

from msgspec.structs import replace

from schemas.event import SessionEvent
from schemas.ids import NOBODY
from schemas.phone_events import ChunkUploaded
from schemas.rejections import KEY_REUSED
from schemas.session_events import State, Tick
from schemas.session_requests import EraseRequested
from streams.answers import is_older
from streams.sessions import events, request_answers
from streams.sessions.due import is_due
from streams.sessions.recorded import Recorded
from streams.sessions.request_answers import SessionRequest
from streams.sessions.state import Session


def on_erase(state: Recorded, event: EraseRequested) -> Recorded:
    """Removes everything that is known of the session. Only the owner may ask for it.

    A person who erases everything may come back: a session that began since then is not meant.
    """
    session = state.session
    if event.by != session.owner:
        return state.saying(request_answers.rejected(event, "not_yours"))
    if session.answers.get(event.request_id, event) is not None:
        return state.saying(request_answers.rejected(event, KEY_REUSED))
    if is_older(event, _began_ms(session)):
        return state.saying(request_answers.rejected(event, "begun_since"))
    session = _erased(session, event.occurred_at_ms)
    return state.having(session).saying(events.erased(session, event, event.request_id))


def _began_ms(session: Session) -> int:
    """When its start arrived. A row of a former version says when it was recorded, which is before.

    A clock that was ahead is set back to the moment of arrival.
    """
    return session.started_ms or session.recorded_at_ms - session.clock_ahead_ms


def _erased(session: Session, now_ms: int) -> Session:
    return Session(
        session_id=session.session_id,
        owner=session.owner,
        group_id=session.group_id,
        time_zone=session.time_zone,
        recorded_at_ms=session.recorded_at_ms,
        hint=None,
        state=State.ERASED,
        newest_ms=session.newest_ms,
        last_arrival_ms=now_ms,
        generation=session.generation + session.waiting,
    )


def after(state: Recorded, event: SessionEvent) -> Recorded:
    """Returns what an event changes of an erased session.

    A repeated request is answered again, and every other one is told why nothing follows. A chunk
    that was on its way has to be removed again. The mark leaves when nothing can be on its way any
    more, and so does the owner's id: the directory only says from then on that the session is
    erased.
    """
    session = state.session
    match event:
        case EraseRequested() if event.by == session.owner:
            row = events.listing(session, event)
            return state.saying(row, events.erased(session, event, event.request_id))
        case _ if isinstance(event, SessionRequest | EraseRequested):
            return state.saying(request_answers.rejected(event, "erased"))
        case ChunkUploaded():
            return state.saying(events.erased(session, event, ""))
        case Tick() if is_due(session, event, state.rules):
            nobodys = replace(session, owner=NOBODY)
            return changed(state, session=nobodys, has_left=True)
    return state
