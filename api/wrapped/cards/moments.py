"""The first word, the densest minute, the longest combo."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from api.wrapped.card import Card, Moment, Told

PEAK_MS, COMBO_MS = 60_000, 10_000
FAR_MS = 10**14
"""More than any Unix time: sessions laid so far apart on one line of time that no window reaches into the next."""


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any]:
    """`first`: when and what; `peak`: most counts in any 60 s of a session; `combo`: in any 10 s. Null without counts."""
    if not told.moments:
        return {"first": None, "peak": None, "combo": None}
    said_ms, session_id, word = min((said[0][0], session, said[0][1]) for session, said in told.moments.items())
    return {
        "first": {"word": word, "session_id": session_id, "said_ms": said_ms},
        "peak": _densest(told.moments, PEAK_MS),
        "combo": _densest(told.moments, COMBO_MS),
    }


def _densest(by_session: Mapping[str, Sequence[Moment]], within_ms: int) -> dict[str, Any]:
    """The most counts in [t, t + within_ms); of equal ones the earliest, then that of the session that comes first."""
    sessions = sorted(by_session)
    said_ms = np.array([moment[0] for session in sessions for moment in by_session[session]])
    index = np.repeat(np.arange(len(sessions)), [len(by_session[session]) for session in sessions])
    line = index * FAR_MS + said_ms
    counts = np.searchsorted(line, line + within_ms) - np.arange(len(line))
    most = np.flatnonzero(counts == counts.max())
    best = most[np.lexsort((index[most], said_ms[most]))[0]]
    return {"counts": int(counts[best]), "session_id": sessions[index[best]], "from_ms": int(said_ms[best])}


CARD = Card("moments", "Peak: the most counted words in any 60 seconds of one session. Combo: in any 10 seconds.", ("moments",), shape)
