"""The questions of the read side, timed over both shapes."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from adapters.warehouse import Warehouse
from api.date_range import DateRange
from api.groups.service import Groups
from api.shared_query_cache import SharedQueryCache
from api.wrapped import queries
from api.wrapped.service import SHARED, WrappedStories
from deploy.benchmark.warehouse.load import DAYS, FIRST, GROUP_SIZE
from schemas.ids import UserId

LAST = FIRST + timedelta(days=DAYS - 1)
YEAR = {"first": FIRST.isoformat(), "last": LAST.isoformat()}
WARM, TIMES, NAIVE_TIMES = 10, 200, 5

TREND = """
SELECT day, sum(count) AS counts FROM word_daily FINAL
WHERE word = {word:String} AND day BETWEEN toDate({first:String}) AND toDate({last:String}) GROUP BY day ORDER BY day
"""
BETWEEN = "day BETWEEN toDate({first:String}) AND toDate({last:String})"


def _naive(*asked: str) -> tuple[str, ...]:
    return tuple(question.replace("BETWEEN", BETWEEN) for question in asked)


COUNTS = "SELECT user_id, count() AS n FROM naive_words WHERE BETWEEN GROUP BY user_id"
NAIVE = {
    "Wrapped, all cards": _naive(
        "SELECT day, session_id, word, count() AS n FROM naive_words WHERE user_id = {user:String} AND BETWEEN GROUP BY day, session_id, word",
        "SELECT session_id, word, said_at FROM naive_words WHERE user_id = {user:String} AND BETWEEN ORDER BY said_at",
        "SELECT word, count() AS n FROM naive_words WHERE BETWEEN GROUP BY word",
        """SELECT user_id, uniqExact(session_id) AS n FROM naive_words WHERE BETWEEN
           AND session_id IN (SELECT session_id FROM naive_words WHERE user_id = {user:String}) GROUP BY user_id ORDER BY n DESC LIMIT 5""",
        COUNTS,
    ),
    "percentile": _naive(COUNTS),
    "one word by day over a year": _naive(
        "SELECT day, count() AS n FROM naive_words WHERE word = {word:String} AND BETWEEN GROUP BY day ORDER BY day"
    ),
    "group board": _naive(
        "SELECT user_id, count() AS n FROM naive_words WHERE user_id IN {members:Array(String)} AND BETWEEN GROUP BY user_id"
    ),
}
"""What the same answers cost where every word is a row in order of time."""


@dataclass(frozen=True)
class Timed:
    """Milliseconds of one question over both shapes."""

    question: str
    p50_ms: float
    p99_ms: float
    naive_ms: float

    @property
    def times_faster(self) -> float:
        """Than the naive shape, at the median."""
        return self.naive_ms / self.p50_ms


def ask_all(
    ours: Warehouse,
    naive: Warehouse,
    people: int,
    words: Sequence[str],
    seen: Callable[[str], None],
) -> list[Timed]:
    """Blocking: each question for many people, after a few that warm it up; as the read side is composed, and with all threads to the naive table."""
    dice = random.Random(7)  # noqa: S311
    stories = WrappedStories(SharedQueryCache(ours, SHARED))
    groups = Groups(ours)
    days = DateRange(FIRST, LAST)

    def who() -> dict[str, Any]:
        g = dice.randrange(people // GROUP_SIZE)
        members = [f"person-{g * GROUP_SIZE + k}" for k in range(GROUP_SIZE)]
        group_id = f"00000000-0000-4000-8000-{g:012x}"
        return {
            **YEAR,
            "user": members[dice.randrange(GROUP_SIZE)],
            "members": members,
            "word": dice.choice(words),
            "group_id": group_id,
        }

    calls: dict[str, Callable[[dict[str, Any]], object]] = {
        "Wrapped, all cards": lambda a: stories.story(UserId(a["user"]), "year", days),
        "percentile": lambda a: ours.query(queries.COHORT, a),
        "one word by day over a year": lambda a: ours.query(TREND, a),
        "group board": lambda a: groups.leaderboard(a["group_id"], UserId(a["user"]), days),
    }
    found = []
    for question, call in calls.items():
        seen(question)
        took = _times(lambda call=call: call(who()), WARM, TIMES)  # type: ignore[misc]
        plain = NAIVE[question]
        slow = _times(lambda plain=plain: [naive.query(q, who()) for q in plain], 1, NAIVE_TIMES)  # type: ignore[misc]
        found.append(
            Timed(
                question,
                statistics.median(took),
                statistics.quantiles(took, n=100)[-1],
                statistics.median(slow),
            )
        )
    return found


def _times(call: Callable[[], object], warm: int, times: int) -> list[float]:
    for _ in range(warm):
        call()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - began))
    return took
