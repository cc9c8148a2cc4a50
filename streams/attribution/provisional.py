"""Pure: speakers and words of a session that goes on. Nothing of it reaches a total."""

from msgspec.structs import replace

from schemas.event import Event
from schemas.ranges import add
from schemas.speech_events import ProvisionalSpeakersIdentified
from streams.attribution.state import (
    AttributeProvisionalWindow,
    Attribution,
    CompleteProvisionalVoices,
    Order,
    SessionJoin,
    became_attributable,
)

PROVISIONAL_WINDOWS = 15
"""Windows that are clustered for each provisional answer: five minutes of 20 s.

The cost of an answer does not grow with the session.
"""


def voiced(join: SessionJoin, window: int) -> SessionJoin:
    """Returns the session, which is not sealed yet, after a window got its voices."""
    windows = add(join.voiced, window, window + 1)
    return _requested(replace(join, voiced=windows))


def answered(join: SessionJoin, event: ProvisionalSpeakersIdentified) -> SessionJoin:
    """Returns the session after an answer came; the next request may follow.

    An answer that covers no more windows than the one before changes nothing, nor does one that
    comes after the seal.
    """
    if join.sealed is not None or event.through <= join.answered_through:
        return join
    requested = max(join.requested_through, event.through)
    return _requested(replace(join, provisional=event, requested_through=requested))


def _requested(join: SessionJoin) -> SessionJoin:
    through = _voiced_from_the_start(join)
    if through <= join.answered_through or _waits_for_an_answer(join, through):
        return join
    return replace(join, requested_through=through)


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


def announce(before: Attribution, after: Attribution, cause: Event) -> list[Order]:
    """Returns the windows that the newest answer gives speakers to, then the next request."""
    answered_through = before.known.answered_through
    windows = range(answered_through, after.known.answered_through)
    orders = became_attributable(before, after, cause, windows, _attributable)
    through = after.known.requested_through
    if through > max(before.known.requested_through, after.known.answered_through):
        orders.append(_request(after, through))
    return orders


def _request(state: Attribution, through: int) -> CompleteProvisionalVoices:
    first = max(0, through - PROVISIONAL_WINDOWS)
    voices = state.voices_of(range(first, through))
    former = state.known.provisional.turns if state.known.provisional else None
    return CompleteProvisionalVoices(state.session_id, first, through, voices, former)


def _attributable(state: Attribution, window: int) -> AttributeProvisionalWindow | None:
    answer = state.known.provisional
    words = state.words(window)
    if answer is None or words is None or words.result is None:
        return None
    if not answer.through - PROVISIONAL_WINDOWS <= window < answer.through:
        return None
    return AttributeProvisionalWindow(state.session_id, window, words.result, answer.turns)
