"""The one fact of a share card: it is true of the figures behind it."""

from typing import Any

from api.shares.fact import fact
from api.wrapped.card_models import TopWord, TopWords
from tests.unit.test_share_card import EXAMPLE, wrapped


def test_ten_of_ten_is_said_of_all_of_them_alone() -> None:
    """Before, of 96 in a hundred too."""
    moments = EXAMPLE.cards.moments.model_copy(update={"combo": None})
    said: dict[str, Any] = {"percentile": None, "signature": None, "moments": moments}
    slow = EXAMPLE.cards.totals.model_copy(update={"counts": 100, "talk_s": 9_000.0})
    streak = EXAMPLE.cards.streak.model_copy(update={"days": 1})

    def told(count: int) -> str:
        top = [TopWord(word="lah", count=count, emoji="", share=count / 100, change=0)]
        top_words = TopWords(top=top, favourite="lah")
        return fact(wrapped(**said, totals=slow, streak=streak, top_words=top_words))

    assert [told(count) for count in (100, 96, 45, 40)] == [
        f"{n} of 10 of them are “lah”" for n in (10, 9, 5, 4)
    ]
