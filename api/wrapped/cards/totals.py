"""Counts, words, sessions, talk and active days, and how they compare with the period before."""

from collections.abc import Sequence

from api.figures import rate
from api.wrapped.card_models import Change, Totals
from api.wrapped.day_credits import DayCredit
from api.wrapped.input import WrappedInput

HOW = (
    "A count is a lexicon word in its Singlish sense, said by a voice that you claimed, "
    "on the day it was said (days end at 04:00)."
)


def shape(given: WrappedInput) -> Totals:
    """Totals of the period."""
    counts = _counts(given.current)
    words = _words(given.current)
    sessions = {credit.session_id for credit in given.current}
    days = {credit.day for credit in given.current}
    talk_ms = sum(credit.talk_ms for credit in given.current)
    return Totals(
        counts=counts,
        words=words,
        distinct_words=len(given.words),
        sessions=len(sessions),
        talk_s=talk_ms / 1000,
        active_days=len(days),
        rate_per_1000=rate(counts, words),
        change=_change(given),
    )


def _change(given: WrappedInput) -> Change | None:
    """The period less the one before; None when nothing was before."""
    counts = _counts(given.previous)
    words = _words(given.previous)
    if not counts and not words:
        return None
    return Change(
        counts=_counts(given.current) - counts,
        words=_words(given.current) - words,
    )


def _counts(days: Sequence[DayCredit]) -> int:
    return sum(credit.count for credit in days)


def _words(days: Sequence[DayCredit]) -> int:
    return sum(credit.spoken for credit in days)
