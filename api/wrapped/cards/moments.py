"""The first word, the densest minute, the longest combo."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from api.wrapped.card import Card, Moment, Told

PEAK_MS, COMBO_MS = 60_000, 10_000


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any]:
    """`first`: when and what; `peak`: most counts in any 60 s of a session; `combo`: in any 10 s. Null without counts."""
    moments = told.moments
    if not moments:
        return {"first": None, "peak": None, "combo": None}
    by_session = [list(rows) for _, rows in groupby(sorted(moments, key=_place), key=lambda moment: moment.session_id)]
    first = moments[0]
    return {
        "first": {"word": first.word, "session_id": first.session_id, "said_ms": first.said_ms},
        "peak": _densest(by_session, PEAK_MS),
        "combo": _densest(by_session, COMBO_MS),
    }


def _place(moment: Moment) -> tuple[str, int, str]:
    return moment.session_id, moment.said_ms, moment.word


def _densest(by_session: Sequence[Sequence[Moment]], within_ms: int) -> dict[str, Any]:
    """The most counts in [t, t + within_ms); of equal ones the earliest."""
    best = (0, 0, "")
    for rows in by_session:
        start = 0
        for end, row in enumerate(rows):
            while row.said_ms - rows[start].said_ms >= within_ms:
                start += 1
            if end - start + 1 >= -best[0]:  # most rows are not: only those that may be better are compared
                best = min(best, (-(end - start + 1), rows[start].said_ms, row.session_id))
    return {"counts": -best[0], "session_id": best[2], "from_ms": best[1]}


CARD = Card("moments", "Peak: the most counted words in any 60 seconds of one session. Combo: in any 10 seconds.", ("moments",), shape)
