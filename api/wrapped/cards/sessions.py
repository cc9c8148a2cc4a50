"""The longest session, and the most intense one."""

from collections import Counter
from collections.abc import Mapping

from api.figures import minutes
from api.wrapped.card_models import IntenseSession, LongestSession, SessionsCard
from api.wrapped.input import WrappedInput
from schemas.ids import SessionId

MINUTE_MS = 60_000
LEAST_TALK_MS = MINUTE_MS
"""Counts a minute of less talk than this say nothing."""
HOW = (
    "Longest by its recording; most intense by your counted words a minute of your own talk, "
    "from one minute on."
)


def shape(given: WrappedInput) -> SessionsCard:
    """Of equal ones the session that comes first by id; null when there is none."""
    lengths = _lengths_ms(given)
    rates = _counts_a_minute(given, lengths)
    return SessionsCard(
        longest=_longest(lengths),
        most_intense=_most_intense(rates),
    )


def _longest(lengths_ms: Mapping[SessionId, int]) -> LongestSession | None:
    session_id = _highest(lengths_ms)
    if session_id is None:
        return None
    return LongestSession(session_id=session_id, minutes=minutes(lengths_ms[session_id]))


def _most_intense(rates: Mapping[SessionId, float]) -> IntenseSession | None:
    session_id = _highest(rates)
    if session_id is None:
        return None
    counts_a_minute = round(rates[session_id], 2)
    return IntenseSession(session_id=session_id, counts_a_minute=counts_a_minute)


def _lengths_ms(given: WrappedInput) -> dict[SessionId, int]:
    """Sessions of the period in which the user still has a speaker."""
    present = {credit.session_id for credit in given.current}
    return {
        voice.session_id: voice.audio_ms
        for voice in given.rows.voices
        if voice.session_id in present and voice.time_zone
    }


def _counts_a_minute(
    given: WrappedInput, sessions: Mapping[SessionId, int]
) -> dict[SessionId, float]:
    counts: Counter[SessionId] = Counter()
    talk_ms: Counter[SessionId] = Counter()
    for credit in given.current:
        counts[credit.session_id] += credit.count
        talk_ms[credit.session_id] += credit.talk_ms
    return {
        name: counts[name] * MINUTE_MS / talk_ms[name]
        for name in sessions
        if talk_ms[name] >= LEAST_TALK_MS and counts[name]
    }


def _highest(values: Mapping[SessionId, float]) -> SessionId | None:
    best: SessionId | None = None
    for name in sorted(values):
        if best is None or values[name] > values[best]:
            best = name
    return best
