"""Pure: the whole set of counted words of one window."""

from dataclasses import dataclass

from msgspec.structs import replace

from schemas.event import Event
from schemas.objects import AttributedWords
from schemas.session_events import ErasureSettled, SessionErased, TextExpired
from schemas.word_events import ProvisionalWordsAttributed, WordsAttributed
from streams.tally.announce import provisional_words_counted, words_counted
from streams.tally.counter import Counter
from streams.tally.state import Tallied, TalliedSession, Tally


@dataclass(frozen=True)
class Words:
    """The words of a window, and the counter of the lexicon that counts them."""

    words: AttributedWords
    counter: Counter


def is_newest(state: Tally, event: WordsAttributed) -> bool:
    """Returns whether no newer generation of the window was counted."""
    return state.tallied is None or event.generation >= state.tallied.generation


def decide(state: Tally, event: Event, inputs: Words | None) -> Tally:
    """Counts a window, or closes the session. Repeatable: the same event gives the same rows."""
    match event:
        case ErasureSettled():
            return replace(state, session=None)
        case SessionErased() | TextExpired():
            return replace(state, session=TalliedSession(is_closed=True))
        case WordsAttributed() if inputs is not None:
            return _counted(state, event, inputs)
        case ProvisionalWordsAttributed() if inputs is not None:
            counted = inputs.counter.count_window(inputs.words)
            version = inputs.counter.version
            said = provisional_words_counted(event, inputs.words, version, counted)
            return replace(state, counted=said)
    return state


def _counted(state: Tally, event: WordsAttributed, inputs: Words) -> Tally:
    counted = inputs.counter.count_window(inputs.words)
    most = max(len(counted), state.tallied.most if state.tallied else 0)
    known = state.session or TalliedSession()
    return replace(
        state,
        session=replace(known, windows=max(known.windows, event.window + 1)),
        tallied=Tallied(generation=event.generation, most=most),
        counted=words_counted(event, inputs.words, inputs.counter.version, counted, most),
    )
