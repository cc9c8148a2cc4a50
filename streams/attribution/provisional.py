"""Pure: speakers and words of a session that goes on. Nothing of it reaches a total."""

from msgspec.structs import replace

from schemas.event import Pointer
from schemas.ids import SessionId
from schemas.ranges import add
from schemas.speech_events import ProvisionalSpeakersIdentified, WindowResult, WindowTranscribed
from streams.attribution.state import (
    AttributeProvisionalWindow,
    CompleteProvisionalVoices,
    Order,
    SessionJoin,
    StageResult,
    voices_key,
    words_key,
)
from streams.store import Store

PROVISIONAL_WINDOWS = 15
"""Windows that are clustered for each provisional answer: five minutes of 20 s.

The cost of an answer does not grow with the session.
"""
Decision = tuple[SessionJoin, list[Order]]


def on_result(store: Store, join: SessionJoin, event: WindowResult) -> Decision:
    """A window has words or voices, and the session is not sealed yet."""
    if isinstance(event, WindowTranscribed):
        return join, _attribute_provisional(store, join, event.session_id, event.window)
    voiced = add(join.voiced, event.window, event.window + 1)
    return _complete_provisional(store, replace(join, voiced=voiced), event.session_id)


def on_speakers(store: Store, join: SessionJoin, event: ProvisionalSpeakersIdentified) -> Decision:
    """An answer came: its new windows get their speakers, and the next request may follow.

    An answer that covers no more windows than the one before changes nothing.
    """
    answered = join.answered_through
    if event.through <= answered:
        return join, []
    requested = max(join.requested_through, event.through)
    join = replace(join, provisional=event, requested_through=requested)
    orders: list[Order] = []
    for window in range(answered, event.through):
        orders += _attribute_provisional(store, join, event.session_id, window)
    join, requests = _complete_provisional(store, join, event.session_id)
    return join, [*orders, *requests]


def _complete_provisional(store: Store, join: SessionJoin, session_id: SessionId) -> Decision:
    through = _voiced_from_the_start(join)
    if through <= join.answered_through or _waits_for_an_answer(join, through):
        return join, []
    first = max(0, through - PROVISIONAL_WINDOWS)
    voices = tuple(_voices(store, session_id, window) for window in range(first, through))
    former = join.provisional.turns if join.provisional else None
    order = CompleteProvisionalVoices(session_id, first, through, voices, former)
    return replace(join, requested_through=through), [order]


def _voiced_from_the_start(join: SessionJoin) -> int:
    if not join.voiced:
        return 0
    first, end = join.voiced[0]
    return end if first == 0 else 0


def _waits_for_an_answer(join: SessionJoin, through: int) -> bool:
    # One request at a time, so that each answer continues the one before. An answer that never
    # comes holds up one window only.
    is_open = join.requested_through > join.answered_through
    return is_open and through < join.requested_through + 2


def _voices(store: Store, session_id: SessionId, window: int) -> Pointer | None:
    voices = store.get(voices_key(session_id, window), StageResult)
    return voices.result if voices else None


def _attribute_provisional(
    store: Store, join: SessionJoin, session_id: SessionId, window: int
) -> list[Order]:
    answer = join.provisional
    words = store.get(words_key(session_id, window), StageResult)
    if answer is None or words is None or words.result is None:
        return []
    if not answer.through - PROVISIONAL_WINDOWS <= window < answer.through:
        return []
    return [AttributeProvisionalWindow(session_id, window, words.result, answer.turns)]
