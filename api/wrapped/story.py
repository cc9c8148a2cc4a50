"""Pure: the cards of a Wrapped, in the order in which they build on each other."""

from collections.abc import Callable, Mapping

from api.wrapped.cards import (
    badges,
    clock,
    company,
    fun_facts,
    moments,
    months,
    percentile,
    personality,
    sessions,
    signature,
    streak,
    top_words,
    totals,
)
from api.wrapped.input import WrappedInput
from api.wrapped.models import LEAST_COUNTS, Cards, Missing, Wrapped
from schemas.ids import UserId

Names = Callable[[], Mapping[UserId, str]]
"""The names of the people in `WrappedInput.company`, as far as they have one. May block."""
HOW = {
    "badges": badges.HOW,
    "clock": clock.HOW,
    "company": company.HOW,
    "fun_facts": fun_facts.HOW,
    "moments": moments.HOW,
    "months": months.HOW,
    "percentile": percentile.HOW,
    "personality": personality.HOW,
    "sessions": sessions.HOW,
    "signature": signature.HOW,
    "streak": streak.HOW,
    "top_words": top_words.HOW,
    "totals": totals.HOW,
}


def cards(given: WrappedInput, names: Names) -> Cards:
    """All cards. `names` is called last: the warehouse answers while the other cards are made."""
    totals_card = totals.shape(given)
    moments_card = moments.shape(given)
    return Cards(
        badges=badges.shape(given),
        clock=clock.shape(given),
        fun_facts=fun_facts.shape(given, totals_card, moments_card),
        moments=moments_card,
        months=months.shape(given),
        percentile=percentile.shape(given),
        personality=personality.shape(given),
        sessions=sessions.shape(given),
        signature=signature.shape(given),
        streak=streak.shape(given),
        top_words=top_words.shape(given),
        totals=totals_card,
        company=company.shape(given, names()),
    )


def wrapped(user: UserId, period: str, given: WrappedInput, names: Names) -> Wrapped:
    """The whole story. With too few counts it says how many are missing."""
    made = cards(given, names)
    counts = made.totals.counts
    return Wrapped(
        user=user,
        period=period,
        first=given.days.first,
        last=given.days.last,
        state="ready" if counts >= LEAST_COUNTS else "warming_up",
        missing=Missing(counts=max(0, LEAST_COUNTS - counts)),
        cards=made,
        how=HOW,
        data_version=next((row.version for row in given.rows.lexicon), ""),
    )
