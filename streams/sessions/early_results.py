"""Pure: results of windows that came before their revision was asked for."""

from msgspec.structs import replace

from schemas.ranges import Ranges, add, covers
from schemas.speech_events import WindowResult, WindowTranscribed
from streams.sessions.number_sets import without
from streams.sessions.state import Session


def remember(session: Session, event: WindowResult) -> Session:
    """Returns the session with a result that waits until its revision is asked for."""
    if isinstance(event, WindowTranscribed):
        transcribed = _newest(session.ahead.transcribed, event)
        return replace(session, ahead=replace(session.ahead, transcribed=transcribed))
    voiced = _newest(session.ahead.voiced, event)
    return replace(session, ahead=replace(session.ahead, voiced=voiced))


def _newest(waiting: dict[int, int], event: WindowResult) -> dict[int, int]:
    return {
        **waiting,
        event.window: max(event.revision, waiting.get(event.window, 0)),
    }


def taken(session: Session) -> Session:
    """Returns the session with the results whose revision is asked for by now.

    Windows that have both results leave the queue and the workers.
    """
    if not session.ahead.transcribed and not session.ahead.voiced:
        return session
    waiting = {*session.ahead.transcribed, *session.ahead.voiced}
    transcribed, words_ahead = _taken(session, session.transcribed, session.ahead.transcribed)
    voiced, voices_ahead = _taken(session, session.voiced, session.ahead.voiced)
    ahead = replace(session.ahead, transcribed=words_ahead, voiced=voices_ahead)
    session = replace(session, ahead=ahead, transcribed=transcribed, voiced=voiced)
    # No other window can have become done.
    done = {window for window in waiting if _is_done(session, window)}
    return replace(
        session,
        queue=without(session.queue, done),
        in_flight=without(session.in_flight, done),
    )


def _taken(
    session: Session, done: Ranges, waiting: dict[int, int]
) -> tuple[Ranges, dict[int, int]]:
    left: dict[int, int] = {}
    for window, revision in waiting.items():
        wanted = session.revision(window)
        if revision == wanted:
            done = add(done, window, window + 1)
        elif revision > wanted:
            left[window] = revision
    return done, left


def _is_done(session: Session, window: int) -> bool:
    is_transcribed = covers(session.transcribed, window, window + 1)
    return is_transcribed and covers(session.voiced, window, window + 1)
