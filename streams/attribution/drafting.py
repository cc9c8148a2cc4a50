"""While the phone records: who is speaking, as far as is known. Nothing of it reaches a total."""

from msgspec.structs import replace

from schemas.ids import SessionId
from schemas.ranges import add
from schemas.speech_events import ProvisionalSpeakersIdentified, WindowResult, WindowTranscribed
from streams.attribution.state import DraftWindow, Held, Join, Order, SketchVoices, key_of
from streams.store import Store

SKETCHED = 15
"""Windows that are clustered again for each provisional answer, five minutes: its cost does not grow with the session."""


def on_result(store: Store, join: Join, event: WindowResult) -> tuple[Join, list[Order]]:
    """A window has words or voices, and the session is not sealed yet."""
    if isinstance(event, WindowTranscribed):
        return join, _draft(store, join, event.session_id, event.window)
    return _sketch(
        store,
        replace(join, voiced=add(join.voiced, event.window, event.window + 1)),
        event.session_id,
    )


def _sketch(store: Store, join: Join, session_id: SessionId) -> tuple[Join, list[Order]]:
    known = join.sketch.through if join.sketch else 0
    through = join.voiced[0][1] if join.voiced and join.voiced[0][0] == 0 else 0
    # One at a time, so that each answer is matched to the one before; but an answer that never comes holds up one window only.
    if through <= known or (join.asked > known and through < join.asked + 2):
        return join, []
    first = max(0, through - SKETCHED)
    held = [
        store.get(key_of(session_id, "voiced", window), Held) for window in range(first, through)
    ]
    voices = tuple(h.result if h else None for h in held)
    return replace(join, asked=through), [
        SketchVoices(session_id, first, through, voices, join.sketch.turns if join.sketch else None)
    ]


def on_sketched(
    store: Store, join: Join, event: ProvisionalSpeakersIdentified
) -> tuple[Join, list[Order]]:
    """Somebody was found in the windows so far: what they said can be shown."""
    known = join.sketch.through if join.sketch else 0
    if event.through <= known:
        return join, []
    join = replace(join, sketch=event)
    drafts = [
        order
        for window in range(known, event.through)
        for order in _draft(store, join, event.session_id, window)
    ]
    join, sketches = _sketch(store, join, event.session_id)
    return join, [*drafts, *sketches]


def _draft(store: Store, join: Join, session_id: SessionId, window: int) -> list[Order]:
    words = store.get(key_of(session_id, "words", window), Held)
    if (
        join.sketch is None
        or words is None
        or words.result is None
        or not join.sketch.through - SKETCHED <= window < join.sketch.through
    ):
        return []
    return [DraftWindow(session_id, window, words.result, join.sketch.turns)]
