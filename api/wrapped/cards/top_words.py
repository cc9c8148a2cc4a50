"""The ten words said most, with their share and how that changed; the favourite among them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from api.wrapped.card import Card, Told

MOST = 10


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any]:
    """`top`: word, emoji, count, share of all counts, change to the period before. `favourite`: the first; null without data."""
    now, before = told.words, Counter[str]()
    for said in told.before:
        before.update(said.words)
    emoji = {row["word"]: row["emoji"] for row in told.answers["emoji"]}
    total = sum(now.values())
    top = [
        {
            "word": word,
            "emoji": emoji.get(word, ""),
            "count": count,
            "share": round(count / total, 4),
            "change": count - before[word],
        }
        for word, count in list(now.items())[:MOST]
    ]
    return {"top": top, "favourite": top[0]["word"] if top else None}


CARD = Card(
    "top_words",
    "The words you said most; equal ones in the order of the alphabet.",
    ("voices",),
    shape,
)
