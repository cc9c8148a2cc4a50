"""Pure: the orders that follow from what became different in a session."""

from collections.abc import Callable

from schemas.event import Event
from schemas.ranges import covers
from schemas.word_events import SliceAttributed
from streams.attribution import provisional
from streams.attribution.state import (
    AttributeWindow,
    Attribution,
    CompleteVoices,
    GoOn,
    Order,
    StageResult,
    became_attributable,
)
from streams.seals import constraints_of

OrderOf = Callable[[Attribution], Order | None]
NO_WORDS = StageResult(revision=0, result=None, missing=())
"""Stands for the neighbour that the first and the last window lack. Nobody waits for it."""


def announce(before: Attribution, after: Attribution, cause: Event) -> list[Order]:
    """Returns the clusterings and the words that became possible. Nothing for a closed session."""
    if after.known.sealed is None:
        return provisional.announce(before, after, cause)
    return [
        *_new(before, after, _completed),
        *_words(before, after, cause),
        *_new(before, after, _to_go_on),
    ]


def _new(before: Attribution, after: Attribution, order_of: OrderOf) -> list[Order]:
    order = order_of(after)
    return [order] if order is not None and order != order_of(before) else []


def _completed(state: Attribution) -> CompleteVoices | None:
    """Returns the order for a clustering that nobody has answered yet."""
    sealed = state.known.sealed
    identified = state.known.identified
    if sealed is None or not sealed.windows:
        return None
    if not covers(state.known.voiced, 0, len(sealed.windows)):
        return None
    if identified is not None and identified.generation >= sealed.generation:
        return None
    constraints = constraints_of(sealed, state.known.constrained)
    if constraints is None:
        return None
    voices = state.voices_of(range(len(sealed.windows)))
    former = identified.turns if identified else None
    return CompleteVoices(sealed, voices, former, constraints)


def _words(before: Attribution, after: Attribution, cause: Event) -> list[Order]:
    sealed = after.known.sealed
    if sealed is None or after.known.turns is None:
        return []
    first = before.known.through if isinstance(cause, SliceAttributed) else 0
    windows = range(first, after.known.through)
    return became_attributable(before, after, cause, windows, _attributable)


def _to_go_on(state: Attribution) -> GoOn | None:
    """Returns the order for the windows that have not had their turn."""
    sealed = state.known.sealed
    through = state.known.through
    if sealed is None or state.known.turns is None or through >= len(sealed.windows):
        return None
    return GoOn(sealed, through)


def _attributable(state: Attribution, window: int) -> AttributeWindow | None:
    sealed = state.known.sealed
    turns = state.known.turns
    if sealed is None or turns is None or window >= state.known.through:
        return None
    words = _sealed_words(state, window)
    before = _sealed_words(state, window - 1)
    after = _sealed_words(state, window + 1)
    if words is None or before is None or after is None:
        return None
    return AttributeWindow(
        sealed, window, words.result, turns, words.missing, before.result, after.result
    )


def _sealed_words(state: Attribution, window: int) -> StageResult | None:
    """Returns the words of the sealed revision, NO_WORDS outside the session, None before."""
    sealed = state.known.sealed
    if sealed is not None and not 0 <= window < len(sealed.windows):
        return NO_WORDS
    words = state.words(window)
    if words is None or words.revision != state.known.revision(window):
        return None
    return words
