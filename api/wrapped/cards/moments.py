"""The first word, the densest minute, the longest combo."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from api.wrapped.card import Card, Told
from api.wrapped.moments import Moments

PEAK_MS, COMBO_MS = 60_000, 10_000
FAR_MS = 10**14
"""More than any Unix time: sessions laid so far apart on one line of time that no window reaches into the next."""


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any]:
    """`first`: when and what; `peak`: most counts in any 60 s of a session; `combo`: in any 10 s. Null without counts."""
    moments = told.moments
    if not len(moments):
        return {"first": None, "peak": None, "combo": None}
    earliest = np.flatnonzero(moments.said_ms == moments.said_ms.min()).tolist()
    session_id, word = min(
        (moments.sessions[moments.session[i]], moments.words[i]) for i in earliest
    )
    return {
        "first": {"word": word, "session_id": session_id, "said_ms": int(moments.said_ms.min())},
        "peak": _densest(moments, PEAK_MS),
        "combo": _densest(moments, COMBO_MS),
    }


def _densest(moments: Moments, within_ms: int) -> dict[str, Any]:
    """The most counts in [t, t + within_ms); of equal ones the earliest, then that of the session that comes first."""
    session, said_ms = moments.session, moments.said_ms
    line = session * FAR_MS + said_ms
    counts = np.searchsorted(line, line + within_ms) - np.arange(len(line))
    most = np.flatnonzero(counts == counts.max())
    best = most[np.lexsort((session[most], said_ms[most]))[0]]
    return {
        "counts": int(counts[best]),
        "session_id": moments.sessions[session[best]],
        "from_ms": int(said_ms[best]),
    }


CARD = Card(
    "moments",
    "Peak: the most counted words in any 60 seconds of one session. Combo: in any 10 seconds.",
    ("voices",),
    shape,
)
