"""A user's Wrapped, made from the warehouse's answers."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from adapters.process.retry import TransientError
from adapters.warehouse import Queries, R
from api.date_range import DateRange
from api.lexicon import LEXICON, LexiconRow
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
STORY_S = 12.0
"""A caller waits for a query so long, in the queue and on the way. No thread asks for longer."""
PERIOD = ("first", "last")
SHARED = {queries.EVERYONE: (*PERIOD, "least"), queries.COHORT: PERIOD, LEXICON: ()}
"""Queries that are not about the user, with their parameters: one answer serves everybody."""

T = TypeVar("T")


class WrappedStories:
    """Blocking. TransientError when the warehouse is away."""

    def __init__(self, warehouse: Queries) -> None:
        self._warehouse = warehouse
        self._threads = ThreadPoolExecutor(QUERY_THREADS, thread_name_prefix="wrapped")

    def story(self, user: UserId, period: str, days: DateRange) -> Wrapped:
        """The user's period in cards. `period` is how the caller named the days."""
        given = self._input(user, days)
        company = list(given.company)
        names = self._threads.submit(self._names, company)
        return wrapped(user, period, given, lambda: _in_time(names))

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
        give_up_at_s = monotonic() + STORY_S

        def ask() -> list[R]:
            if monotonic() > give_up_at_s:
                raise TransientError("nobody waits for this query any more")
            return self._warehouse.query(sql, parameters, row=row)

        return partial(_in_time, self._threads.submit(ask))

    def _names(self, users: Sequence[UserId]) -> dict[UserId, str]:
        if not users:
            return {}
        result = self._warehouse.query(NAMES, {"users": list(users)}, row=NamedRow)
        return {row.user_id: row.display_name for row in result}


def _in_time(asked: Future[T]) -> T:
    """The answer of a query. TransientError when it does not come in time."""
    try:
        return asked.result(STORY_S)
    except TimeoutError:
        raise TransientError("the warehouse takes too long") from None
