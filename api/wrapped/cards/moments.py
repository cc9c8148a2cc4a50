"""The first word, the densest minute, the longest combo."""

import numpy as np

from api.wrapped.card_models import Densest, FirstWord, Moments
from api.wrapped.input import WrappedInput
from api.wrapped.word_times import WordTimes

PEAK_MS = 60_000
COMBO_MS = 10_000
FAR_MS = 10**14
"""More than any Unix time. Sessions are put so far apart on one line of time that no span reaches
from one into the next."""
HOW = "Peak: the most counted words in any 60 seconds of one session. Combo: in any 10 seconds."


def shape(given: WrappedInput) -> Moments:
    """All null without counts."""
    times = given.times
    if not len(times):
        return Moments(first=None, peak=None, combo=None)
    return Moments(
        first=_first(times),
        peak=_densest(times, PEAK_MS),
        combo=_densest(times, COMBO_MS),
    )


def _first(times: WordTimes) -> FirstWord:
    """The earliest word; of equal ones that of the session, then of the word, first by name."""
    said_ms = int(times.said_ms.min())
    earliest = np.flatnonzero(times.said_ms == said_ms)
    words = [(times.session_id(n), times.words[n]) for n in earliest.tolist()]
    session_id, word = min(words)
    return FirstWord(
        word=word,
        session_id=session_id,
        said_ms=said_ms,
    )


def _densest(times: WordTimes, within_ms: int) -> Densest:
    """Most counts in [t, t + within_ms); of equal ones the earliest, then by session id."""
    line = times.session * FAR_MS + times.said_ms
    ends = np.searchsorted(line, line + within_ms)
    counts = ends - np.arange(len(line))
    most = np.flatnonzero(counts == counts.max())
    order = np.lexsort((times.session[most], times.said_ms[most]))
    best = most[order[0]]
    return Densest(
        counts=int(counts[best]),
        session_id=times.session_id(best),
        from_ms=int(times.said_ms[best]),
    )
