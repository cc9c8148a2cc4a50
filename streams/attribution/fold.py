"""Pure: joins words and voices of the sealed generation."""

from dataclasses import replace as changed

from msgspec.structs import replace

from schemas.event import Event
from schemas.ranges import Ranges, add, remove
from schemas.session_events import (
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
from schemas.word_events import SliceAttributed
from streams.attribution import provisional
from streams.attribution.state import (
    Attribution,
    SessionJoin,
    StageResult,
    voices_key,
    words_key,
)
from streams.seals import newer, without_gaps


def decide(state: Attribution, event: Event, _inputs: None) -> Attribution:
    """Returns the session after `event`. A repeat, and an older generation, change nothing."""
    if isinstance(event, ErasureSettled):
        return changed(state, join=None)
    if state.known.is_closed:
        return state
    match event:
        case SessionErased() | TextExpired():
            return changed(state, join=SessionJoin(is_closed=True))
        case SpeakersConstrained():
            constrained = newer(state.known.constrained, event)
            return changed(state, join=replace(state.known, constrained=constrained))
        case SessionSealed():
            return _sealed(state, event)
        case WindowResult():
            return _landed(state, event)
        case SpeakersIdentified():
            return _identified(state, event)
        case SliceAttributed():
            return _sliced(state, event)
        case ProvisionalSpeakersIdentified():
            return changed(state, join=provisional.answered(state.known, event))
    return state


def _sealed(state: Attribution, event: SessionSealed) -> Attribution:
    join = state.known
    if join.sealed and event.generation < join.sealed.generation:
        return state
    voiced: Ranges = ()
    for window, revision in enumerate(event.windows):
        newest = state.voices(window)
        if newest and newest.revision == revision:
            voiced = add(voiced, window, window + 1)
    sealed = without_gaps(event)
    join = replace(join, sealed=sealed, voiced=voiced, provisional=None, requested_through=0)
    return changed(state, join=join)


def _landed(state: Attribution, event: WindowResult) -> Attribution:
    window = event.window
    state = _remembered(state, event)
    join = replace(state.known, windows=max(state.known.windows, window + 1))
    if isinstance(event, WindowTranscribed):
        return changed(state, join=join)
    if join.sealed is None:
        return changed(state, join=provisional.voiced(join, window))
    # A newer revision took the place of the sealed one: its generation is still to be read.
    newest = state.voices(window)
    is_sealed = newest is not None and newest.revision == join.revision(window)
    change = add if is_sealed else remove
    voiced = change(join.voiced, window, window + 1)
    return changed(state, join=replace(join, voiced=voiced))


def _remembered(state: Attribution, event: WindowResult) -> Attribution:
    key_of = voices_key if isinstance(event, WindowVoiced) else words_key
    key = key_of(event.session_id, event.window)
    newest = state.results.get(key)
    if newest is not None and newest.revision >= event.revision:
        return state
    result = StageResult(revision=event.revision, result=event.result, missing=event.missing)
    return changed(state, results=state.results.setting(key, result))


def _identified(state: Attribution, event: SpeakersIdentified) -> Attribution:
    identified = state.known.identified
    if identified is not None and event.generation < identified.generation:
        return state
    return changed(state, join=replace(state.known, identified=event))


def _sliced(state: Attribution, event: SliceAttributed) -> Attribution:
    known = state.known.sliced
    if known and (event.generation, event.through) <= (known.generation, known.through):
        return state
    return changed(state, join=replace(state.known, sliced=event))
