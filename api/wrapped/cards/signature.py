"""The word that sets one apart from everyone."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from api.wrapped.card_models import Signature
from api.wrapped.input import WrappedInput
from api.wrapped.log_odds import most_telling
from api.wrapped.rows import WordTotalOfEveryone

HOW = (
    "The word you say more than chance would have you say it, "
    "against everyone's words of the period, on days on which five people or more said them."
)


def shape(given: WrappedInput) -> Signature | None:
    """None when no word was said three times, or when too few others said one."""
    own = _own_by_word(given)
    everyone: dict[str, int] = {}
    for row in given.rows.everyone:
        mine = given.words.get(row.word, 0)
        everyone[row.word] = mine + _of_others(row, own)
    best = most_telling(given.words, everyone)
    if best is None:
        return None
    return Signature(word=best.word, z=best.z)


def _own_by_word(given: WrappedInput) -> dict[str, Counter[date]]:
    """The user's counts of each word, by day."""
    own: dict[str, Counter[date]] = defaultdict(Counter)
    for credit in given.current:
        for word, count in credit.words.items():
            own[word][credit.day] += count
    return own


def _of_others(row: WordTotalOfEveryone, own: Mapping[str, Counter[date]]) -> int:
    """Published counts without one's own, which may be newer than the published ones."""
    mine = own.get(row.word)
    if mine is None:
        return row.total
    mine_published = sum(mine[day] for day in set(row.days))
    return max(0, row.total - mine_published)
