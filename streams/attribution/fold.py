"""Pure: joins words and voices of the sealed generation, and orders what the join allows."""

from msgspec.structs import replace

from schemas.event import Event, SessionEvent
from schemas.ranges import Ranges, add, covers
from schemas.session_events import (
    Constraint,
    SessionErased,
    SessionSealed,
    SpeakersConstrained,
    TextExpired,
)
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
    voices_key,
    words_key,
)
from streams.store import Store

Decision = tuple[SessionJoin, list[Order]]


def fold(store: Store, event: Event) -> list[Order]:
    """Returns what to do after `event`.

    A repeated event gives the same orders, an event of an older generation gives none.
    """
    if not isinstance(event, SessionEvent):
        return []
    join = store.get(event.session_id, SessionJoin) or SessionJoin()
    if join.is_closed:
        return []
    after, orders = _decide(store, join, event)
    if after != join:
        store.put(event.session_id, after)
    return orders


def _decide(store: Store, join: SessionJoin, event: SessionEvent) -> Decision:
    match event:
        case SessionErased() | TextExpired():
            return SessionJoin(is_closed=True), []
        case SpeakersConstrained():
            return replace(join, constrained=event), []
        case SessionSealed():
            return _on_sealed(store, join, event)
        case WindowResult():
            return _on_result(store, join, event)
        case SpeakersIdentified():
            return _on_identified(store, join, event)
        case ProvisionalSpeakersIdentified() if join.sealed is None:
            return provisional.on_speakers(store, join, event)
    return join, []


def _on_sealed(store: Store, join: SessionJoin, event: SessionSealed) -> Decision:
    if join.sealed and event.generation < join.sealed.generation:
        return join, []
    voiced: Ranges = ()
    for window in range(len(event.windows)):
        if _sealed_voices(store, event, window):
            voiced = add(voiced, window, window + 1)
    join = replace(join, sealed=event, voiced=voiced, identified=None)
    return join, _complete(store, join)


def _on_result(store: Store, join: SessionJoin, event: WindowResult) -> Decision:
    _remember(store, event)
    sealed = join.sealed
    if sealed is None:
        return provisional.on_result(store, join, event)
    if event.window >= len(sealed.windows) or sealed.windows[event.window] != event.revision:
        return join, []
    if isinstance(event, WindowTranscribed):
        return join, _attribute(store, join, event.window)
    join = replace(join, voiced=add(join.voiced, event.window, event.window + 1))
    return join, _complete(store, join)


def _on_identified(store: Store, join: SessionJoin, event: SpeakersIdentified) -> Decision:
    sealed = join.sealed
    if sealed is None or event.generation != sealed.generation:
        return join, []
    join = replace(join, identified=event, former=event.turns)
    orders: list[Order] = []
    for window in range(len(sealed.windows)):
        orders += _attribute(store, join, window)
    return join, orders


def _remember(store: Store, event: WindowResult) -> None:
    key_of = voices_key if isinstance(event, WindowVoiced) else words_key
    key = key_of(event.session_id, event.window)
    newest = store.get(key, StageResult)
    if newest is None or newest.revision < event.revision:
        result = StageResult(revision=event.revision, result=event.result, missing=event.missing)
        store.put(key, result)


def _complete(store: Store, join: SessionJoin) -> list[Order]:
    sealed = join.sealed
    if sealed is None or not sealed.windows or not covers(join.voiced, 0, len(sealed.windows)):
        return []
    results = [_sealed_voices(store, sealed, window) for window in range(len(sealed.windows))]
    voices = tuple(result.result if result else None for result in results)
    return [CompleteVoices(sealed, voices, join.former, _constraints(join, sealed))]


def _constraints(join: SessionJoin, sealed: SessionSealed) -> tuple[Constraint, ...]:
    constrained = join.constrained
    if constrained is None or constrained.generation != sealed.generation:
        return ()
    return constrained.constraints


def _attribute(store: Store, join: SessionJoin, window: int) -> list[Order]:
    sealed = join.sealed
    if sealed is None or join.identified is None:
        return []
    words = _of_generation(store, words_key(sealed.session_id, window), sealed.windows[window])
    if words is None:
        return []
    turns = join.identified.turns
    return [AttributeWindow(sealed, window, words.result, turns, words.missing)]


def _sealed_voices(store: Store, sealed: SessionSealed, window: int) -> StageResult | None:
    key = voices_key(sealed.session_id, window)
    return _of_generation(store, key, sealed.windows[window])


def _of_generation(store: Store, key: str, revision: int) -> StageResult | None:
    newest = store.get(key, StageResult)
    return newest if newest and newest.revision == revision else None
