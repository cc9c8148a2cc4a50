"""Pure: joins words and voices of the sealed generation, and orders what the join allows."""

from msgspec.structs import replace

from schemas.event import Event, SessionEvent
from schemas.ids import SessionId
from schemas.ranges import Ranges, add, covers, remove
from schemas.session_events import (
    Constraint,
    ErasureSettled,
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
    if isinstance(event, ErasureSettled):
        store.delete(event.session_id)
        return []
    join = store.get(event.session_id, SessionJoin) or SessionJoin()
    if join.is_closed:
        return []
    after, orders = _decide(store, join, event)
    if after.is_closed:
        _forget(store, event.session_id, join)
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
    join = replace(join, sealed=event, voiced=voiced, provisional=None, requested_through=0)
    return join, [*_complete(store, join), *_attribute_all(store, join)]


def _on_result(store: Store, join: SessionJoin, event: WindowResult) -> Decision:
    _remember(store, event)
    window = event.window
    join = replace(join, windows=max(join.windows, window + 1))
    sealed = join.sealed
    if sealed is None:
        return provisional.on_result(store, join, event)
    if isinstance(event, WindowTranscribed):
        return join, _attribute(store, join, window)
    # A newer revision took the place of the sealed one: its generation is still to be read.
    change = add if _sealed_voices(store, sealed, window) else remove
    join = replace(join, voiced=change(join.voiced, window, window + 1))
    return join, _complete(store, join)


def _on_identified(store: Store, join: SessionJoin, event: SpeakersIdentified) -> Decision:
    if join.identified is not None and event.generation < join.identified.generation:
        return join, []
    join = replace(join, identified=event)
    return join, _attribute_all(store, join)


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
    identified = join.identified
    if identified is not None and identified.generation >= sealed.generation:
        return []  # it is answered
    results = [_sealed_voices(store, sealed, window) for window in range(len(sealed.windows))]
    voices = tuple(result.result if result else None for result in results)
    former = identified.turns if identified else None
    return [CompleteVoices(sealed, voices, former, _constraints(join, sealed))]


def _constraints(join: SessionJoin, sealed: SessionSealed) -> tuple[Constraint, ...]:
    constrained = join.constrained
    if constrained is None or constrained.generation != sealed.generation:
        return ()
    return constrained.constraints


def _attribute_all(store: Store, join: SessionJoin) -> list[Order]:
    orders: list[Order] = []
    if join.sealed is not None and join.turns is not None:
        for window in range(len(join.sealed.windows)):
            orders += _attribute(store, join, window)
    return orders


def _attribute(store: Store, join: SessionJoin, window: int) -> list[Order]:
    sealed = join.sealed
    if sealed is None or join.turns is None:
        return []
    words = _of_generation(store, sealed, words_key(sealed.session_id, window), window)
    if words is None:
        return []
    return [AttributeWindow(sealed, window, words.result, join.turns, words.missing)]


def _sealed_voices(store: Store, sealed: SessionSealed, window: int) -> StageResult | None:
    return _of_generation(store, sealed, voices_key(sealed.session_id, window), window)


def _of_generation(
    store: Store, sealed: SessionSealed, key: str, window: int
) -> StageResult | None:
    if window >= len(sealed.windows):
        return None
    newest = store.get(key, StageResult)
    return newest if newest and newest.revision == sealed.windows[window] else None


def _forget(store: Store, session_id: SessionId, join: SessionJoin) -> None:
    for window in range(join.windows):
        store.delete(words_key(session_id, window))
        store.delete(voices_key(session_id, window))
