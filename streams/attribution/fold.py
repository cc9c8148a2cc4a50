"""The join: which windows of the sealed generation have voices and words, and what can be done about it."""

from msgspec.structs import replace

from schemas.event import Event
from schemas.ranges import Ranges, add, covers
from schemas.session_events import SessionErased, SessionSealed, SpeakersConstrained, TextExpired
from schemas.speech_events import (
    ProvisionalSpeakersIdentified,
    SpeakersIdentified,
    WindowResult,
    WindowTranscribed,
    WindowVoiced,
)
from streams.attribution import provisional
from streams.attribution.state import (
    AttributeWindow,
    CompleteVoices,
    Order,
    SessionJoin,
    StageResult,
    key_of,
)
from streams.store import Store


def fold(store: Store, event: Event) -> list[Order]:
    """What to do after `event`. A repeated event gives the same orders; an older generation gives none."""
    if not isinstance(
        event,
        SpeakersConstrained
        | SessionSealed
        | WindowResult
        | SpeakersIdentified
        | ProvisionalSpeakersIdentified
        | SessionErased
        | TextExpired,
    ):
        return []
    join = store.get(event.session_id, SessionJoin) or SessionJoin()
    if join.is_closed and not isinstance(event, SessionErased):
        return []
    orders: list[Order] = []
    match event:
        case SessionErased() | TextExpired():
            join = SessionJoin(is_closed=True)
        case SpeakersConstrained():
            join = replace(join, constrained=event)
        case SessionSealed():
            join, orders = _on_sealed(store, join, event)
        case WindowResult():
            join, orders = _on_result(store, join, event)
        case SpeakersIdentified():
            join, orders = _on_identified(store, join, event)
        case ProvisionalSpeakersIdentified():
            join, orders = (
                provisional.on_speakers(store, join, event) if join.sealed is None else (join, [])
            )
    store.put(event.session_id, join)
    return orders


def _held(store: Store, sealed: SessionSealed, stage: str, window: int) -> StageResult | None:
    found = store.get(key_of(sealed.session_id, stage, window), StageResult)
    return found if found and found.revision == sealed.windows[window] else None


def _on_sealed(
    store: Store, join: SessionJoin, event: SessionSealed
) -> tuple[SessionJoin, list[Order]]:
    if join.sealed and event.generation < join.sealed.generation:
        return join, []
    voiced: Ranges = ()
    for window in range(len(event.windows)):
        if _held(store, event, "voiced", window):
            voiced = add(voiced, window, window + 1)
    join = replace(join, sealed=event, voiced=voiced, identified=None)
    return join, _complete(store, join)


def _on_result(
    store: Store, join: SessionJoin, event: WindowResult
) -> tuple[SessionJoin, list[Order]]:
    stage = "voiced" if isinstance(event, WindowVoiced) else "words"
    key = key_of(event.session_id, stage, event.window)
    held = store.get(key, StageResult)
    if held is None or held.revision < event.revision:
        store.put(
            key, StageResult(revision=event.revision, result=event.result, missing=event.missing)
        )
    sealed = join.sealed
    if sealed is None:
        return provisional.on_result(store, join, event)
    if event.window >= len(sealed.windows) or sealed.windows[event.window] != event.revision:
        return join, []
    if isinstance(event, WindowTranscribed):
        return join, _attribute(store, join, event.window)
    join = replace(join, voiced=add(join.voiced, event.window, event.window + 1))
    return join, _complete(store, join)


def _complete(store: Store, join: SessionJoin) -> list[Order]:
    sealed = join.sealed
    if sealed is None or not sealed.windows or not covers(join.voiced, 0, len(sealed.windows)):
        return []
    held = [_held(store, sealed, "voiced", window) for window in range(len(sealed.windows))]
    constraints = (
        join.constrained.constraints
        if join.constrained and join.constrained.generation == sealed.generation
        else ()
    )
    return [
        CompleteVoices(
            sealed, tuple(h.result if h else None for h in held), join.former, constraints
        )
    ]


def _on_identified(
    store: Store, join: SessionJoin, event: SpeakersIdentified
) -> tuple[SessionJoin, list[Order]]:
    if join.sealed is None or event.generation != join.sealed.generation:
        return join, []
    windows = range(len(join.sealed.windows))
    join = replace(join, identified=event, former=event.turns)
    return join, [order for window in windows for order in _attribute(store, join, window)]


def _attribute(store: Store, join: SessionJoin, window: int) -> list[Order]:
    if join.sealed is None or join.identified is None:
        return []
    words = _held(store, join.sealed, "words", window)
    if words is None:
        return []
    return [
        AttributeWindow(join.sealed, window, words.result, join.identified.turns, words.missing)
    ]
