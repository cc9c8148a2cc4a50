"""How new the warehouse is: the sink says it, the read side passes it on."""

from datetime import UTC, datetime

import pytest

from adapters.kafka.ends import Place
from adapters.process.retry import TransientError
from adapters.warehouse import Parameters, R
from api import freshness as reading
from consumers.sink import freshness as writing
from schemas.limits import DAY_MS
from tests.fakes import RecordedStatements

YEAR_MS = 365 * DAY_MS
ENDS: dict[Place, int] = {("topic", 0): 7}


class Sink:
    """A log with seven messages, and a sink that committed `done` of them."""

    def __init__(self) -> None:
        self.done = 0
        self.log = ENDS

    def ends(self) -> dict[Place, int]:
        return self.log

    def has_passed(self, ends: dict[Place, int]) -> bool:
        return all(self.done >= end for end in ends.values())


class Clock:
    """Unix milliseconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now_ms = 1_000

    def __call__(self) -> int:
        return self.now_ms


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def test_a_moment_counts_once_everything_that_was_there_is_written() -> None:
    sink = Sink()
    clock = Clock()
    warehouse = RecordedStatements()
    freshness = writing.Freshness(sink, warehouse, clock)
    freshness.look()
    clock.now_ms = 9_000
    freshness.look()
    assert warehouse.written == []
    sink.done = 7
    freshness.look()
    clock.now_ms = 10_000
    freshness.look()
    written = [rows for table, _, rows in warehouse.written if table == "freshness"]
    # Not 9_000: the sink was behind then.
    assert written == [[("sink", at(1_000))], [("sink", at(10_000))]]


def test_a_log_to_which_nothing_comes_is_looked_at_less_often() -> None:
    sink = Sink()
    sink.done = 7
    freshness = writing.Freshness(sink, RecordedStatements(), Clock())
    assert [freshness.look() for _ in range(3)] == [
        writing.EVERY_S,
        writing.IDLE_EVERY_S,
        writing.IDLE_EVERY_S,
    ]
    sink.log = {("topic", 0): 8}
    assert freshness.look() == writing.EVERY_S
    sink.done = 8
    assert freshness.look() == writing.EVERY_S


class Warehouse:
    """A warehouse with some moments, or none, or away."""

    def __init__(self) -> None:
        self.moments_ms: list[int] = []
        self.is_away = False

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        if self.is_away:
            raise TransientError("clickhouse is away")
        return [row(moment_ms) for moment_ms in self.moments_ms]


def test_answers_say_the_newest_moment_that_was_heard_of() -> None:
    warehouse = Warehouse()
    clock = Clock()
    freshness = reading.Freshness(warehouse, clock)
    assert freshness.look()
    assert (freshness.as_of(), freshness.complaint()) == ("", "")
    warehouse.moments_ms = [1_000, 500]
    assert freshness.look()
    warehouse.is_away = True
    assert not freshness.look()
    assert freshness.as_of() == "1970-01-01T00:00:01+00:00"


@pytest.mark.parametrize(("age_ms", "is_old"), [(60_000, False), (61_000, True)])
def test_operators_hear_of_old_numbers(age_ms: int, is_old: bool) -> None:
    warehouse = Warehouse()
    clock = Clock()
    warehouse.moments_ms = [clock.now_ms]
    freshness = reading.Freshness(warehouse, clock)
    freshness.look()
    clock.now_ms += age_ms
    assert bool(freshness.complaint()) == is_old


def test_a_moment_of_a_clock_that_was_ahead_hides_no_sink_that_stands_still() -> None:
    """Before, answers were as of next year until then, and nobody heard that they grew old."""
    warehouse = Warehouse()
    clock = Clock()
    warehouse.moments_ms = [clock.now_ms, clock.now_ms + YEAR_MS]
    freshness = reading.Freshness(warehouse, clock)
    freshness.look()
    assert freshness.as_of() == "1970-01-01T00:00:01+00:00"
    # The rows are merged into the one with the later time, until the sink writes the next.
    warehouse.moments_ms = [clock.now_ms + YEAR_MS]
    clock.now_ms += 61_000
    assert freshness.look()
    assert freshness.complaint()
