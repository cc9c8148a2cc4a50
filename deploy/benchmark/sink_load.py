"""The sink: the rate at which it drains what waits, and how soon a word can be queried."""

import statistics
import time
from collections.abc import Sequence
from operator import itemgetter

from adapters.warehouse import Warehouse
from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from deploy.benchmark.event_load import Sent, counted, drained, publish
from deploy.benchmark.measurement import Measurement
from deploy.devstack.running_stack import RunningStack
from schemas import stages, topics

EVENTS = 40_000
ROWS_EACH = 25
BARE_EVENTS = 8_000
"""Events whose rows are inserted without the sink, for comparison."""
ROWS_AN_INSERT = 100_000
WORDS = 200
APART_S = 0.25
POLL_S = 0.02
LAST_WAIT_S = 30
DAY = "2031-05-05"
"""A day without other words."""
IN_FACTS = """
SELECT DISTINCT word FROM word_events
WHERE day = toDate({day:String}) AND word IN {words:Array(String)}
"""
IN_ROLLUP = """
SELECT word FROM word_daily FINAL
WHERE day = toDate({day:String}) AND word IN {words:Array(String)} AND count > 0
"""


def sink(stack: RunningStack) -> list[Measurement]:
    """Return the rate for a million rows that wait, beside that of a bare insert of such rows."""
    stack.stack.supervisor.stop(["streams"])
    events: list[Sent] = [(topics.COUNTED, counted(["lah"] * ROWS_EACH)) for _ in range(EVENTS)]
    rows = EVENTS * ROWS_EACH
    through_sink = rows / drained(stack, events, stages.SINK)
    bare = BARE_EVENTS * ROWS_EACH / _insert_bare(stack, events[:BARE_EVENTS])
    how = f"{rows} rows of {EVENTS} events, topic to acknowledged by ClickHouse, fsync on"
    bare_how = (
        "some of these rows, ready made, by the same client into the same table, "
        "100,000 an insert: nothing read, decoded or committed"
    )
    return [
        Measurement("sink", f"{through_sink:.0f} rows/s", how),
        Measurement("a bare insert", f"{bare:.0f} rows/s", bare_how),
        Measurement("sink to a bare insert", f"{through_sink / bare:.2f}", "both of this run"),
    ]


def _insert_bare(stack: RunningStack, events: Sequence[Sent]) -> float:
    """Return the seconds that the inserts take."""
    warehouse = Warehouse(stack.settings)
    found = []
    for offset, (topic, event) in enumerate(events):
        record = Record(topic, 0, offset, event)
        found += [row for table, row in rows_of(record) if table == "word_events"]
    columns = sorted(found[0])
    rows = list(map(itemgetter(*columns), found))
    began = time.perf_counter()
    for start in range(0, len(rows), ROWS_AN_INSERT):
        warehouse.insert(
            "word_events",
            columns,
            rows[start : start + ROWS_AN_INSERT],
        )
    return time.perf_counter() - began


def freshness(stack: RunningStack) -> list[Measurement]:
    """Return the time from a count on its topic to a row that can be queried, at low load."""
    watch = _Watch(Warehouse(stack.settings))
    for n in range(WORDS):
        word = f"word{n}"
        publish(stack, [(topics.COUNTED, counted([word], DAY))])
        watch.sent_at[word] = time.perf_counter()
        watch.look(APART_S)
    deadline = time.perf_counter() + LAST_WAIT_S
    while not watch.is_done() and time.perf_counter() < deadline:
        watch.look(POLL_S)
    facts = _measurement("facts", watch.waits[IN_FACTS])
    return [facts, _measurement("the day's rollup", watch.waits[IN_ROLLUP])]


class _Watch:
    """When words were sent, and by query how long each took to be found."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self.sent_at: dict[str, float] = {}
        self.waits: dict[str, dict[str, float]] = {IN_FACTS: {}, IN_ROLLUP: {}}

    def look(self, for_s: float) -> None:
        """Query again and again for `for_s` seconds."""
        deadline = time.perf_counter() + for_s
        while time.perf_counter() < deadline:
            for query, waits in self.waits.items():
                self._look(query, waits)
            time.sleep(POLL_S)

    def _look(self, query: str, waits: dict[str, float]) -> None:
        words = [word for word in self.sent_at if word not in waits]
        if not words:
            return
        for row in self._warehouse.query(query, {"day": DAY, "words": words}):
            word = row["word"]
            waits[word] = time.perf_counter() - self.sent_at[word]

    def is_done(self) -> bool:
        """Whether every word was found by every query."""
        return all(len(waits) == WORDS for waits in self.waits.values())


def _measurement(place: str, waits: dict[str, float]) -> Measurement:
    if len(waits) < WORDS:
        raise RuntimeError(f"{WORDS - len(waits)} of {WORDS} words never came to {place}")
    times_ms = [1000 * seconds for seconds in waits.values()]
    cuts = statistics.quantiles(times_ms, n=20)
    p50 = cuts[9]
    p95 = cuts[18]
    worst = max(times_ms)
    value = f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, worst {worst:.0f} ms"
    how = f"{WORDS} counts, one every {APART_S} s, from the broker's acknowledgement"
    return Measurement(f"count to {place}", value, how)
