"""The queries of the read side, timed over both shapes."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from adapters.warehouse import Warehouse
from api.date_range import DateRange
from api.groups.service import Groups
from api.shared_query_cache import SharedQueryCache
from api.wrapped.service import SHARED, WrappedStories
from deploy.benchmark.reports import percentile
from deploy.benchmark.warehouse.cohorts import place_in_cohort
from deploy.benchmark.warehouse.made_up_year import DAYS, FIRST, GROUP_SIZE
from schemas.ids import UserId

LAST = FIRST + timedelta(days=DAYS - 1)
YEAR = DateRange(FIRST, LAST)
WARM = 10
"""Calls before the first one that is timed."""
TIMES = 200
NAIVE_TIMES = 5
IN_YEAR = "day BETWEEN toDate({first:String}) AND toDate({last:String})"
TREND = f"""
SELECT day, sum(count) AS counts FROM word_daily FINAL
WHERE word = {{word:String}} AND {IN_YEAR} GROUP BY day ORDER BY day
"""
OF_USER = f"user_id = {{user:String}} AND {IN_YEAR}"
COUNTS = f"SELECT user_id, count() AS n FROM naive_words WHERE {IN_YEAR} GROUP BY user_id"
OWN_SESSIONS = "SELECT session_id FROM naive_words WHERE user_id = {user:String}"
NAIVE_WRAPPED = (
    f"""
SELECT day, session_id, word, count() AS n FROM naive_words
WHERE {OF_USER} GROUP BY day, session_id, word
""",
    f"SELECT session_id, word, said_at FROM naive_words WHERE {OF_USER} ORDER BY said_at",
    f"SELECT word, count() AS n FROM naive_words WHERE {IN_YEAR} GROUP BY word",
    f"""
SELECT user_id, uniqExact(session_id) AS n FROM naive_words
WHERE {IN_YEAR} AND session_id IN ({OWN_SESSIONS}) GROUP BY user_id ORDER BY n DESC LIMIT 5
""",
    COUNTS,
)
NAIVE_TREND = f"""
SELECT day, count() AS n FROM naive_words
WHERE word = {{word:String}} AND {IN_YEAR} GROUP BY day ORDER BY day
"""
NAIVE_BOARD = f"""
SELECT user_id, count() AS n FROM naive_words
WHERE user_id IN {{members:Array(String)}} AND {IN_YEAR} GROUP BY user_id
"""


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


@dataclass(frozen=True)
class Asked:
    """One question's parameters: a user, the user's group, and a word."""

    first: str
    last: str
    user: str
    members: list[str]
    group_id: str
    word: str


@dataclass(frozen=True)
class Question:
    """One question: its answer from our tables, and the queries that a naive table needs."""

    name: str
    ours: Callable[[Asked], object]
    naive: tuple[str, ...]


def ask_all(
    ours: Warehouse,
    naive: Warehouse,
    people: int,
    words: Sequence[str],
    seen: Callable[[str], None],
) -> list[Timed]:
    """Time each question for many people, after a few calls that warm it up. Blocking.

    `ours` is composed as the read side composes it; `naive` may use all threads.
    """
    asked = _asked(people, words)
    found = []
    for question in _questions(ours):
        seen(question.name)
        found.append(_timed(question, naive, asked))
    return found


def _questions(ours: Warehouse) -> list[Question]:
    shared = SharedQueryCache(ours, SHARED)
    stories = WrappedStories(shared)
    groups = Groups(ours)

    def wrapped(asked: Asked) -> object:
        return stories.story(UserId(asked.user), "year", YEAR)

    def percentile(asked: Asked) -> object:
        return place_in_cohort(ours, shared, asdict(asked))

    def trend(asked: Asked) -> object:
        return ours.query(TREND, asdict(asked))

    def board(asked: Asked) -> object:
        return groups.leaderboard(asked.group_id, UserId(asked.user), YEAR)

    return [
        Question("Wrapped, all cards", wrapped, NAIVE_WRAPPED),
        Question("percentile", percentile, (COUNTS,)),
        Question("one word by day over a year", trend, (NAIVE_TREND,)),
        Question("group board", board, (NAIVE_BOARD,)),
    ]


def _asked(people: int, words: Sequence[str]) -> Iterator[Asked]:
    """Yield parameters without end; the same ones in every run."""
    dice = random.Random(7)  # noqa: S311 - a choice of questions, not a secret
    while True:
        group = dice.randrange(people // GROUP_SIZE)
        members = [f"person-{group * GROUP_SIZE + k}" for k in range(GROUP_SIZE)]
        yield Asked(
            first=FIRST.isoformat(),
            last=LAST.isoformat(),
            user=dice.choice(members),
            members=members,
            group_id=f"00000000-0000-4000-8000-{group:012x}",
            word=dice.choice(words),
        )


def _timed(question: Question, naive: Warehouse, asked: Iterator[Asked]) -> Timed:
    def ask_naive(parameters: Asked) -> None:
        for query in question.naive:
            naive.query(query, asdict(parameters))

    took_ms = _times(question.ours, asked, WARM, TIMES)
    naive_ms = _times(ask_naive, asked, 1, NAIVE_TIMES)
    return Timed(
        question=question.name,
        p50_ms=statistics.median(took_ms),
        p99_ms=percentile(took_ms, 99),
        naive_ms=statistics.median(naive_ms),
    )


def _times(
    call: Callable[[Asked], object], asked: Iterator[Asked], warm: int, times: int
) -> list[float]:
    """Return the milliseconds of each call after the first `warm`."""
    took_ms = []
    for _ in range(warm + times):
        parameters = next(asked)
        began = time.perf_counter()
        call(parameters)
        took_ms.append(1000 * (time.perf_counter() - began))
    return took_ms[warm:]
