"""Small sentences over the numbers; each says only what the numbers say."""

from collections import Counter
from datetime import date

from api.wrapped.card_models import BestDay, Combo, Moments, OneEvery, Totals
from api.wrapped.input import WrappedInput

LEAST_TALK_S = 60
LEAST_COMBO = 3
HOW = "Made from the other figures of this page."


def shape(
    given: WrappedInput, totals: Totals, moments: Moments
) -> list[BestDay | OneEvery | Combo]:
    """The best day, how often a word comes, and the combo; none without counts. Pages word them."""
    if not totals.counts:
        return []
    facts: list[BestDay | OneEvery | Combo] = [_best_day(given)]
    if totals.talk_s >= LEAST_TALK_S:
        facts.append(OneEvery(seconds=round(totals.talk_s / totals.counts, 1)))
    combo = moments.combo
    if combo and combo.counts >= LEAST_COMBO:
        facts.append(Combo(counts=combo.counts))
    return facts


def _best_day(given: WrappedInput) -> BestDay:
    counts: Counter[date] = Counter()
    for credit in given.current:
        counts[credit.day] += credit.count
    most = max(counts.values())
    best = min(day for day, count in counts.items() if count == most)
    return BestDay(day=best, counts=most)
