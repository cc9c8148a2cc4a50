"""The user's place among everyone."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from api.figures import percent
from api.wrapped.card_models import Percentile
from api.wrapped.input import WrappedInput
from api.wrapped.rows import CohortRow, InCohortRow

LEAST_PEOPLE = 20
"""In a smaller cohort a percentile would say too much about the others."""
HOW = (
    "Other active people of the period who said strictly fewer counted words, from a snapshot "
    "renewed daily; shown from 20 people on."
)


@dataclass(frozen=True)
class Place:
    """The people of a snapshot, and how many of them have fewer counts than the user."""

    people: int
    fewer: int

    @property
    def others(self) -> int:
        """All of the people but the user."""
        return self.people - 1


def shape(given: WrappedInput) -> Percentile | None:
    """From the snapshot of the period; None when `shown` has no place."""
    found = shown(given)
    if found is None:
        return None
    return Percentile(
        percentile=percent(found.fewer, found.others),
        people=found.people,
    )


def shown(given: WrappedInput) -> Place | None:
    """The user's exact place; None when the user is not in the snapshot, or in a small one."""
    found = place(given.rows.cohort, given.rows.in_cohort)
    if found is None or found.people < LEAST_PEOPLE:
        return None
    return found


def place(cohorts: Sequence[CohortRow], users: Sequence[InCohortRow]) -> Place | None:
    """The user's place in the snapshot; None when there is no snapshot, or the user is not in it.

    Both queries answer with one row at most.
    """
    if not cohorts or not users:
        return None
    cohort = cohorts[0]
    own_count = _own_count(cohort, users[0])
    if not own_count:
        return None
    with_fewer = bisect_left(cohort.totals, own_count)
    return Place(people=sum(cohort.people), fewer=sum(cohort.people[:with_fewer]))


def _own_count(cohort: CohortRow, user: InCohortRow) -> int:
    """The user's counts in this snapshot; 0 when they are not in it.

    A user's row may be of the next snapshot, which is being taken or is newer than the one that
    was kept. It has the counts of before as well, so the place is always of one snapshot.
    """
    is_of_next = user.snapshot > cohort.snapshot
    return user.former if is_of_next else user.total
