"""The sink: how fast it drains what waits, how soon a word can be asked for, and what is left when it is killed all the while."""

import statistics
import time
from operator import itemgetter

from adapters.warehouse import Warehouse
from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from deploy.benchmark.event_load import Told, counted, drained, sent
from deploy.benchmark.measurement import Measurement
from deploy.devstack.running_stack import RunningStack
from schemas import topics

COUNTED_EVENTS, ROWS_EACH = 40_000, 25
BARE_EVENTS, BARE_ROWS = 8_000, 100_000
ONE_BY_ONE, APART_S, LOOK_S = 200, 0.25, 0.02
DAY = "2031-05-05"
"""Of words that nobody else says."""
IN_FACTS = "SELECT DISTINCT word FROM word_events WHERE day = toDate({day:String}) AND word IN {words:Array(String)}"
IN_ROLLUP = "SELECT word FROM word_daily FINAL WHERE day = toDate({day:String}) AND word IN {words:Array(String)} AND count > 0"


def sink(stack: RunningStack) -> list[Measurement]:
    """A million rows that wait, against a bare insert of such rows."""
    stack.stack.supervisor.stop(["streams"])
    events: list[Told] = [
        (topics.COUNTED, counted(["lah"] * ROWS_EACH)) for _ in range(COUNTED_EVENTS)
    ]
    seconds = drained(stack, events, "sink")
    rows = COUNTED_EVENTS * ROWS_EACH
    how = f"{rows} rows of {COUNTED_EVENTS} events, topic to acknowledged by ClickHouse, fsync on"
    bare = (
        BARE_EVENTS
        * ROWS_EACH
        / _bare(
            stack,
            [Record(topic, 0, n, event) for n, (topic, event) in enumerate(events[:BARE_EVENTS])],
        )
    )
    ready = "some of these rows, ready made, by the same client into the same table, 100,000 an insert: nothing read, decoded or committed"
    ratio = Measurement("sink to a bare insert", f"{rows / seconds / bare:.2f}", "both of this run")
    return [
        Measurement("sink", f"{rows / seconds:.0f} rows/s", how),
        Measurement("a bare insert", f"{bare:.0f} rows/s", ready),
        ratio,
    ]


def _bare(stack: RunningStack, records: list[Record]) -> float:
    warehouse = Warehouse(stack.settings)
    found = [row for record in records for table, row in rows_of(record) if table == "word_events"]
    columns = sorted(found[0])
    rows = list(map(itemgetter(*columns), found))
    began = time.perf_counter()
    for start in range(0, len(rows), BARE_ROWS):
        warehouse.insert("word_events", columns, rows[start : start + BARE_ROWS])
    return time.perf_counter() - began


def freshness(stack: RunningStack) -> list[Measurement]:
    """From a count on its topic to a row that can be asked for, at low load: in the facts, and in the day's rollup."""
    warehouse, sent_at = Warehouse(stack.settings), dict[str, float]()
    waits: dict[str, dict[str, float]] = {IN_FACTS: {}, IN_ROLLUP: {}}
    for n in range(ONE_BY_ONE):
        word = f"word{n}"
        sent(stack, [(topics.COUNTED, counted([word], DAY))])
        sent_at[word] = time.perf_counter()
        _look(warehouse, sent_at, waits, time.perf_counter() + APART_S)
    deadline = time.perf_counter() + 30
    while (
        any(len(found) < ONE_BY_ONE for found in waits.values()) and time.perf_counter() < deadline
    ):
        _look(warehouse, sent_at, waits, time.perf_counter() + LOOK_S)
    return [_waited("facts", waits[IN_FACTS]), _waited("the day's rollup", waits[IN_ROLLUP])]


def _look(
    warehouse: Warehouse,
    sent_at: dict[str, float],
    waits: dict[str, dict[str, float]],
    until: float,
) -> None:
    while time.perf_counter() < until:
        for question, found in waits.items():
            if words := [word for word in sent_at if word not in found]:
                rows = warehouse.query(question, {"day": DAY, "words": words})
                found |= {row["word"]: time.perf_counter() - sent_at[row["word"]] for row in rows}
        time.sleep(LOOK_S)


def _waited(where: str, waits: dict[str, float]) -> Measurement:
    if len(waits) < ONE_BY_ONE:
        raise RuntimeError(f"{ONE_BY_ONE - len(waits)} of {ONE_BY_ONE} words never came to {where}")
    cuts = statistics.quantiles(waits.values(), n=20)
    value = f"p50 {cuts[9] * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms, worst {max(waits.values()) * 1000:.0f} ms"
    return Measurement(
        f"count to {where}",
        value,
        f"{ONE_BY_ONE} counts, one every {APART_S} s, from the broker's acknowledgement; asked for all the while",
    )
