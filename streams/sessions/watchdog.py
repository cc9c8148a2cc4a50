"""Pure: what a sealed session lacks is asked for again, and named when it does not come.

Messages and objects get lost. Everything that is lacking is made anew from what is before it: a
window from its chunks, speakers and counts from the windows. Each time costs more and waits longer.
After MOST_TRIES it is missing audio, so that the rest can go on. Where nothing can go on without
it, the session has failed (ADR 0021).
"""

from msgspec.structs import replace

from schemas.ranges import Ranges, add, covers, missing, numbers, union
from schemas.session_events import Failure, State, Tick, WorkFailed
from streams.sessions import generations, windows
from streams.sessions.state import Rules, Session, Timing

MOST_TRIES = 3
"""Times that something is asked for again since somebody last asked for a generation."""
FAULT_SHARE = 12
"""A stage that says that it gave up is waited for a twelfth of the time that silence is."""


def wait_ms(session: Timing, rules: Rules) -> int:
    """Returns how long nothing may come before something is done. Twice as long each time."""
    doublings = min(session.tries, MOST_TRIES - 1)
    patience_ms = rules.patience_ms << doublings
    if session.fault is not None:
        return patience_ms // FAULT_SHARE
    return patience_ms


def is_overdue(session: Timing, event: Tick, rules: Rules) -> bool:
    """Returns whether the wait is over.

    A session whose messages are still to be handled is not silent: a stage that works more slowly
    than people talk has lost nothing. A stage that gave up said so.
    """
    handled_ms = event.handled_until_ms
    is_silent = handled_ms is not None and session.progressed_ms <= handled_ms
    if session.fault is None and not is_silent:
        return False
    return event.now_ms - session.progressed_ms >= wait_ms(session, rules)


def noted(former: Session, session: Session, now_ms: int) -> Session:
    """Notes that something of the session came. A failed one is worked on again."""
    if session.state not in (State.PROCESSING, State.FAILED) or session.is_text_gone:
        return session
    if _marks(session) == _marks(former):
        return session
    session = replace(session, progressed_ms=max(session.progressed_ms, now_ms))
    if session.state is not State.FAILED:
        return session
    return replace(session, state=State.PROCESSING, failure=None)


def _marks(session: Session) -> tuple[object, ...]:
    return (
        session.generation,
        session.transcribed,
        session.voiced,
        session.is_identified,
        session.counted_now,
        session.totalled_of,
        session.tries,
    )


def on_fault(session: Session, event: WorkFailed) -> Session:
    """A stage gave something of the present generation up."""
    if session.state is not State.PROCESSING or event.generation != session.generation:
        return session
    suspects = session.suspects
    if event.window is not None and event.window < len(session.revisions):
        suspects = add(suspects, event.window, event.window + 1)
    progressed_ms = max(session.progressed_ms, event.occurred_at_ms)
    return replace(session, suspects=suspects, fault=event.reason, progressed_ms=progressed_ms)


def on_overdue(session: Session, rules: Rules) -> Session:
    """Asks again for what is lacking, or names it. Call it when the wait is over."""
    unanswered = _unanswered(session)
    has_tries_left = session.tries < MOST_TRIES
    if has_tries_left and unanswered:
        return _asked_again(session)
    if has_tries_left:
        return _made_anew(session, rules)
    if unanswered:
        return _without(session, unanswered)
    return _named(session, rules)


def _unanswered(session: Session) -> Ranges:
    """The windows that lack their words or their voices."""
    whole = len(session.revisions)
    no_words = missing(session.transcribed, 0, whole)
    no_voices = missing(session.voiced, 0, whole)
    return union([*no_words, *no_voices])


def _asked_again(session: Session) -> Session:
    """The windows that the workers have are sent to them once more, at the same revision."""
    return replace(session, tries=session.tries + 1, fault=None)


def _made_anew(session: Session, rules: Rules) -> Session:
    """Opens a generation. The first one uses the windows' results: a message may be lost.

    Later ones work on the windows again that nobody counted, or on all when nobody is identified.
    """
    again = session.suspects
    if not again and session.tries:
        again = session.uncounted if session.is_identified else _all_windows(session)
    session = replace(session, tries=session.tries + 1, fault=None, suspects=())
    if again:
        session = windows.work_again(session, rules, numbers(again))
    return windows.release(generations.opened(session, rules), rules)


def _without(session: Session, lost: Ranges) -> Session:
    """These windows are missing audio: the session answers for the stages."""
    whole = _all_windows(session)
    return replace(
        session,
        given_up=union([*session.given_up, *lost]),
        transcribed=whole,
        voiced=whole,
        queue=(),
        in_flight=(),
        fault=None,
    )


def _all_windows(session: Session) -> Ranges:
    return ((0, len(session.revisions)),)


def _named(session: Session, rules: Rules) -> Session:
    """Gives the windows up that are at fault. When none is left to give up, the session failed."""
    lost = session.suspects
    if not lost and session.is_identified:
        lost = session.uncounted
    if all(covers(session.given_up, n, n + 1) for n in numbers(lost)):
        return replace(session, state=State.FAILED, failure=_failure(session))
    session = replace(session, suspects=())
    session = windows.work_again(session, rules, numbers(lost))
    session = _without(session, lost)
    return generations.opened(session, rules)


def _failure(session: Session) -> Failure:
    if session.is_identified:
        return Failure.WORDS_NOT_COUNTED
    return Failure.SPEAKERS_NOT_IDENTIFIED
