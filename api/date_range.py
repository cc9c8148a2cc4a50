"""A span of days, as the questions of the read side use it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


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
        """As many days, ending the day before the first; None where the calendar begins."""
        day = timedelta(days=1)
        length = self.last - self.first + day
        if self.first.toordinal() <= length.days:
            return None
        first = self.first - length
        last = self.first - day
        return type(self)(first, last)
