"""A name for how one talks, by the favourite word."""

from collections.abc import Mapping
from typing import Any

from api.wrapped.card import Card, Told

NAMES = {
    "lah": "Classic Singaporean", "walao": "Dramatic One", "shiok": "Foodie", "paiseh": "Polite One", "cheem": "Intellectual",
    "lepak": "Chill One", "steady": "Reliable One", "bojio": "FOMO Friend", "kiasu": "Competitive One",
}  # fmt: skip
ELSE = "Singlish Speaker"


def shape(_: Told, done: Mapping[str, Any]) -> dict[str, Any] | None:
    """By the favourite word, and among equal favourites the first of the list; null without one."""
    top = done["top_words"]["top"]
    if not top:
        return None
    equal = [row["word"] for row in top if row["count"] == top[0]["count"]]
    word = next((word for word in NAMES if word in equal), top[0]["word"])
    return {
        "name": f"The {NAMES.get(word, ELSE)}",
        "because": word,
        "rule": f"favourite word: {word}",
    }


CARD = Card(
    "personality",
    "Decided by your favourite word alone; the rule is shown with it.",
    (),
    shape,
    after=("top_words",),
)
