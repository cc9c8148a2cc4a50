"""A user's Wrapped, made from the warehouse's answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.warehouse import Queries, R
from api.date_range import DateRange
from api.lexicon import LEXICON, LexiconRow
from api.side_by_side import SideBySide
from api.users.queries import NAMES
from api.users.rows import NamedRow
from api.wrapped import queries, rows
from api.wrapped.input import WrappedInput, WrappedRows, wrapped_input
from api.wrapped.models import Wrapped
from api.wrapped.story import wrapped
from schemas.ids import UserId
from schemas.limits import LEAST_PUBLISHED

QUERY_THREADS = 8
"""Queries at a time, over all callers: each waits for the warehouse far longer than it works."""
PERIOD = ("first", "last")
SHARED = {queries.EVERYONE: (*PERIOD, "least"), queries.COHORT: PERIOD, LEXICON: ()}
"""Queries that are not about the user, with their parameters: one answer serves everybody."""


class WrappedStories:
    """Blocking. TransientError when the warehouse is away."""

    def __init__(self, warehouse: Queries) -> None:
        self._warehouse = warehouse
        self._threads = SideBySide("wrapped", QUERY_THREADS)

    def story(self, user: UserId, period: str, days: DateRange) -> Wrapped:
        """The user's period in cards. `period` is how the caller named the days."""
        given = self._input(user, days)
        company = list(given.company)
        names = self._threads.start(lambda: self._names(company))
        return wrapped(user, period, given, names)

    def name(self, user: UserId) -> str:
        """The name that the user chose; empty when there is none."""
        return self._names([user]).get(user, "")

    def _input(self, user: UserId, days: DateRange) -> WrappedInput:
        parameters = {"user": user, "least": LEAST_PUBLISHED, **days.parameters()}
        voices = self._start(queries.VOICES, parameters, rows.VoiceRow)
        cohort = self._start(queries.COHORT, parameters, rows.CohortRow)
        in_cohort = self._start(queries.IN_COHORT, parameters, rows.InCohortRow)
        everyone = self._start(queries.EVERYONE, parameters, rows.WordTotalOfEveryone)
        lexicon = self._start(LEXICON, parameters, LexiconRow)
        answers = WrappedRows(
            voices=voices(),
            cohort=cohort(),
            in_cohort=in_cohort(),
            everyone=everyone(),
            lexicon=lexicon(),
        )
        return wrapped_input(answers, days)

    def _start(
        self, sql: str, parameters: Mapping[str, Any], row: type[R]
    ) -> Callable[[], list[R]]:
        return self._threads.start(lambda: self._warehouse.query(sql, parameters, row=row))

    def _names(self, users: Sequence[UserId]) -> dict[UserId, str]:
        if not users:
            return {}
        result = self._warehouse.query(NAMES, {"users": list(users)}, row=NamedRow)
        return {row.user_id: row.display_name for row in result}
