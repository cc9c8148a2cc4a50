"""The user's place among everyone."""

from api.wrapped.card_models import Percentile
from api.wrapped.input import WrappedInput

LEAST_PEOPLE = 20
"""In a smaller cohort a percentile would say too much about the others."""
HOW = (
    "Other active people of the period who said strictly fewer counted words, from a snapshot "
    "renewed daily; shown from 20 people on."
)


def shape(given: WrappedInput) -> Percentile | None:
    """From the snapshot of the period; None when the user is not in it, or in a small one."""
    if not given.rows.cohort:
        return None
    cohort = given.rows.cohort[0]
    if cohort.people < LEAST_PEOPLE:
        return None
    return Percentile(
        percentile=round(100 * cohort.fewer / (cohort.people - 1), 1),
        people=cohort.people,
    )
