"""Pure: the work that others get of a session: windows, clips, and answers that nobody gave."""

from schemas import topics
from schemas.event import SessionEvent
from schemas.fact_sheet import Topic
from schemas.ranges import covers, numbers
from schemas.rejections import Reason
from schemas.speech_events import (
    BacklogWindowReady,
    ClipOrder,
    ClipsWanted,
    SpeakersIdentified,
    WindowReady,
    WindowResult,
    WindowTranscribed,
    WindowVoiced,
)
from streams.fold import Outputs
from streams.sessions import windows
from streams.sessions.events import Sent
from streams.sessions.recorded import Recorded
from streams.sessions.state import Session

MOST_CHUNKS = 50
"""Of one clip, which is some seconds: each is named in a message, and a message has a bound."""


def ready(former: Session, state: Recorded, now_ms: int) -> Outputs:
    """Windows that transcribe and diarize can work on, live ones apart from those that catch up."""
    released = _released(former, state, now_ms)
    return [(_topic_of(window), window) for window in released]


def _topic_of(window: WindowReady) -> Topic:
    catches_up = isinstance(window, BacklogWindowReady)
    return topics.WINDOW_BACKLOG if catches_up else topics.WINDOW_READY


def _released(former: Session, state: Recorded, now_ms: int) -> list[WindowReady]:
    """Returns what the workers get: windows that they did not have, or are asked for again."""
    session = state.session
    is_asked_again = session.tries > former.tries
    released: list[WindowReady] = []
    for window in session.in_flight:
        is_known = window in former.in_flight
        is_same = is_known and session.revision(window) == former.revision(window)
        if is_asked_again or not is_same:
            released.append(_ready(state, window, now_ms))
    return released


def _ready(state: Recorded, window: int, now_ms: int) -> WindowReady:
    session = state.session
    rules = state.rules
    end_ms = windows.end_of(session, window, rules)
    is_last = end_ms < (window + 1) * rules.window_ms
    margin_ms = windows.audio_from(window, rules)
    catches_up = covers(session.catching_up, window, window + 1)
    kind = BacklogWindowReady if catches_up else WindowReady
    return kind(
        occurred_at_ms=now_ms,
        session_id=session.session_id,
        window=window,
        revision=session.revisions[window],
        start_ms=window * rules.window_ms,
        end_ms=end_ms,
        audio_from_ms=margin_ms,
        session_end_ms=session.total_ms if is_last else None,
        chunks=state.chunks_of(margin_ms, end_ms),
    )


def given_up(former: Session, state: Recorded, cause: SessionEvent) -> Outputs:
    """Answers in the place of the stages: all of these windows is missing audio."""
    session = state.session
    outputs: Outputs = []
    for window in numbers(session.given_up):
        is_new = session.revision(window) != former.revision(window)
        if is_new or not covers(former.transcribed, window, window + 1):
            outputs.append((topics.TRANSCRIBED, _lost(state, WindowTranscribed, window, cause)))
        if is_new or not covers(former.voiced, window, window + 1):
            outputs.append((topics.VOICED, _lost(state, WindowVoiced, window, cause)))
    return outputs


def _lost(
    state: Recorded, kind: type[WindowResult], window: int, cause: SessionEvent
) -> WindowResult:
    start_ms = window * state.rules.window_ms
    end_ms = windows.end_of(state.session, window, state.rules)
    return kind(
        occurred_at_ms=cause.occurred_at_ms,
        session_id=cause.session_id,
        window=window,
        revision=state.session.revision(window),
        result=None,
        failed=Reason.NO_ANSWER,
        missing=((start_ms, end_ms),),
        model="",
        work_ms=0,
    )


def clips(state: Recorded, identified: SpeakersIdentified) -> Sent:
    """Clips of the speakers are to be cut."""
    found = ClipsWanted(
        occurred_at_ms=identified.occurred_at_ms,
        session_id=identified.session_id,
        generation=identified.generation,
        clips=_clip_orders(state, identified),
    )
    return topics.CLIPS_WANTED, found


def _clip_orders(state: Recorded, identified: SpeakersIdentified) -> tuple[ClipOrder, ...]:
    """Returns the clips of the speakers, with the chunks that each is cut from.

    A clip of more than MOST_CHUNKS is left out.
    """
    orders: list[ClipOrder] = []
    for speaker in identified.speakers:
        for ordinal, span in enumerate(speaker.clips):
            chunks = state.chunks_of(*span)
            if len(chunks) > MOST_CHUNKS:
                continue
            order = ClipOrder(speaker=speaker.label, ordinal=ordinal, span=span, chunks=chunks)
            orders.append(order)
    return tuple(orders)
