"""The word that sets one apart from everyone."""

from api.wrapped.card_models import Signature
from api.wrapped.input import WrappedInput
from api.wrapped.log_odds import most_telling

HOW = (
    "The word you say more than chance would have you say it, "
    "against everyone's words of the period."
)


def shape(given: WrappedInput) -> Signature | None:
    """None when no word was said three times, or when nobody else spoke."""
    everyone = {row.word: row.total for row in given.rows.everyone}
    best = most_telling(given.words, everyone)
    if best is None:
        return None
    return Signature(word=best.word, z=best.z)
