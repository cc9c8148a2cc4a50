"""A span of days, as the questions of the read side use it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from schemas.limits import FIRST_DAY

DAY = timedelta(days=1)


@dataclass(frozen=True)
class DateRange:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.first <= day <= self.last

    def parameters(self) -> dict[str, str]:
        """The parameters `first` and `last` of a query."""
        return {"first": self.first.isoformat(), "last": self.last.isoformat()}

    def before(self) -> Self | None:
        """The period before, ending the day before the first; None where the warehouse begins.

        Of whole months as many months, so that the numbers are those of the stories of these
        months. Of other days as many days.
        """
        if self.first <= FIRST_DAY:
            return None
        first = max(FIRST_DAY, self._first_before())
        return type(self)(first, self.first - DAY)

    def _first_before(self) -> date:
        after = self.last + DAY
        if self.first.day == after.day == 1:
            months = month_number(after) - month_number(self.first)
            return first_of(month_number(self.first) - months)
        return self.first - (after - self.first)


def month_number(day: date) -> int:
    """Months since the year 0."""
    return 12 * day.year + day.month - 1


def first_of(month: int) -> date:
    """The first day of a month, by its number."""
    return date(month // 12, month % 12 + 1, 1)
