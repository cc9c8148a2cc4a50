"""While the phone records: who is speaking, as far as is known. Nothing of it reaches a total."""

from msgspec.structs import replace

from schemas.ids import SessionId
from schemas.ranges import add
from schemas.speech_events import ProvisionalSpeakersIdentified, WindowResult, WindowTranscribed
from streams.attribution.state import (
    AttributeProvisionalWindow,
    CompleteProvisionalVoices,
    Order,
    SessionJoin,
    StageResult,
    key_of,
)
from streams.store import Store

PROVISIONAL_WINDOWS = 15
"""Windows that are clustered again for each provisional answer, five minutes: its cost does not grow with the session."""


def on_result(
    store: Store, join: SessionJoin, event: WindowResult
) -> tuple[SessionJoin, list[Order]]:
    """A window has words or voices, and the session is not sealed yet."""
    if isinstance(event, WindowTranscribed):
        return join, _attribute_provisional(store, join, event.session_id, event.window)
    return _complete_provisional(
        store,
        replace(join, voiced=add(join.voiced, event.window, event.window + 1)),
        event.session_id,
    )


def _complete_provisional(
    store: Store, join: SessionJoin, session_id: SessionId
) -> tuple[SessionJoin, list[Order]]:
    known = join.provisional.through if join.provisional else 0
    through = join.voiced[0][1] if join.voiced and join.voiced[0][0] == 0 else 0
    # One at a time, so that each answer is matched to the one before; but an answer that never comes holds up one window only.
    if through <= known or (
        join.requested_through > known and through < join.requested_through + 2
    ):
        return join, []
    first = max(0, through - PROVISIONAL_WINDOWS)
    held = [
        store.get(key_of(session_id, "voiced", window), StageResult)
        for window in range(first, through)
    ]
    voices = tuple(h.result if h else None for h in held)
    return replace(join, requested_through=through), [
        CompleteProvisionalVoices(
            session_id, first, through, voices, join.provisional.turns if join.provisional else None
        )
    ]


def on_speakers(
    store: Store, join: SessionJoin, event: ProvisionalSpeakersIdentified
) -> tuple[SessionJoin, list[Order]]:
    """Somebody was found in the windows so far: what they said can be shown."""
    known = join.provisional.through if join.provisional else 0
    if event.through <= known:
        return join, []
    join = replace(join, provisional=event)
    windows = [
        order
        for window in range(known, event.through)
        for order in _attribute_provisional(store, join, event.session_id, window)
    ]
    join, requests = _complete_provisional(store, join, event.session_id)
    return join, [*windows, *requests]


def _attribute_provisional(
    store: Store, join: SessionJoin, session_id: SessionId, window: int
) -> list[Order]:
    words = store.get(key_of(session_id, "words", window), StageResult)
    if (
        join.provisional is None
        or words is None
        or words.result is None
        or not join.provisional.through - PROVISIONAL_WINDOWS <= window < join.provisional.through
    ):
        return []
    return [AttributeProvisionalWindow(session_id, window, words.result, join.provisional.turns)]
