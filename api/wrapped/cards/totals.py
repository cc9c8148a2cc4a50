"""How much there was: counts, words, sessions, talk, active days, and how that compares with the period before."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.figures import rate
from api.wrapped.card import Card, Said, Told


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any]:
    """Totals, and `change`: counts and words less those of the period before; null when nothing was before."""
    now, before = _of(told.said), _of(told.before)
    change = (
        {name: now[name] - before[name] for name in ("counts", "words")}
        if before["words"] or before["counts"]
        else None
    )
    return {**now, "change": change}


def _of(said: Sequence[Said]) -> dict[str, Any]:
    counts, words = sum(s.count for s in said), sum(s.spoken for s in said)
    return {
        "counts": counts,
        "words": words,
        "distinct_words": len({word for s in said for word in s.words}),
        "sessions": len({s.session_id for s in said}),
        "talk_s": sum(s.talk_ms for s in said) / 1000,
        "active_days": len({s.day for s in said}),
        "rate_per_1000": rate(counts, words),
    }


CARD = Card(
    "totals",
    "A count is a lexicon word in its Singlish sense, said by a voice that you claimed, on the day it was said (days end at 04:00).",
    ("voices",),
    shape,
)
