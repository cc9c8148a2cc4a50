"""Days in a row with a count."""

from datetime import date, timedelta

from api.wrapped.card_models import Streak
from api.wrapped.input import WrappedInput

DAY = timedelta(days=1)
HOW = "The most days in a row on which you said at least one counted word."


def shape(given: WrappedInput) -> Streak:
    """The longest run of consecutive days with a count; the earliest of equal ones."""
    with_a_count = {credit.day for credit in given.current if credit.count}
    best: list[date] = []
    run: list[date] = []
    for day in sorted(with_a_count):
        follows = bool(run) and day == run[-1] + DAY
        run = [*run, day] if follows else [day]
        if len(run) > len(best):
            best = run
    if not best:
        return Streak(days=0, first=None, last=None)
    return Streak(days=len(best), first=best[0], last=best[-1])
